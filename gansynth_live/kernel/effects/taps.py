"""The delay lines of each effect and the places where they are heard, laid out for a rate."""

from collections.abc import Iterator
from typing import NamedTuple

PLATE, ENSEMBLE, DELAY = EFFECTS = (0, 1, 2)

HIGHEST_RATE = 192_000  # Hz, that there is room for; at higher ones long delays end sooner

# J. Dattorro, Effect Design Part 1, JAES 45(9), 1997, figure 1: frames at the rate that it is for.
REFERENCE_RATE = 29_761.0
DIFFUSERS = (142, 107, 379, 277)
LEFT, RIGHT = (672, 4453, 1800, 3720), (908, 4217, 2656, 3163)  # all-pass, delay, twice
EXCURSION = 16.0  # frames that the first all-pass of each side swings to either side, at most

# Table 2 there: (line as numbered below, frames, sign); left, then right.
PREDELAY, TANK_LEFT, TANK_RIGHT = 0, 5, 9
OUT_LEFT = (
    *((10, 266, 1), (10, 2974, 1), (11, 1913, -1), (12, 1996, 1)),
    *((6, 1990, -1), (7, 187, -1), (8, 1066, -1)),
)
OUT_RIGHT = (
    *((6, 353, 1), (6, 3627, 1), (7, 1228, -1), (8, 2673, 1)),
    *((10, 2111, -1), (11, 335, -1), (12, 121, -1)),
)
OUT_GAIN = 0.6

LARGEST = 1.5  # size of the plate
LONGEST_PREDELAY = 0.12  # seconds
LONGEST_TIME = 2.6  # seconds, of the delay
LONGEST_SWING = 0.0125  # seconds, of the ensemble

PLATE_LINES = 13
FIRST_OUT = PLATE_LINES
PLATE_TAPS = FIRST_OUT + len(OUT_LEFT) + len(OUT_RIGHT)
DELAY_TAPS = (PLATE_TAPS, PLATE_TAPS + 1)
TAPS = PLATE_TAPS + 2


class Tap(NamedTuple):
    """Where a line is heard: its number among the effect's lines, delay in seconds, gain."""

    line: int
    seconds: float
    weight: float


def line_seconds(effect: int) -> list[float]:
    """The longest delay of each line of an effect."""
    if effect == ENSEMBLE:
        return [LONGEST_SWING] * 2
    if effect == DELAY:
        return [LONGEST_TIME] * 2
    lengths = (*DIFFUSERS, *LEFT, *RIGHT)
    tank = [(LARGEST * length + EXCURSION) / REFERENCE_RATE for length in lengths]
    return [LONGEST_PREDELAY, *tank]


def lines_at(effect: int, rate: float) -> list[int]:
    """Frames of each line of an effect at a sample rate."""
    return [int(seconds * rate) + 4 for seconds in line_seconds(effect)]


def ring_frames(effect: int, rate: float) -> int:
    """Frames of the ring that holds the lines of an effect: a power of two."""
    return int(1 << (sum(lines_at(effect, rate)) - 1).bit_length())


def taps_of(effect: int) -> Iterator[Tap]:
    """The taps of an effect, in their order."""
    if effect == PLATE:
        yield Tap(0, 0.0, 1.0)
        for line, length in enumerate((*DIFFUSERS, *LEFT, *RIGHT), 1):
            yield Tap(line, length / REFERENCE_RATE, 1.0)
        for line, length, sign in (*OUT_LEFT, *OUT_RIGHT):
            yield Tap(line, length / REFERENCE_RATE, sign * OUT_GAIN)
    elif effect == DELAY:
        yield from (Tap(0, 0.0, 1.0), Tap(1, 0.0, 1.0))


def all_lines() -> int:
    """Frames of the rings of all effects, at the highest rate."""
    return sum(ring_frames(effect, HIGHEST_RATE) for effect in EFFECTS)

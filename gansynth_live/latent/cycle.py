"""What goes round: a phase by the second or by the beat, and the waves drawn from it."""

from math import pi, sin

from gansynth_live.latent.clock import Moment
from gansynth_live.latent.scale import HIGHEST, unipolar

# Beats a turn that a rate control chooses from, slowest first.
DIVISIONS = (
    64.0,
    32.0,
    16.0,
    12.0,
    8.0,
    6.0,
    4.0,
    3.0,
    2.0,
    1.5,
    1.0,
    0.75,
    2 / 3,
    0.5,
    1 / 3,
    0.25,
)


class Cycle:
    """A phase 0..1 over time.

    By the second, a new rate bends the phase's line but never breaks it. By the beat, the phase is
    that of the song position, so that it falls together with the bars whatever came before.

    Args:
        rate: turns a second; counts unless `beats` is above 0.
        beats: beats a turn.
        rates: slowest and fastest turns a second that a control reaches.
    """

    def __init__(self, rate: float, beats: float, rates: tuple[float, float]) -> None:
        self._rate = rate
        self._beats = beats
        self._rates = rates
        self._turns = 0.0  # at the anchor
        self._anchor = 0.0

    def turn_knob(self, seconds: float, value: int) -> None:
        """A rate control moved to 0..127: rates in even ratios, or one of `DIVISIONS`."""
        if self._beats > 0.0:
            self._beats = DIVISIONS[value * len(DIVISIONS) // (HIGHEST + 1)]
            return
        self._turns = self._turns_at(seconds) % 1.0
        self._anchor = seconds
        slowest, fastest = self._rates
        self._rate = slowest * (fastest / slowest) ** unipolar(value)

    def phase(self, moment: Moment) -> float:
        """Where it stands, 0 up to but not including 1, not before the last `turn_knob`."""
        if self._beats > 0.0:
            return moment.beat / self._beats % 1.0
        return self._turns_at(moment.seconds) % 1.0

    def _turns_at(self, seconds: float) -> float:
        return self._turns + self._rate * (seconds - self._anchor)


def sine(phase: float) -> float:
    """-1..1, from 0 upwards."""
    return sin(2.0 * pi * phase)


def triangle(phase: float) -> float:
    """-1..1, from 0 upwards, in straight lines."""
    return 1.0 - 4.0 * abs((phase + 0.25) % 1.0 - 0.5)


WAVES = {"sine": sine, "triangle": triangle}

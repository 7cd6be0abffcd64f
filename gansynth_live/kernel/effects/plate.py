"""A plate reverberator after J. Dattorro (Effect Design Part 1, JAES 45(9), 1997).

Four all-passes blur what comes in; two halves of a tank, each with two all-passes and two delays,
feed each other; the output is a sum of taps all over the tank.

He lets the sound lose its level at four places of the tank. Here each delay loses its share, those
within the all-passes and up to the taps too, so that the response is that of a tank without loss
under an exponential: its decay is the one that was asked for, whatever the size.
"""

from math import exp, log, pi

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.effects.lines import (
    TINY,
    aim_tap,
    between,
    easing,
    fade_frames,
    swing,
    tapped,
    turned,
)
from gansynth_live.kernel.effects.taps import (
    EXCURSION,
    FIRST_OUT,
    PLATE,
    PLATE_TAPS,
    PREDELAY,
    REFERENCE_RATE,
    TANK_LEFT,
    TANK_RIGHT,
)
from gansynth_live.kernel.layout import (
    S_PLATE_DAMPING,
    S_PLATE_DECAY,
    S_PLATE_DRIFT,
    S_PLATE_LOW_CUT,
    S_PLATE_PREDELAY,
    S_PLATE_SIZE,
    S_SAMPLE_RATE,
    SEGMENT,
    Record,
)

DIFFUSION = (0.0, 0.75, 0.75, 0.625, 0.625)  # of the lines 1 to 4
TANK_DIFFUSION = (-0.7, 0.5)  # of the first and second all-pass of each side
FADE = 0.04  # seconds in which the size changes
SLOW_HZ, FAST_HZ = 0.5, 0.83  # of the swinging taps, left and right
SLOWNESS = 0.05  # seconds: time constant in which the decay changes
LEVEL = 1.0
SIDE_TAPS = (PLATE_TAPS - FIRST_OUT) // 2


@compiled
def plan_plate(rack: Record, settings: NDArray[np.float64]) -> None:
    """Follow size, pre-delay and decay; on the grid of segments, and when it wakes."""
    effect, taps = rack.effects[PLATE], rack.taps
    rate, size = settings[S_SAMPLE_RATE], settings[S_PLATE_SIZE]
    loss = 3.0 * log(10.0) / (settings[S_PLATE_DECAY] * rate)
    if effect.age > 0:
        loss += (effect.loss - loss) * exp(-SEGMENT / (SLOWNESS * rate))
    effect.loss = loss
    fade = fade_frames(FADE, rate)
    for number in range(PLATE_TAPS):
        tap = taps[number]
        seconds = settings[S_PLATE_PREDELAY] if number == PREDELAY else tap.seconds * size
        aim_tap(effect, tap, seconds * rate, fade)


@compiled
def play_plate(
    rack: Record,
    settings: NDArray[np.float64],
    left: NDArray[np.float32],
    right: NDArray[np.float32],
) -> None:
    """Put in place of some frames the sound of the plate that they strike."""
    effect, taps = rack.effects[PLATE], rack.taps
    rate = settings[S_SAMPLE_RATE]
    mask, at, age = effect.mask, effect.at, effect.age
    ring = rack.lines[effect.first : effect.first + mask + 1]
    excursion = settings[S_PLATE_DRIFT] * EXCURSION / REFERENCE_RATE * rate
    if age == 0:
        effect.low_left, effect.low_right, effect.bass = 0.0, 0.0, 0.0
        effect.phase, effect.phase_fast, effect.depth = 0.25, 0.0, excursion
    low_left, low_right, bass = effect.low_left, effect.low_right, effect.bass
    phase, phase_fast = effect.phase, effect.phase_fast
    depth, ease = effect.depth, easing(rate)
    cut = 1.0 - exp(-2.0 * pi * settings[S_PLATE_LOW_CUT] / rate)
    pole = 1.0 - exp(-2.0 * pi * settings[S_PLATE_DAMPING] / rate)
    fade, blend = fade_frames(FADE, rate), effect.blend
    for i in range(len(left)):
        at, age = (at - 1) & mask, age + 1
        share = (fade - blend) / fade if blend > 0 else 0.0
        blend = max(blend - 1, 0)
        sound = 0.5 * (float(left[i]) + float(right[i])) + TINY
        bass += (sound - bass) * cut
        ring[(at + taps[PREDELAY].line) & mask] = np.float32(sound - bass + TINY)
        sound = tapped(ring, mask, at, taps[PREDELAY], age, share)
        for number in range(1, TANK_LEFT):
            heard = tapped(ring, mask, at, taps[number], age, share)
            sound = _diffused(ring, mask, at, taps[number], DIFFUSION[number], heard, sound)
        depth += (excursion - depth) * ease
        phase, phase_fast = turned(phase, SLOW_HZ / rate), turned(phase_fast, FAST_HZ / rate)
        into_left = sound + tapped(ring, mask, at, taps[TANK_RIGHT + 3], age, share)
        into_right = sound + tapped(ring, mask, at, taps[TANK_LEFT + 3], age, share)
        moved = depth * swing(phase)
        low_left = _side(
            ring, mask, at, taps, TANK_LEFT, age, share, moved, into_left, low_left, pole
        )
        moved = depth * swing(phase_fast)
        low_right = _side(
            ring, mask, at, taps, TANK_RIGHT, age, share, moved, into_right, low_right, pole
        )
        a, b = 0.0, 0.0
        for number in range(FIRST_OUT, FIRST_OUT + SIDE_TAPS):
            a += tapped(ring, mask, at, taps[number], age, share)
            b += tapped(ring, mask, at, taps[number + SIDE_TAPS], age, share)
        left[i], right[i] = np.float32(LEVEL * a), np.float32(LEVEL * b)
    effect.at, effect.age, effect.blend = at, age, blend
    effect.low_left, effect.low_right, effect.bass = low_left, low_right, bass
    effect.phase, effect.phase_fast, effect.depth = phase, phase_fast, depth


@compiled
def _side(
    ring: NDArray[np.float32],
    mask: int,
    at: int,
    taps: NDArray[np.record],
    first: int,
    age: int,
    share: float,
    moved: float,
    sound: float,
    low: float,
    pole: float,
) -> float:
    """Take a frame into one side of the tank, at tap `first`; what its low-pass has now."""
    heard = _swung(ring, mask, at, taps[first], age, share, moved)
    sound = _diffused(ring, mask, at, taps[first], TANK_DIFFUSION[0], heard, sound)
    tap = taps[first + 1]
    ring[(at + tap.line) & mask] = np.float32(sound)
    low += (tapped(ring, mask, at, tap, age, share) - low) * pole
    heard = tapped(ring, mask, at, taps[first + 2], age, share)
    sound = _diffused(ring, mask, at, taps[first + 2], TANK_DIFFUSION[1], heard, low)
    ring[(at + taps[first + 3].line) & mask] = np.float32(sound)
    return low


@compiled_part
def _diffused(
    ring: NDArray[np.float32],
    mask: int,
    at: int,
    tap: Record,
    diffusion: float,
    heard: float,
    sound: float,
) -> float:
    """A frame through an all-pass whose delay line is heard as `heard`."""
    taken = sound + diffusion * heard
    ring[(at + tap.line) & mask] = np.float32(taken)
    return heard - diffusion * taken


@compiled_part
def _swung(
    ring: NDArray[np.float32],
    mask: int,
    at: int,
    tap: Record,
    age: int,
    share: float,
    moved: float,
) -> float:
    """What a tap hears that is moved by some frames."""
    value: float = tap.gain * between(ring, mask, at + tap.line, tap.delay + moved, age)
    if share > 0.0:
        coming = tap.next_gain * between(ring, mask, at + tap.line, tap.next_delay + moved, age)
        value += share * (coming - value)
    return value

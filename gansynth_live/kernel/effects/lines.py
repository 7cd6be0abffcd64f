"""Delay lines: several in one ring, which all move on together, and taps that hear them.

The ring is written at `at`, which runs backwards: what a line (an offset in the ring) took in d
frames ago lies d further on. No line is ever cleared: what was written before an effect woke (more
than `age` frames ago) is heard as silence.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import SEGMENT, Record

# Far below what is heard, far above what is denormal: keeps what decays from becoming so.
TINY = 1e-18
EASE = 0.02  # seconds: time constant of parameters that move


@compiled_part
def delayed(ring: NDArray[np.float32], mask: int, at: int, delay: int, age: int) -> float:
    """What a line took in `delay` frames ago; `at`: where that line is written now."""
    return float(ring[(at + delay) & mask]) if delay < age else 0.0


@compiled_part
def between(ring: NDArray[np.float32], mask: int, at: int, delay: float, age: int) -> float:
    """The same for a delay between two frames."""
    whole = int(delay)
    near = delayed(ring, mask, at, whole, age)
    return near + (delay - whole) * (delayed(ring, mask, at, whole + 1, age) - near)


@compiled_part
def tapped(
    ring: NDArray[np.float32], mask: int, at: int, tap: Record, age: int, share: float
) -> float:
    """What a tap hears; `share` (0..1): how far it has passed over to its next delay."""
    value: float = tap.gain * delayed(ring, mask, at + tap.line, tap.delay, age)
    if share > 0.0:
        coming = tap.next_gain * delayed(ring, mask, at + tap.line, tap.next_delay, age)
        value += share * (coming - value)
    return value


@compiled
def aim_tap(effect: Record, tap: Record, frames: float, fade: int) -> None:
    """Let a tap pass over to a delay of `frames` within `fade` frames; on the grid of segments.

    Taps that are on their way go there first. Those of an effect that has just woken jump. Gains
    follow the delays, by what the effect loses a frame.
    """
    if effect.blend == 0 or effect.blend == fade:
        tap.delay = tap.next_delay
        tap.next_delay = int(frames + 0.5) if frames >= 0.0 and frames <= tap.most else tap.most
        if effect.age == 0:
            tap.delay = tap.next_delay
        elif tap.next_delay != tap.delay:
            effect.blend = fade
    tap.gain = tap.weight * exp(-effect.loss * tap.delay)
    tap.next_gain = tap.weight * exp(-effect.loss * tap.next_delay)


@compiled
def fade_frames(seconds: float, rate: float) -> int:
    """Frames of a cross-fade: whole segments."""
    return max(int(seconds * rate / SEGMENT), 1) * SEGMENT


@compiled_part
def easing(rate: float) -> float:
    """Share of the way to its goal that a parameter takes in a frame."""
    return 1.0 - exp(-1.0 / (EASE * rate))


@compiled_part
def swing(phase: float) -> float:
    """A triangle (-1..1) with rounded corners, at a phase of 0..1 turns."""
    rise = 2.0 * phase if phase < 0.5 else 2.0 - 2.0 * phase
    return 2.0 * rise * rise * (3.0 - 2.0 * rise) - 1.0


@compiled_part
def turned(phase: float, turn: float) -> float:
    """A phase (0..1) a small turn later."""
    phase += turn
    return phase - 1.0 if phase >= 1.0 else phase

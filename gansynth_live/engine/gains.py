"""What follows from the numbers of a channel: its gains, and the speed of its voices."""

from math import cos, pi, sin, sqrt

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import Record


@compiled
def update_gain(state: Record) -> None:
    """Left and right gain from volume, expression (both squared) and pan (constant power)."""
    gain = sqrt(2.0) * state.volume**2 * state.expression**2
    angle = pi / 4.0 * (1.0 + state.pan)
    state.left = gain * cos(angle)
    state.right = gain * sin(angle)


@compiled
def update_ratio(state: Record) -> None:
    """Speed factor from bend and tuning."""
    semitones = state.bend * state.bend_range + state.fine + state.coarse
    state.ratio = 2.0 ** (semitones / 12.0)

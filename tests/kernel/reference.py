"""What the kernel should play, in plain NumPy and double precision: what all notes share.

Nothing here is shared with the kernel but the facts: a segment has 64 frames, or ends earlier where
an envelope stage ends, or, once a level stands still, on a multiple of 64 frames; amplitude is a
straight line within a segment; controllers are looked up where a segment begins, vibrato in the
middle of the longest that it may get; positions are rounded to 2**-32 of a sample.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

GUARD = 4


@dataclass(frozen=True)
class Sound:
    """Envelope and mix. Times in frames, sustain and ceiling as amplitudes, brightness -1..1.

    `air`: of what lies above 8 kHz; with any, the tone filter has nine taps, else three.
    """

    rate: float = 48000.0
    attack: float = 96.0
    decay: float = 4800.0
    sustain: float = 1.0
    release: float = 19200.0
    fade: int = 384
    gain: float = 1.0
    ceiling: float = 10.0 ** (-1.0 / 20.0)
    brightness: float = 0.0
    velocity_brightness: float = 0.0
    pressure_brightness: float = 0.0
    vibrato: float = 0.0
    half_pedal: bool = False
    air: float = 0.0


@dataclass(frozen=True)
class Note:
    """A key pressed at frame `start` and let go at `stop`. `speed`: of its render, unbent."""

    key: int
    start: int
    stop: int
    speed: float
    gain: float
    velocity: int


@dataclass(frozen=True)
class Swing:
    """Vibrato: Hz, cents to either side, seconds until it is half as deep."""

    rate: float
    depth: float
    delay: float


@dataclass(frozen=True)
class Channel:
    """A channel at one moment: gains, speed factor, pedal and pressure (0..1), CC 76 to 78."""

    left: float = 1.0
    right: float = 1.0
    ratio: float = 1.0
    pedal: float = 0.0
    pressure: float = 0.0
    swing: tuple[int, int, int] = (64, 64, 64)

    def bent(self, wanted: Swing) -> Swing:
        """Vibrato under the controllers: 64 leaves it; 0 takes depth and delay away; 127 adds."""
        rate, depth, delay = ((v - 64) / (63.0 if v > 64 else 64.0) for v in self.swing)
        deeper = wanted.depth * (1 + min(depth, 0.0)) + 50.0 * max(depth, 0.0)
        later = wanted.delay * (1 + min(delay, 0.0)) + 2.0 * max(delay, 0.0)
        return Swing(wanted.rate * 2.0**rate, deeper, later)


def channel(
    volume: int,
    pan: int,
    expression: int,
    semitones: float,
    pedal: float,
    pressure: float,
    swing: tuple[int, int, int],
) -> Channel:
    """The channel of controller values: squared volumes, constant power panning."""
    gain = np.sqrt(2.0) * (volume / 127.0 * expression / 127.0) ** 2
    side = (pan - 64) / (63.0 if pan > 64 else 64.0)
    angle = np.pi / 4.0 * (1.0 + side)
    left, right = gain * np.cos(angle), gain * np.sin(angle)
    return Channel(left, right, 2.0 ** (semitones / 12.0), pedal, pressure, swing)


def cubic(render: Real, at: Real) -> Real:
    """Catmull-Rom interpolation of `render`, silent before its start, at positions `at`."""
    padded = np.concatenate([np.zeros(GUARD), render, np.zeros(GUARD)])
    k = np.floor(at).astype(np.int64)
    t = at - k
    a, b, c, d = (padded[k + GUARD + offset] for offset in (-1, 0, 1, 2))
    value: Real = 0.5 * (
        2.0 * b
        + (c - a) * t
        + (2.0 * a - 5.0 * b + 4.0 * c - d) * t**2
        + (3.0 * b - a - 3.0 * c + d) * t**3
    )
    return value


def smoothed(value: float, goal: float, frames: int, time: float) -> float:
    """`value` on its exponential way to `goal`, after `frames` frames of a time constant `time`."""
    if abs(goal - value) < 1e-6:
        return goal
    return goal + (value - goal) * float(np.exp(-frames / time))


def finish(mixed: Real, sound: Sound) -> Real:
    """Shelf, gain and limiter over a whole performance, [2, frames], sample by sample."""
    pole = 1.0 - np.exp(-2.0 * np.pi * 1500.0 / sound.rate)
    shelf_step = 1.0 - np.exp(-1.0 / (0.01 * sound.rate))
    recovery = 1.0 - np.exp(-1.0 / (0.1 * sound.rate))
    treble = 4.0**sound.brightness - 1.0
    knee = sound.ceiling / 2.0
    low, shelf, reduction = np.zeros(2), 0.0, 1.0
    out = np.zeros_like(mixed)
    for i, frame in enumerate(mixed.T):
        shelf += (treble - shelf) * shelf_step
        low = low + (frame - low) * pole
        bright = (frame + shelf * (frame - low)) * sound.gain
        level = float(np.abs(bright).max())
        allowed = 1.0
        if level > knee:
            over = level - knee
            allowed = (knee + over * knee / (knee + over)) / level
        reduction = min(reduction + (1.0 - reduction) * recovery, allowed)
        out[:, i] = bright * reduction
    return out

"""Frames of mel-IF data in three bytes a bin, and mixtures of several.

What a network makes of a blend is nearly the mix of what it makes of two blends nearby: the mean of
log power, and of instantaneous frequency on the circle, weighted by amplitude. The mix costs a
thousandth of a network run.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np
from numba import float32, int16, uint8
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled_entry

Floats = NDArray[np.float32]

NEPER = 14  # steps of log power: one is 0.31 dB
DEEPEST = 255  # steps below the loudest bin of its frame, 79 dB: what is softer is not told apart
TURN = 1 << 15  # steps of frequency in pi: the whole circle is 16 bits, and sums wrap as it does
STEP, PI = np.float32(1 / NEPER), np.float32(1 / TURN)
AMPLITUDES = np.exp(-0.5 / NEPER * np.arange(DEEPEST + 1)).astype(np.float32)


class Compact(NamedTuple):
    """Some frames of a note.

    Attributes:
        top: ln power of each frame's loudest bin, float32 [frames].
        below: how far each bin is below it, in steps, uint8 [frames, mel_bins].
        turn: instantaneous frequency, in steps, int16 [frames, mel_bins].
    """

    top: Floats
    below: NDArray[np.uint8]
    turn: NDArray[np.int16]

    def between(self, start: int, stop: int) -> "Compact":
        """Frames [start, stop): the same memory."""
        return Compact(self.top[start:stop], self.below[start:stop], self.turn[start:stop])


def compact_bytes(frames: int, mel_bins: int) -> int:
    """Memory that so many frames take."""
    return frames * (4 + 3 * mel_bins)


def compact(frames: Floats) -> Compact:
    """Frames [n, mel_bins, 2] (ln power, units of pi; finite) as they are kept."""
    power, frequency = frames[..., 0], frames[..., 1]
    top = power.max(axis=1)
    with np.errstate(over="ignore"):
        below = np.minimum(np.rint((top[:, np.newaxis] - power) * NEPER), DEEPEST).astype(np.uint8)
    around = np.rint((frequency - 2 * np.rint(frequency / 2)) * TURN)
    turn = around.astype(np.int32).astype(np.int16)
    return Compact(top, below, turn)


def mixed(parts: Sequence[Compact], shares: Sequence[float]) -> Floats:
    """The mix of the same frames of some notes: mel-IF data float32 [frames, mel_bins, 2].

    `shares` are above 0 and add up to 1.
    """
    top, below, turn = (
        np.ascontiguousarray(np.stack(values)) for values in zip(*parts, strict=True)
    )
    power, frequency = np.empty((2, *below.shape[1:]), np.float32)
    weights = np.empty(below.shape[2], np.float32)
    _mix(top, below, turn, np.asarray(shares, np.float32), AMPLITUDES, power, frequency, weights)
    return np.stack([power, frequency], axis=-1)


@compiled_entry(
    float32[:, ::1],
    uint8[:, :, ::1],
    int16[:, :, ::1],
    *2 * [float32[::1]],
    *2 * [float32[:, ::1]],
    float32[::1],
)
def _mix(
    top: Floats,
    below: NDArray[np.uint8],
    turn: NDArray[np.int16],
    shares: Floats,
    amplitudes: Floats,
    power: Floats,
    frequency: Floats,
    weights: Floats,
) -> None:
    """Fill `power` and `frequency` [frames, bins] from parts [parts, frames] and [..., bins].

    Frequencies are averaged as ways from that of the first part, the short way round. `amplitudes`
    are those of the steps below a top; `weights` [bins] is room to work in.
    """
    for frame in range(power.shape[0]):
        level, way = power[frame], frequency[frame]
        level[:], way[:], weights[:] = 0.0, 0.0, 0.0
        first = turn[0, frame]
        for part in range(len(shares)):
            steps, turned = below[part, frame], turn[part, frame]
            here, share = top[part, frame], shares[part]
            loud = np.float32(share * exp(0.5 * (here - top[0, frame])))
            for j in range(len(level)):
                level[j] += share * (here - np.float32(steps[j]) * STEP)
                weight = loud * amplitudes[steps[j]]
                weights[j] += weight
                way[j] += weight * np.float32(np.int16(turned[j] - first[j]))
        for j in range(len(level)):
            turned_by = (np.float32(first[j]) + way[j] / weights[j]) * PI
            way[j] = turned_by - 2 * np.floor(np.float32(0.5) * turned_by + np.float32(0.5))

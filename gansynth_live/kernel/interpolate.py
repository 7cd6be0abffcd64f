"""Reading a render: straight where it runs at its own speed, interpolated where it is bent.

What a few frames need is unpacked first, so everything after that reads plain samples.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import ONE
from gansynth_live.kernel.packed import Packed, unpack

Samples: TypeAlias = NDArray[np.float32]

FRACTION = np.float32(2.0 / ONE)
ONE_ON, TWO_ON, THREE_ON = np.uint64(1), np.uint64(2), np.uint64(3)
HALF = np.float32(0.5)
WINDOW = 512  # samples that are unpacked at a time
FITS = WINDOW - 4  # of them may lie between the first and the last position


@compiled_part
def read(
    packed: Packed,
    scales: Samples,
    origin: int,
    position: int,
    step: int,
    wave: Samples,
    window: Samples,
    neighbours: Samples,
    count: int,
) -> bool:
    """Fill wave[:count] from `origin` + `position` (32.32) on; False if a sample is NaN or Inf.

    `window` [WINDOW] and `neighbours` [4 * count] are room to work in.
    """
    if step == ONE and position & (ONE - 1) == 0:
        return unpack(packed, scales, origin + (position >> 32), wave, count)
    finite = True
    done = 0
    while done < count:
        frames = count - done
        if step * frames > FITS << 32:  # bent far up
            frames = min(frames, 1 + (FITS << 32) // step)
        here = position + done * step
        first = (here >> 32) - 1
        there = ((here + (frames - 1) * step) >> 32) + 3 - first
        finite &= unpack(packed, scales, origin + first, window, there)
        here -= first << 32
        _gather(window, here, step, neighbours, frames)
        _interpolate(neighbours, here, step, wave[done:], frames)
        done += frames
    return finite


@compiled
def _gather(samples: Samples, position: int, step: int, neighbours: Samples, count: int) -> None:
    """Collect the four samples around each position, side by side: one wide load and store each."""
    for i in range(count):
        k = np.uint64(position >> 32)  # unsigned: no test for negative indices
        before, here = samples[k - ONE_ON], samples[k]
        after, beyond = samples[k + ONE_ON], samples[k + TWO_ON]
        place = np.uint64(4 * i)
        neighbours[place], neighbours[place + ONE_ON] = before, here
        neighbours[place + TWO_ON], neighbours[place + THREE_ON] = after, beyond
        position += step


@compiled
def _interpolate(neighbours: Samples, position: int, step: int, wave: Samples, count: int) -> None:
    """Cubic Hermite through four samples (Catmull-Rom)."""
    fraction = position & (ONE - 1)
    for i in range(count):
        t = np.float32(np.int32(((fraction + i * step) & (ONE - 1)) >> 1)) * FRACTION
        a, b = neighbours[4 * i], neighbours[4 * i + 1]
        c, d = neighbours[4 * i + 2], neighbours[4 * i + 3]
        slope = HALF * (c - a)
        cubic = slope + HALF * (d - b) + (b - c) + (b - c)
        square = c - b - slope - cubic
        wave[i] = b + t * (slope + t * (square + t * cubic))

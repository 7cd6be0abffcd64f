"""Reading a render: straight where it runs at its own speed, interpolated where it is bent."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import ONE

Samples: TypeAlias = NDArray[np.float32]

FRACTION = np.float32(2.0 / ONE)
ONE_ON, TWO_ON, THREE_ON = np.uint64(1), np.uint64(2), np.uint64(3)
HALF, ZERO = np.float32(0.5), np.float32(0.0)


@compiled_part
def read(
    samples: Samples,
    origin: int,
    position: int,
    step: int,
    wave: Samples,
    neighbours: Samples,
    count: int,
) -> bool:
    """Fill wave[:count] from `origin` + `position` (32.32) on; False if a sample is NaN or Inf.

    `neighbours` [4 * count] is room to work in.
    """
    if is_straight(position, step):
        return _copy(samples, origin + (position >> 32), wave, count)
    _gather(samples, (origin << 32) + position, step, neighbours, count)
    return _interpolate(neighbours, position, step, wave, count)


@compiled_part
def is_straight(position: int, step: int) -> bool:
    """Whether the samples can be taken as they are."""
    return step == ONE and position & (ONE - 1) == 0


@compiled
def _copy(samples: Samples, first: int, wave: Samples, count: int) -> bool:
    source = samples[first : first + count]  # indices from 0 on can be vectorised
    check = ZERO
    for i in range(count):
        x = source[i]
        wave[i] = x
        check += x * ZERO
    return bool(check == ZERO)


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
def _interpolate(neighbours: Samples, position: int, step: int, wave: Samples, count: int) -> bool:
    """Cubic Hermite through four samples (Catmull-Rom)."""
    fraction = position & (ONE - 1)
    check = ZERO
    for i in range(count):
        t = np.float32(np.int32(((fraction + i * step) & (ONE - 1)) >> 1)) * FRACTION
        a, b = neighbours[4 * i], neighbours[4 * i + 1]
        c, d = neighbours[4 * i + 2], neighbours[4 * i + 3]
        slope = HALF * (c - a)
        cubic = slope + HALF * (d - b) + (b - c) + (b - c)
        square = c - b - slope - cubic
        x = b + t * (slope + t * (square + t * cubic))
        wave[i] = x
        check += x * ZERO
    return bool(check == ZERO)

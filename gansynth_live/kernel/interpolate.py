"""Reading a render: straight where it runs at its own speed, interpolated where it is bent."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import ONE, SEGMENT

Samples: TypeAlias = NDArray[np.float32]

FRACTION = np.float32(2.0 / ONE)
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

    `neighbours` [4 * SEGMENT] is room to work in.
    """
    if step == ONE and position & (ONE - 1) == 0:
        return _copy(samples, origin + (position >> 32), wave, count)
    _gather(samples, (origin << 32) + position, step, neighbours, count)
    return _interpolate(neighbours, position, step, wave, count)


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
    """Collect the four samples around each position: sums over these can be vectorised."""
    before, here, after, beyond = _quarters(neighbours)
    for i in range(count):
        k = np.uint64(position >> 32)  # unsigned: no test for negative indices
        before[i], here[i] = samples[k - np.uint64(1)], samples[k]
        after[i], beyond[i] = samples[k + np.uint64(1)], samples[k + np.uint64(2)]
        position += step


@compiled
def _interpolate(neighbours: Samples, position: int, step: int, wave: Samples, count: int) -> bool:
    """Cubic Hermite through four samples (Catmull-Rom)."""
    before, here, after, beyond = _quarters(neighbours)
    fraction = position & (ONE - 1)
    check = ZERO
    for i in range(count):
        t = np.float32(np.int32(((fraction + i * step) & (ONE - 1)) >> 1)) * FRACTION
        a, b, c, d = before[i], here[i], after[i], beyond[i]
        slope = HALF * (c - a)
        cubic = slope + HALF * (d - b) + (b - c) + (b - c)
        square = c - b - slope - cubic
        x = b + t * (slope + t * (square + t * cubic))
        wave[i] = x
        check += x * ZERO
    return bool(check == ZERO)


@compiled_part
def _quarters(room: Samples) -> tuple[Samples, Samples, Samples, Samples]:
    return (
        room[:SEGMENT],
        room[SEGMENT : 2 * SEGMENT],
        room[2 * SEGMENT : 3 * SEGMENT],
        room[3 * SEGMENT :],
    )

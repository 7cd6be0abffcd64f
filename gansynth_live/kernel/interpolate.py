"""Reading a render: straight where it runs at its own speed, interpolated where it is bent."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import ONE

FRACTION = np.float32(2.0 / ONE)
HALF, ZERO = np.float32(0.5), np.float32(0.0)


@compiled
def read(
    samples: NDArray[np.float32],
    origin: int,
    position: int,
    step: int,
    wave: NDArray[np.float32],
    count: int,
) -> bool:
    """Fill wave[:count] from `origin` + `position` (32.32) on; False if a sample is NaN or Inf."""
    check = ZERO
    if step == ONE and position & (ONE - 1) == 0:
        first = origin + (position >> 32)
        source = samples[first : first + count]  # indices from 0 on can be vectorised
        for i in range(count):
            x = source[i]
            wave[i] = x
            check += x * ZERO
    else:
        _interpolate(samples, origin, position, step, wave, count)
        for i in range(count):
            check += wave[i] * ZERO
    return bool(check == ZERO)


@compiled
def _interpolate(
    samples: NDArray[np.float32],
    origin: int,
    position: int,
    step: int,
    wave: NDArray[np.float32],
    count: int,
) -> None:
    """Cubic Hermite through four samples (Catmull-Rom)."""
    at = (origin << 32) + position
    for i in range(count):
        k = np.uint64(at >> 32)  # unsigned: no test for negative indices
        t = np.float32(np.int32((at & (ONE - 1)) >> 1)) * FRACTION
        a, b = samples[k - np.uint64(1)], samples[k]
        c, d = samples[k + np.uint64(1)], samples[k + np.uint64(2)]
        slope = HALF * (c - a)
        cubic = slope + HALF * (d - b) + (b - c) + (b - c)
        square = c - b - slope - cubic
        wave[i] = b + t * (slope + t * (square + t * cubic))
        at += step

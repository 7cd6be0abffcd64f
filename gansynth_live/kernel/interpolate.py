"""Reading a render: straight where it runs at its own speed, interpolated where it is bent."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import ONE

FRACTION = np.float32(2.0 / ONE)
ONE_U, TWO_U = np.uint64(1), np.uint64(2)
NEXT = np.uint64(1)


@compiled
def read(
    samples: NDArray[np.float32],
    base: int,
    position: int,
    step: int,
    wave: NDArray[np.float32],
    count: int,
) -> bool:
    """Fill wave[:count] from `base` + `position` (32.32) on; False if a sample is NaN or Inf."""
    if step == ONE and position & (ONE - 1) == 0:
        return _straight(samples, base + (position >> 32), wave, count)
    return _between(samples, base, position, step, wave, count)


@compiled
def _straight(
    samples: NDArray[np.float32], first: int, wave: NDArray[np.float32], count: int
) -> bool:
    check = np.float32(0.0)
    source = samples[first : first + count]  # indices from 0 on can be vectorised
    for i in range(count):
        x = source[i]
        wave[i] = x
        check += x * np.float32(0.0)
    return bool(check == np.float32(0.0))


@compiled
def _between(
    samples: NDArray[np.float32],
    base: int,
    position: int,
    step: int,
    wave: NDArray[np.float32],
    count: int,
) -> bool:
    """Cubic Hermite through four samples (Catmull-Rom)."""
    half = np.float32(0.5)
    check = np.float32(0.0)
    for i in range(count):
        at = position + i * step
        k = np.uint64(base + (at >> 32))  # unsigned: no check for indices from the end
        t = np.float32(at & (ONE - 1)) * FRACTION
        a, b, c, d = samples[k - NEXT], samples[k], samples[k + NEXT], samples[k + NEXT + NEXT]
        slope = half * (c - a)
        cubic = slope + half * (d - b) + (b - c) + (b - c)
        square = c - b - slope - cubic
        x = b + t * (slope + t * (square + t * cubic))
        wave[i] = x
        check += x * np.float32(0.0)
    return bool(check == np.float32(0.0))

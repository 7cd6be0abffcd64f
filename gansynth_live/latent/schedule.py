"""Instruments over the length of a piece: Magenta's `generate_util` without its NaN cases."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.sphere import slerp

BEFORE_START = -0.0001  # the original's first time, so that a note at 0 lies after it


def instrument_count(total: float, seconds_per_instrument: float) -> int:
    """How many instruments a piece of `total` seconds has.

    The original fails when the piece is shorter than one instrument; here it has that one.
    """
    return max(int(total / seconds_per_instrument), 1)


def instrument_times(positions: Sequence[float], total: float) -> NDArray[np.float64]:
    """Times in seconds [n] at which instruments are reached, of `positions` 0..1 in the piece."""
    return BEFORE_START + np.asarray(positions) * (total - BEFORE_START)


def latents_at(
    starts: Sequence[float] | NDArray[np.floating],
    times: NDArray[np.floating],
    latents: NDArray[np.floating],
) -> NDArray[np.float64]:
    """Latents [notes, size] for note `starts`, by slerp between `latents` [n, size] at `times`.

    Where the original yields NaN or leaves the path: one instrument is used throughout, and before
    the first time or after the last one the end of the path holds.
    """
    points = np.asarray(latents, np.float64)
    if len(points) == 1:
        return np.repeat(points, len(starts), axis=0)
    out = np.empty((len(starts), points.shape[1]))
    for row, start in enumerate(starts):
        left = int(np.clip(np.searchsorted(times, start, side="left") - 1, 0, len(times) - 2))
        span = float(times[left + 1] - times[left])
        position = float(np.clip((start - times[left]) / span, 0.0, 1.0)) if span > 0.0 else 1.0
        out[row] = slerp(points[left], points[left + 1], position)
    return out

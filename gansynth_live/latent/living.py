"""How the partials of a timbre fluctuate, and those of a blend: each part as much as it counts."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

DEPTH_HERTZ = (150.0, 300.0, 600.0, 1200.0, 2400.0, 4800.0)
RATE_HERTZ = (400.0, 3000.0)


class Living(NamedTuple):
    """How partials of a timbre fluctuate; as here, they stand still.

    Attributes:
        depths: standard deviation of their levels in dB, at `DEPTH_HERTZ`.
        rates: how fast in Hz, at `RATE_HERTZ`.
        common: share 0..1 of that variance that all partials have together: a tremolo.
        common_rate: of that, Hz.
    """

    depths: tuple[float, ...] = (0.0,) * len(DEPTH_HERTZ)
    rates: tuple[float, ...] = (2.0,) * len(RATE_HERTZ)
    common: float = 0.0
    common_rate: float = 4.0


STILL = Living()


def blended(parts: Sequence[tuple[Living, float]]) -> Living:
    """The mean by weights that are above 0: depths evenly, rates in ratios, by how deep each is."""
    weights = np.array([weight for _, weight in parts])
    depths = np.array([living.depths for living, _ in parts])
    deep = weights * (depths.mean(axis=1) + 1e-3)
    deep /= deep.sum()
    rates = np.exp(deep @ np.log([(*living.rates, living.common_rate) for living, _ in parts]))
    common = float(deep @ [living.common for living, _ in parts])
    *own, together = rates.tolist()
    return Living(tuple((weights / weights.sum() @ depths).tolist()), tuple(own), common, together)


def scaled(living: Living, factor: float) -> Living:
    """The same, so many times as deep."""
    return living._replace(depths=tuple(factor * depth for depth in living.depths))

"""From knobs to blends: one along a path of instruments, or one for each instrument slot."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gansynth_live.errors import UsageError
from gansynth_live.latent.blend import Blend

# Instruments and how much each counts, 0 and up; a name may come twice.
Weights: TypeAlias = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class MorphPath:
    """Instruments in order, evenly spaced over the positions 0..1 unless `at` says where they lie.

    Raises:
        UsageError: no instruments, or `at` has another length, leaves 0..1 or goes backwards.
    """

    instruments: tuple[str, ...]
    at: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.instruments:
            raise UsageError("a morph path needs at least one instrument")
        if not self.at:
            last = max(len(self.instruments) - 1, 1)
            object.__setattr__(self, "at", tuple(i / last for i in range(len(self.instruments))))
        if len(self.at) != len(self.instruments):
            raise UsageError(
                f"{len(self.instruments)} instruments but {len(self.at)} positions; give one each"
            )
        rising = all(a <= b for a, b in zip(self.at, self.at[1:], strict=False))
        if not (rising and self.at[0] >= 0.0 and self.at[-1] <= 1.0):
            raise UsageError("positions of a path rise from 0 to 1, for example 0,0.3,0.6,1")

    def weights(self, position: float) -> Weights:
        """What sounds at a position: its two neighbours by nearness; beyond the ends, the end."""
        right = bisect_right(self.at, position)
        if right in (0, len(self.at)):
            return [(self.instruments[0 if right == 0 else -1], 1.0)]
        low, high = self.at[right - 1 : right + 1]
        share = (position - low) / (high - low)
        near, far = self.instruments[right - 1 : right + 1]
        return [(near, 1.0 - share), (far, share)]

    def blend(self, position: float, focus: float = 1.0) -> Blend:
        """Blend at a position."""
        return Blend.of(self.weights(position), focus)


def tour_weights(instruments: Sequence[str], turn: float) -> Weights:
    """What sounds on a round trip at `turn` 0..1: from the last instrument it goes to the first."""
    leg = turn * len(instruments)
    left, share = int(leg), leg - int(leg)
    near, far = (instruments[stop % len(instruments)] for stop in (left, left + 1))
    return [(near, 1.0 - share), (far, share)]


def mixed(first: Weights, second: Weights, share: float) -> Weights:
    """`share` (0..1) of the second and the rest of the first, each counting as a whole."""
    if share in (0.0, 1.0):
        return second if share else first
    whole: dict[str, float] = {}
    for weights, part in ((first, 1.0 - share), (second, share)):
        total = sum(weight for _, weight in weights)
        for name, weight in weights:
            whole[name] = whole.get(name, 0.0) + part * weight / total
    return list(whole.items())

"""From knobs to blends: one along a path of instruments, or one for each instrument slot."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from gansynth_live.errors import UsageError
from gansynth_live.latent.blend import Blend


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

    def blend(self, position: float, focus: float = 1.0) -> Blend:
        """Blend at a position: its two neighbours by nearness; beyond the ends, the end."""
        right = bisect_right(self.at, position)
        if right in (0, len(self.at)):
            return Blend.only(self.instruments[0 if right == 0 else -1], focus)
        low, high = self.at[right - 1 : right + 1]
        share = (position - low) / (high - low)
        near, far = self.instruments[right - 1 : right + 1]
        return Blend.of([(near, 1.0 - share), (far, share)], focus)


def slots_blend(
    instruments: Sequence[str], weights: Sequence[float], focus: float = 1.0
) -> Blend | None:
    """Blend of instrument slots by their knobs (0 and up); None when all stand at zero."""
    if not any(weight > 0.0 for weight in weights):
        return None
    return Blend.of(zip(instruments, weights, strict=True), focus)

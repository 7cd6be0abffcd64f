"""Which named instruments sound, in which proportion, at which focus: the key of the note cache."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from gansynth_live.errors import UsageError

STEPS = (
    1024  # weights are multiples of 1/1024: finer than a controller, coarse enough to meet again
)
HEAVIEST = 1e6
FOCUS_STEPS = 64
FOCUS_RANGE = (0.25, 4.0)


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights over instrument names, canonical: equal sounds compare and hash equal. Use `of`.

    Names are sorted and distinct, weights are positive multiples of 1/1024 with sum 1, focus is a
    multiple of 1/64 in 0.25..4 (1: the sphere itself; more: timbre outweighs pitch).
    """

    weights: tuple[tuple[str, float], ...]
    focus: float = 1.0

    @classmethod
    def of(cls, weights: Iterable[tuple[str, float]], focus: float = 1.0) -> "Blend":
        """The canonical blend of (name, weight) pairs; weights need no sum, a name may come twice.

        Raises:
            UsageError: a weight lies outside 0..1e6, or none is above zero.
        """
        parts: dict[str, float] = {}
        for name, weight in weights:
            if not 0.0 <= weight <= HEAVIEST:
                raise UsageError(f"weight of '{name}' is {weight}; choose 0 to {HEAVIEST:g}")
            parts[name] = parts.get(name, 0.0) + float(weight)
        if not any(parts.values()):
            raise UsageError("a blend needs an instrument with a weight above 0")
        return cls(_quantised(parts), _nearest_focus(focus))

    @classmethod
    def only(cls, name: str, focus: float = 1.0) -> "Blend":
        """One instrument, unmixed."""
        return cls.of([(name, 1.0)], focus)

    def __str__(self) -> str:
        if len(self.weights) == 1:
            return self.weights[0][0]
        return " + ".join(f"{weight:.0%} {name}" for name, weight in self.weights)


def _quantised(parts: dict[str, float]) -> tuple[tuple[str, float], ...]:
    """Largest-remainder rounding to whole steps, so that the steps always add up to 1."""
    total = sum(parts[name] for name in sorted(parts))  # sorted: the same sum for every order
    exact = {name: STEPS * (parts[name] / total) for name in sorted(parts)}
    steps = {name: int(amount) for name, amount in exact.items()}
    by_remainder = sorted(exact, key=lambda name: steps[name] - exact[name])
    for name in by_remainder[: STEPS - sum(steps.values())]:
        steps[name] += 1
    return tuple((name, count / STEPS) for name, count in steps.items() if count)


def _nearest_focus(focus: float) -> float:
    if not isfinite(focus):
        raise UsageError(f"focus is {focus}; choose {FOCUS_RANGE[0]} to {FOCUS_RANGE[1]}")
    low, high = FOCUS_RANGE
    return round(min(max(focus, low), high) * FOCUS_STEPS) / FOCUS_STEPS

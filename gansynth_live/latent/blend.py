"""Which named instruments sound, in which proportion, turned which way: the note cache's key."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

from gansynth_live.errors import UsageError

STEPS = (
    1024  # weights are multiples of 1/1024: finer than a controller, coarse enough to meet again
)
HEAVIEST = 1e6
FOCUS_STEPS = 64
FOCUS_RANGE = (0.25, 4.0)
MOVE_STEPS = 64  # a move's amounts: one for each value of a controller on either side
FARTHEST_MOVE = 1.0

Parts: TypeAlias = Iterable[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights over instrument names, canonical: equal sounds compare and hash equal. Use `of`.

    Names are sorted and distinct, weights are positive multiples of 1/1024 with sum 1, focus is a
    multiple of 1/64 in 0.25..4 (1: the sphere itself; more: timbre outweighs pitch). Moves are how
    far the sound goes along named directions: sorted and distinct, multiples of 1/64 in -1..1
    (1: as far as the sphere's radius), none of them 0.
    """

    weights: tuple[tuple[str, float], ...]
    focus: float = 1.0
    moves: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, weights: Parts, focus: float = 1.0, moves: Parts = ()) -> "Blend":
        """The canonical blend of (name, weight) pairs; weights need no sum, a name may come twice.

        Moves are (direction, amount) pairs; amounts beyond -1..1 are taken as the end.

        Raises:
            UsageError: a weight lies outside 0..1e6, or none is above zero; a focus or an amount is
                not finite.
        """
        parts: dict[str, float] = {}
        for name, weight in weights:
            if not 0.0 <= weight <= HEAVIEST:
                raise UsageError(f"weight of '{name}' is {weight}; choose 0 to {HEAVIEST:g}")
            parts[name] = parts.get(name, 0.0) + float(weight)
        if not any(parts.values()):
            raise UsageError("a blend needs an instrument with a weight above 0")
        return cls(_quantised(parts), _nearest_focus(focus), _nearest_moves(moves))

    @classmethod
    def only(cls, name: str, focus: float = 1.0) -> "Blend":
        """One instrument, unmixed."""
        return cls.of([(name, 1.0)], focus)

    def __str__(self) -> str:
        parts = [f"{weight:.0%} {name}" for name, weight in self.weights]
        sound = " + ".join(parts) if len(parts) > 1 else self.weights[0][0]
        return ", ".join([sound, *(f"{name} {amount:+.0%}" for name, amount in self.moves)])


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


def _nearest_moves(moves: Parts) -> tuple[tuple[str, float], ...]:
    amounts: dict[str, float] = {}
    for name, amount in sorted(moves):
        if not isfinite(amount):
            raise UsageError(f"amount of '{name}' is {amount}; choose -1 to 1")
        amounts[name] = amounts.get(name, 0.0) + amount
    bounded = {n: min(max(x, -FARTHEST_MOVE), FARTHEST_MOVE) for n, x in amounts.items()}
    steps = {name: round(amount * MOVE_STEPS) for name, amount in bounded.items()}
    return tuple((name, count / MOVE_STEPS) for name, count in steps.items() if count)

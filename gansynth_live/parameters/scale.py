"""From the way of a control, 0..1, to values, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any, Protocol


class Scale(Protocol):
    """Values along the way of a control. The ends are met exactly."""

    def value(self, share: float) -> Any:
        """The value at a share 0..1 of the way."""
        ...

    def share(self, value: Any) -> float:
        """Where on the way a value lies, 0..1."""
        ...

    def around(self, turn: float) -> Any:
        """The value at a turn -1..1 from the middle of the way, met exactly at 0."""
        ...


@dataclass(frozen=True)
class Linear:
    """Even differences."""

    low: float
    high: float

    def value(self, share: float) -> float:
        return self.high if share == 1.0 else self.low + share * (self.high - self.low)

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def around(self, turn: float) -> float:
        middle = (self.low + self.high) / 2.0
        return middle + turn * (self.high - middle)


@dataclass(frozen=True)
class Log:
    """Even ratios; both ends lie above 0, in any order."""

    low: float
    high: float

    def value(self, share: float) -> float:
        return self.high if share == 1.0 else float(self.low * (self.high / self.low) ** share)

    def share(self, value: float) -> float:
        return log(value / self.low) / log(self.high / self.low)

    def around(self, turn: float) -> float:
        middle = sqrt(self.low * self.high)
        return float(middle * (self.high / middle) ** turn)


@dataclass(frozen=True)
class Cubic:
    """The third power of the way: fine near the low end, which may be 0."""

    low: float
    high: float

    def value(self, share: float) -> float:
        return self.high if share == 1.0 else self.low + (self.high - self.low) * share**3

    def share(self, value: float) -> float:
        return float(((value - self.low) / (self.high - self.low)) ** (1.0 / 3.0))

    def around(self, turn: float) -> float:
        return self.value((1.0 + turn) / 2.0)


@dataclass(frozen=True)
class Steps:
    """One choice after the other, each with an equal part of the way."""

    choices: Sequence[Any]

    def value(self, share: float) -> Any:
        return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]

    def share(self, value: Any) -> float:
        return (self.choices.index(value) + 0.5) / len(self.choices)

    def around(self, turn: float) -> Any:
        return self.value((1.0 + turn) / 2.0)


# Beats, the longest first.
DIVISIONS = (
    64.0,
    32.0,
    16.0,
    12.0,
    8.0,
    6.0,
    4.0,
    3.0,
    2.0,
    1.5,
    1.0,
    0.75,
    2 / 3,
    0.5,
    1 / 3,
    0.25,
)


@dataclass(frozen=True)
class Divisions:
    """Lengths of notes that divide the bar; others lie where their nearest does."""

    def value(self, share: float) -> float:
        return float(Steps(DIVISIONS).value(share))

    def share(self, value: float) -> float:
        nearest = min(DIVISIONS, key=lambda beats: abs(log(beats / max(value, DIVISIONS[-1]))))
        return Steps(DIVISIONS).share(nearest)

    def around(self, turn: float) -> float:
        return self.value((1.0 + turn) / 2.0)

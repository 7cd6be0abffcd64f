"""The morph pad: instruments as points of a square, and how much each counts at a place.

A modified Shepard weighting (Franke and Little): inverse distances that fall to nothing at a
radius. Ours reaches a little beyond the fifth nearest point, and every point within it counts: so
weights are continuous wherever the place goes, the middle of a circle of points included.
"""

from collections.abc import Sequence
from math import cos, hypot, pi, sin
from typing import TypeAlias

Place: TypeAlias = tuple[float, float]  # across and up, 0..1

GRID = 128  # places across and up that are told apart
STEPS = 64  # weights are multiples of a 64th: near places are one blend, which is rendered once
NEAREST, BEYOND = 4, 1.25  # the radius is so many times the distance to the next nearest one,
ALONE = 1.5  # or, where there is none, so many times the distance to the farthest
PURE = 1 / 256  # nearer than that to a point it counts alone
RADIUS = 0.4  # of the circle on which points stand by default


def default_points(count: int) -> tuple[Place, ...]:
    """Where points stand unless somebody says else: on a circle, from the top on, clockwise."""
    if count == 1:
        return ((0.5, 0.5),)
    if count == 2:
        return ((0.1, 0.5), (0.9, 0.5))
    turns = [2.0 * pi * number / count for number in range(count)]
    return tuple((0.5 + RADIUS * sin(turn), 0.5 + RADIUS * cos(turn)) for turn in turns)


class Pad:
    """How much each of some points counts at a place.

    Args:
        points: of the instruments, as many as these; any other number: by default.
        count: of the instruments.
    """

    def __init__(self, points: Sequence[Place], count: int) -> None:
        self._points = tuple(points) if len(points) == count else default_points(count)

    def weights(self, place: Place) -> list[float]:
        """The weight of each point, 0..1, at a place that lies on the grid (see `on_grid`)."""
        across, up = place
        distances = [hypot(across - x, up - y) for x, y in self._points]
        near = [float(distance < PURE) for distance in distances]
        shares = near if any(near) else _shares(distances)
        total = sum(shares)
        return [round(STEPS * share / total) / STEPS for share in shares]


def on_grid(place: Place) -> Place:
    """The nearest place that is told apart."""
    across, up = place
    return round(GRID * across) / GRID, round(GRID * up) / GRID


def _shares(distances: Sequence[float]) -> list[float]:
    """By distances, none of which is 0."""
    ordered = sorted(distances)
    many = len(ordered) > NEAREST
    radius = BEYOND * ordered[NEAREST] if many else ALONE * ordered[-1]
    return [(max(0.0, radius - each) / (radius * each)) ** 2 for each in distances]

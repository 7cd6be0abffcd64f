"""Axes turned to what they change, and names for them."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.directions.measures import MEASURES

Floats = NDArray[np.float64]

CONSISTENT = 0.8  # share of notes that a named direction changes in the same sense
AUDIBLE = 0.25  # least change of a named direction, in spreads of the measure over instruments
NEARLY = 0.5  # a name that is left over must fit half as well as the best one


def turned(changes: Floats, count: int) -> Floats:
    """Orthonormal coordinates [count, axes]: first one for each measure, then the strongest left.

    `changes` [axes, measures] is what steps along each axis change, in spreads of the measures. The
    first rows are the set nearest to the measures' gradients that is orthonormal (Löwdin, 1950).
    """
    gradients = changes.T
    u, _, w = np.linalg.svd(gradients, full_matrices=False)
    rows = list(u @ w)
    for axis in np.eye(len(changes)):
        rest = axis - sum((row @ axis) * row for row in rows)
        if len(rows) < count and np.linalg.norm(rest) > 0.5:
            rows.append(rest / np.linalg.norm(rest))
    return np.array(rows[:count])


def is_heard(effects: Floats, agreement: Floats) -> NDArray[np.bool_]:
    """Which mean changes, in spreads, count: most notes agree, and they are not small."""
    return (np.abs(effects) >= AUDIBLE) & (agreement >= CONSISTENT)


def named(effects: Floats, agreement: Floats) -> list[tuple[str, int]]:
    """Name and sense (1 or -1: turn it round) of each direction.

    `effects` [directions, measures] are mean changes in spreads, `agreement` the shares of notes
    that change in their sense. The largest effects choose their names first.
    """
    scores = np.where(is_heard(effects, agreement), np.abs(effects), 0.0)
    best = scores.max(axis=1)
    chosen: dict[int, int] = {}
    for place in np.argsort(-scores, axis=None, kind="stable"):
        direction, measure = divmod(int(place), len(MEASURES))
        fits = scores[direction, measure] >= max(NEARLY * best[direction], AUDIBLE)
        if fits and direction not in chosen and measure not in chosen.values():
            chosen[direction] = measure
    names = []
    times = dict.fromkeys(chosen.values(), 1)
    for direction, effect in enumerate(effects):
        if best[direction] == 0.0:
            names.append((f"direction {direction + 1}", 1))
            continue
        measure = int(scores[direction].argmax())
        if direction in chosen:
            measure = chosen[direction]
            name = MEASURES[measure].name
        else:
            times[measure] += 1
            name = f"{MEASURES[measure].name} {times[measure]}"
        names.append((name, 1 if effect[measure] > 0 else -1))
    return names

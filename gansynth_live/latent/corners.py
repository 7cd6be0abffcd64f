"""Between which places of a grid a blend lies: what its frames can be mixed from.

The grid divides each leg from one instrument to another into equal parts. Mixtures of more than two
lie in cells with as many corners as there are instruments (the triangulation of Freudenthal and
Kuhn), so that no blend has more corners than instruments, and neighbouring cells share theirs.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gansynth_live.latent.blend import STEPS, Blend

PARTS = 4  # of a leg: see docs/morphing.md for what more or fewer would cost
PARTS_OF_MANY = 8  # where more than two instruments meet


NEARBY = 4  # places that are made ahead: those of a blend's cell on a leg, and of the cells beside


class Corner(NamedTuple):
    """A place of the grid and how much it counts."""

    blend: Blend
    share: float


@lru_cache(256)  # of a moving blend every voice asks
def corners(blend: Blend) -> tuple[Corner, ...]:
    """The corners of the cell that a blend lies in; their shares are above 0 and add up to 1.

    A place of the grid is its own only corner. So is a blend that is moved or focused: other moves
    and another focus are other timbres, and the grid does not reach there.
    """
    if blend.moves or blend.focus != 1.0 or len(blend.weights) == 1:
        return (Corner(blend, 1.0),)
    names = [name for name, _ in blend.weights]
    parts = PARTS if len(names) == 2 else PARTS_OF_MANY
    width = STEPS // parts
    # What lies at each instrument but the first, or beyond it: whole parts of a leg, and a rest.
    counts = [round(weight * STEPS) for _, weight in blend.weights]
    levels, rests = zip(
        *(divmod(sum(counts[i:]), width) for i in range(1, len(counts))), strict=True
    )
    order = sorted(range(len(rests)), key=lambda i: -rests[i])
    limits = [width, *(rests[i] for i in order), 0]
    level, found = list(levels), []
    for raised, (limit, next_limit) in enumerate(pairwise(limits)):
        if raised > 0:
            level[order[raised - 1]] += 1
        if limit > next_limit:
            amounts = [one - other for one, other in pairwise((parts, *level, 0))]
            place = Blend.of(zip(names, amounts, strict=True))
            found.append(Corner(place, (limit - next_limit) / width))
    return tuple(found)


def nearby(blend: Blend, ends: Iterable[str]) -> list[Blend]:
    """Places of the grid that a knob may need next, the nearest first; some few.

    Args:
        ends: instruments that a knob may turn to from an unmixed blend.
    """
    if blend.moves or blend.focus != 1.0:
        return []
    places = [place for place, _ in corners(blend)]
    (name, share), *further = blend.weights
    if len(further) > 1:
        return places
    parts = sorted(range(PARTS + 1), key=lambda part: abs(part - share * PARTS))
    for part in parts:
        for end in [further[0][0]] if further else ends:
            places.append(Blend.of([(name, part), (end, PARTS - part)]))
    return list(dict.fromkeys(places))[:NEARBY]

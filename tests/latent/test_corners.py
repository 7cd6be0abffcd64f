"""Blends lie between the corners of one cell of the grid, and neighbouring cells meet."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.latent.blend import STEPS, Blend
from gansynth_live.latent.corners import NEARBY, PARTS, PARTS_OF_MANY, Corner, corners, nearby

NAMES = "bell", "choir", "flute", "organ", "viola"
amounts = st.lists(st.integers(0, STEPS), min_size=1, max_size=len(NAMES)).filter(any)


def blend_of(weights: list[int]) -> Blend:
    return Blend.of(zip(NAMES, weights, strict=False))


def mixture(found: tuple[Corner, ...]) -> dict[str, float]:
    """Instruments and their weights in the mix of the corners."""
    names = {name for corner in found for name, _ in corner.blend.weights}
    return {
        name: sum(share * dict(blend.weights).get(name, 0.0) for blend, share in found)
        for name in names
    }


@given(amounts)
def test_a_blend_is_the_mean_of_its_corners(weights: list[int]) -> None:
    blend = blend_of(weights)
    found = corners(blend)
    assert mixture(found) == pytest.approx(dict(blend.weights), abs=1e-12)
    assert all(share > 0 for _, share in found)
    assert sum(share for _, share in found) == 1.0


@given(amounts)
def test_corners_are_few_distinct_and_places_of_the_grid(weights: list[int]) -> None:
    blend = blend_of(weights)
    found = corners(blend)
    parts = PARTS if len(blend.weights) <= 2 else PARTS_OF_MANY
    assert len({corner.blend for corner in found}) == len(found) <= len(blend.weights)
    for place, _ in found:
        assert all((weight * parts).is_integer() for _, weight in place.weights)
        if parts == PARTS or len(place.weights) > 2:
            assert corners(place) == (Corner(place, 1.0),)


def test_a_leg_is_cut_into_equal_parts() -> None:
    places = [Blend.of([("flute", i), ("organ", PARTS - i)]) for i in range(PARTS + 1)]
    for left, right in pairwise(places):
        weight = (dict(left.weights).get("flute", 0.0) * 3 + dict(right.weights)["flute"]) / 4
        found = dict(corners(Blend.of([("flute", weight), ("organ", 1 - weight)])))
        assert found == {left: 0.75, right: 0.25}


@given(st.integers(1, STEPS - 3), st.integers(1, STEPS - 3), st.integers(0, 2))
def test_a_step_of_a_weight_moves_the_shares_by_a_step(one: int, two: int, gets: int) -> None:
    weights = [one, two, STEPS - one - two] if one + two < STEPS - 1 else [one, STEPS - one]
    stepped = weights.copy()
    stepped[gets % len(weights)] += 1
    stepped[(gets + 1) % len(weights)] -= 1
    before, after = (dict(corners(blend_of(w))) for w in (weights, stepped))
    if len(blend_of(weights).weights) == len(blend_of(stepped).weights):
        places = {*before, *after}
        moved = [after.get(place, 0.0) - before.get(place, 0.0) for place in places]
        assert max(map(abs, moved)) <= 2 * PARTS_OF_MANY / STEPS


@pytest.mark.parametrize("odd", [{"focus": 1.5}, {"moves": [("bright", 0.5)]}])
def test_what_is_moved_or_focused_is_a_place_of_its_own(odd: dict[str, object]) -> None:
    blend = Blend.of([("flute", 0.6), ("organ", 0.4)], **odd)  # type: ignore[arg-type]
    assert corners(blend) == (Corner(blend, 1.0),)


@given(amounts, st.lists(st.sampled_from(NAMES), max_size=2))
def test_what_a_knob_may_need_next_begins_with_what_it_needs_now(
    weights: list[int], ends: list[str]
) -> None:
    blend = blend_of(weights)
    found, now = nearby(blend, ends), [place for place, _ in corners(blend)]
    assert found[: len(now)] == now
    assert len(set(found)) == len(found) <= max(NEARBY, len(now))
    if len(blend.weights) == 2:
        assert len(found) == NEARBY
        assert all(
            {name for name, _ in place.weights} <= dict(blend.weights).keys() for place in found
        )


def test_from_an_unmixed_blend_a_knob_may_go_either_way() -> None:
    found = nearby(Blend.only("flute"), ["organ", "bell"])
    assert found[0] == Blend.only("flute")
    assert {name for place in found[1:3] for name, _ in place.weights} == {"flute", "organ", "bell"}
    assert nearby(Blend.only("flute", 1.5), ["organ"]) == []

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import UsageError
from gansynth_live.latent.blend import STEPS, Blend

Parts = list[tuple[str, float]]

names = st.sampled_from(["flute", "organ", "piano", "viola", "trumpet"])
moves = st.lists(st.tuples(st.sampled_from(["bright", "hard"]), st.floats(-2, 2)), max_size=4)
pairs = st.lists(st.tuples(names, st.floats(0, 1e6)), min_size=1).filter(
    lambda parts: any(weight > 0 for _, weight in parts)
)


@given(pairs, st.floats(-10, 10), st.randoms())
def test_equal_mixtures_are_equal_and_hash_equal(
    parts: Parts, focus: float, shuffler: random.Random
) -> None:
    blend = Blend.of(parts, focus)
    distinct = dict(parts)
    shuffled = list(distinct.items())
    shuffler.shuffle(shuffled)
    if any(distinct.values()):
        assert hash(Blend.of(shuffled)) == hash(Blend.of(distinct.items()))
    assert Blend.of(blend.weights, blend.focus) == blend


@given(pairs)
def test_weights_are_whole_steps_that_sum_to_one(parts: Parts) -> None:
    weights = Blend.of(parts).weights
    assert sum(weight for _, weight in weights) == 1.0
    assert all(weight > 0 and (weight * STEPS).is_integer() for _, weight in weights)
    assert [name for name, _ in weights] == sorted({name for name, _ in weights})


@given(moves, st.randoms())
def test_moves_are_canonical(given_moves: Parts, shuffler: random.Random) -> None:
    blend = Blend.of([("a", 1)], 1.0, given_moves)
    shuffled = list(given_moves)
    shuffler.shuffle(shuffled)
    assert hash(Blend.of([("a", 2)], 1.0, shuffled)) == hash(blend)
    assert Blend.of(blend.weights, blend.focus, blend.moves) == blend
    assert [name for name, _ in blend.moves] == sorted({name for name, _ in blend.moves})
    assert all(0 < abs(amount) <= 1 and (amount * 64).is_integer() for _, amount in blend.moves)


def test_a_move_that_is_no_number_is_refused() -> None:
    with pytest.raises(UsageError, match="'bright' is nan"):
        Blend.of([("a", 1)], moves=[("bright", float("nan"))])


def test_scale_does_not_matter() -> None:
    assert Blend.of([("a", 1), ("b", 3)]) == Blend.of([("b", 0.75), ("a", 0.25)])


def test_a_name_given_twice_counts_twice() -> None:
    assert Blend.of([("a", 1), ("b", 2), ("a", 1)]) == Blend.of([("a", 1), ("b", 1)])


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf")])
def test_a_weight_that_is_no_weight_is_refused(weight: float) -> None:
    with pytest.raises(UsageError, match="'flute'"):
        Blend.of([("flute", weight), ("organ", 1)])


@pytest.mark.parametrize("parts", [[], [("flute", 0.0)]])
def test_a_blend_of_nothing_is_refused(parts: Parts) -> None:
    with pytest.raises(UsageError, match="above 0"):
        Blend.of(parts)


def test_focus_is_bounded_and_quantised() -> None:
    assert Blend.only("a", 99).focus == 4.0
    assert Blend.only("a", 1.001) == Blend.only("a")
    with pytest.raises(UsageError, match="focus"):
        Blend.only("a", float("nan"))


def test_it_reads_like_a_mixture() -> None:
    assert str(Blend.only("flute")) == "flute"
    assert str(Blend.of([("organ", 3), ("flute", 1)])) == "25% flute + 75% organ"
    moved = Blend.of([("flute", 1)], moves=[("noise", -1), ("attack", 0.5)])
    assert str(moved) == "flute, attack +50%, noise -100%"

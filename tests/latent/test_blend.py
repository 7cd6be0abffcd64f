import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import UsageError
from gansynth_live.latent.blend import STEPS, Blend

Parts = list[tuple[str, float]]

names = st.sampled_from(["flute", "organ", "piano", "viola", "trumpet"])
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

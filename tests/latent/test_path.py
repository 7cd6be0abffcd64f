import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import UsageError
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.path import MorphPath, Weights, mixed, tour_weights


def test_the_ends_and_the_middle_are_the_instruments_themselves() -> None:
    path = MorphPath(("a", "b", "c"))
    assert [path.blend(x) for x in (0, 0.5, 1)] == [Blend.only(name) for name in "abc"]


def test_between_two_instruments_both_sound() -> None:
    assert MorphPath(("a", "b", "c")).blend(0.125) == Blend.of([("a", 3), ("b", 1)])


def test_instruments_may_return() -> None:
    path = MorphPath(("a", "b", "a"), at=(0.0, 0.5, 1.0))
    assert path.blend(0.25) == path.blend(0.75)


def test_chosen_positions() -> None:
    path = MorphPath(("a", "b", "c"), at=(0.2, 0.3, 0.9))
    assert path.blend(0.1) == Blend.only("a")
    assert path.blend(0.6) == Blend.of([("b", 1), ("c", 1)])
    assert path.blend(0.95) == Blend.only("c")


def test_two_instruments_at_one_position_are_a_cut() -> None:
    path = MorphPath(("a", "b", "c"), at=(0.0, 0.0, 0.0))
    assert path.blend(0.0) == Blend.only("c")
    assert MorphPath(("a", "b"), at=(0.5, 0.5)).blend(0.49) == Blend.only("a")


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=8), st.floats(-1, 2))
def test_every_position_has_a_blend(instruments: list[str], position: float) -> None:
    blend = MorphPath(tuple(instruments)).blend(position, focus=1.5)
    assert blend.focus == 1.5
    assert {name for name, _ in blend.weights} <= set(instruments)


@pytest.mark.parametrize("at", [(0.0, 0.5), (0.0, 0.6, 0.5), (-0.1, 0.5, 1), (0, 1, float("nan"))])
def test_positions_that_do_not_rise_through_the_path_are_refused(at: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="positions"):
        MorphPath(("a", "b", "c"), at)


def test_a_path_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one"):
        MorphPath(())


def test_a_tour_comes_home() -> None:
    tour = [Blend.of(tour_weights("abcd", turn / 8)) for turn in range(9)]
    assert tour[::2] == [Blend.only(name) for name in "abcda"]
    assert tour[7] == Blend.of([("a", 1), ("d", 1)])
    assert Blend.of(tour_weights("a", 0.7)) == Blend.only("a")


parts = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.01, 99.0)), min_size=1, max_size=6)


@given(parts, parts, st.floats(0.0, 1.0))
def test_a_mixture_holds_each_name_once_and_both_as_wholes(
    first: Weights, second: Weights, share: float
) -> None:
    mixture = mixed(first, second, share)
    if 0.0 < share < 1.0:
        assert len({name for name, _ in mixture}) == len(mixture)
        assert sum(weight for _, weight in mixture) == pytest.approx(1.0)
    same = Blend.of(mixed(first, first, share)).weights
    assert dict(same) == pytest.approx(dict(Blend.of(first).weights), abs=1 / 1024)

"""Knobs and programs become blends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.path import MorphPath

PATH = MorphPath(("cello", "choir", "flute"))
PROGRAMS = ("piano", "organ")


def controls(**options: int | float) -> MorphControls:
    return MorphControls(PATH, PROGRAMS, weight_ccs=(16, 17, 18, 19), **options)  # type: ignore[arg-type]


def test_it_begins_at_the_first_instrument() -> None:
    assert controls().blend == Blend.only("cello")


@pytest.mark.parametrize(("value", "name"), [(0, "cello"), (127, "flute")])
def test_the_ends_of_the_position_are_pure(value: int, name: str) -> None:
    assert controls().control(1, value) == Blend.only(name)
    assert controls(steps=1).control(1, 0) == Blend.only("cello")


def test_positions_are_quantised() -> None:
    knob = controls(steps=5)
    assert len({knob.control(1, value) for value in range(128)}) == 5
    assert knob.control(1, 64) == Blend.only("choir")


def test_weights_mix_slots_and_zero_gives_the_path_back() -> None:
    knob = controls()
    knob.control(1, 127)
    assert knob.control(16, 100) == Blend.only("cello")
    assert knob.control(17, 100) == Blend.of([("cello", 1.0), ("choir", 1.0)])
    knob.control(16, 0)
    assert knob.control(17, 0) == Blend.only("flute")


def test_a_slot_without_an_instrument_and_other_controllers_do_nothing() -> None:
    knob = controls()
    before = knob.blend
    assert knob.control(19, 127) == before
    assert knob.control(7, 100) == before


def test_programs_select_instruments_until_another_control_moves() -> None:
    knob = controls(focus=2.0)
    assert knob.program(1) == Blend.only("organ", 2.0)
    assert knob.program(99) == Blend.only("organ", 2.0)
    assert knob.control(1, 0) == Blend.only("cello", 2.0)


@given(moves=st.lists(st.tuples(st.sampled_from([1, 7, 16, 17, 18, 19, -1]), st.integers(0, 127))))
def test_any_moves_give_a_blend_of_known_names(moves: list[tuple[int, int]]) -> None:
    knob = controls()
    for number, value in moves:
        blend = knob.program(value) if number < 0 else knob.control(number, value)
        assert blend is knob.blend
        assert {name for name, _ in blend.weights} <= {*PATH.instruments, *PROGRAMS}

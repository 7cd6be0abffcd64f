"""Knobs, programs and fingers become blends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from tests.latent.turned import (
    CONTROL,
    FOCUS,
    GLIDE,
    PATH,
    PRESSURE,
    PROGRAM,
    PROGRAMS,
    controls,
)


def turn(knob: MorphControls, number: int, value: int, seconds: float = 0.0) -> Blend:
    knob.feed(seconds, CONTROL, number, value)
    return knob.blend_at(seconds)


def test_it_begins_at_the_first_instrument() -> None:
    assert controls().blend_at(0.0) == controls().blend_at(99.0) == Blend.only("cello")


@pytest.mark.parametrize(("value", "name"), [(0, "cello"), (127, "flute")])
def test_the_ends_of_the_position_are_pure(value: int, name: str) -> None:
    assert turn(controls(), 1, value) == Blend.only(name)
    assert turn(controls("morph.steps=1"), 1, 0) == Blend.only("cello")


def test_positions_are_quantised() -> None:
    knob = controls("morph.steps=5")
    assert len({turn(knob, 1, value) for value in range(128)}) == 5
    assert turn(knob, 1, 64) == Blend.only("choir")


def test_by_default_the_values_of_a_controller_count_and_reach_every_instrument() -> None:
    knob = controls()
    heard = {turn(knob, 1, value) for value in range(128)}
    assert len(heard) == 127
    assert {Blend.only(name) for name in PATH.instruments} <= heard


def test_weights_mix_slots_and_zero_gives_the_path_back() -> None:
    knob = controls()
    turn(knob, 1, 127)
    assert turn(knob, 16, 100) == Blend.only("cello")
    assert turn(knob, 17, 100) == Blend.of([("cello", 1.0), ("choir", 1.0)])
    turn(knob, 16, 0)
    assert turn(knob, 17, 0) == Blend.only("flute")


def test_a_slot_without_an_instrument_and_other_controllers_do_nothing() -> None:
    knob = controls()
    before = knob.blend_at(0.0)
    assert turn(knob, 19, 127) == before
    assert turn(knob, 7, 100) == before


def test_one_controller_may_weigh_two_slots() -> None:
    knob = controls("controllers.morph.weights.3=16")
    turn(knob, 17, 100)
    assert turn(knob, 16, 100) == Blend.of([("cello", 1), ("choir", 1), ("flute", 1)])


def test_programs_select_instruments_until_another_control_moves() -> None:
    knob = controls("morph.focus=2")
    knob.feed(0.0, PROGRAM, 1)
    assert knob.blend_at(0.0) == Blend.only("organ", 2.0)
    knob.feed(0.0, PROGRAM, 99)
    assert knob.blend_at(0.0) == Blend.only("organ", 2.0)
    assert turn(knob, 1, 0) == Blend.only("cello", 2.0)


def test_focus_turns_around_its_centre() -> None:
    knob = controls()
    assert [turn(knob, FOCUS, value).focus for value in (0, 64, 127)] == [0.25, 1.0, 4.0]


DIRECTIONS = {"brightness": 30, "noise": 31, "attack": 30}


def test_directions_move_from_their_centre() -> None:
    knob = controls(
        *(f"controllers.morph.directions.{name}={cc}" for name, cc in DIRECTIONS.items())
    )
    assert turn(knob, 30, 127).moves == (("attack", 1.0), ("brightness", 1.0))
    assert turn(knob, 31, 0).moves[-1] == ("noise", -1.0)
    turn(knob, 31, 64)
    assert turn(knob, 30, 64) == Blend.only("cello")


def test_pressure_pushes_the_place_on_the_path() -> None:
    knob = controls("motion.pressure_position=0.5")
    knob.feed(0.0, PRESSURE | 3, 127)
    assert knob.blend_at(0.0) == Blend.only("choir")
    knob.feed(0.0, 0xA0, 60, 100)
    knob.feed(0.0, PRESSURE | 3, 0)
    assert knob.position_at(0.0) == pytest.approx(0.5 * 100 / 127, abs=0.005)
    knob.feed(0.0, 0x80, 60, 0)
    assert knob.blend_at(0.0) == Blend.only("cello")


@pytest.mark.parametrize("relief", [(CONTROL, 121, 0), (0xFF, 0, 0), (0xD0, 0, 0)])
def test_pressure_is_let_go(relief: tuple[int, int, int]) -> None:
    knob = controls()
    knob.feed(0.0, PRESSURE, 127)
    assert knob.blend_at(0.0) != Blend.only("cello")
    knob.feed(0.0, *relief)
    assert knob.blend_at(0.0) == Blend.only("cello")


def test_a_journey_takes_the_time_that_it_has_and_obeys_no_knob() -> None:
    knob = controls(lasts=10.0)
    knob.feed(0.0, CONTROL, 1, 127)
    knob.feed(0.0, PROGRAM, 1)
    assert knob.blend_at(0.0) == Blend.only("cello")
    assert knob.blend_at(5.0) == Blend.only("choir")
    assert knob.blend_at(10.0) == knob.blend_at(11.0) == Blend.only("flute")
    assert controls(lasts=0.0).blend_at(1.0) == Blend.only("cello")


@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from([1, 7, 16, 17, 18, 19, GLIDE, -1]),
            st.sampled_from([0, 1, 64, 127]),
            st.sampled_from([0.0, 0.0, 0.001, 1.0]),
        )
    )
)
def test_any_moves_at_any_pace_give_a_blend_of_known_names(
    moves: list[tuple[int, int, float]],
) -> None:
    knob, now = controls(), 0.0
    for number, value, pause in moves:
        now += pause
        knob.feed(now, *((PROGRAM, value) if number < 0 else (CONTROL, number, value)))
        blend = knob.blend_at(now)
        assert {name for name, _ in blend.weights} <= {*PATH.instruments, *PROGRAMS}


def test_a_weight_that_has_just_begun_to_rise_sounds_alone_when_the_others_go() -> None:
    knob = controls()
    turn(knob, 16, 127)
    turn(knob, GLIDE, 64)
    turn(knob, 17, 127)
    turn(knob, GLIDE, 0)
    assert turn(knob, 16, 0) == Blend.only("choir")
    knob.feed(0.0, PROGRAM, 1)
    assert knob.blend_at(0.0) == Blend.only("organ")

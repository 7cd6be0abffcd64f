"""Glides, LFO and round trip: blends as a function of time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.latent.blend import STEPS, Blend
from gansynth_live.latent.controls import MorphControls
from tests.latent.turned import (
    CONTROL,
    GLIDE,
    LFO_DEPTH,
    LFO_RATE,
    ORBIT_AMOUNT,
    ORBIT_RATE,
    PATH,
    PROGRAM,
    PROGRAMS,
    controls,
)

Message = tuple[float, int, int, int]  # seconds after the one before, status, data

NUMBERS = [1, 7, 16, 17, 18, GLIDE, LFO_RATE, LFO_DEPTH, ORBIT_RATE, ORBIT_AMOUNT, 25, 30, 121]
byte = st.integers(0, 127)
waits = st.floats(0.0, 0.5)
control_changes = st.tuples(waits, st.just(CONTROL), st.sampled_from(NUMBERS), byte)
STATUSES = [PROGRAM, 0xD0, 0xA0, 0x90, 0xF8, 0xFA, 0xFB, 0xFC, 0xF2, 0xFF]
others = st.tuples(waits, st.sampled_from(STATUSES), byte, byte)
performances = st.lists(control_changes | others, max_size=60)


def busy() -> MorphControls:
    return controls(
        "motion.glide=0.3",
        "motion.lfo_beats=2",
        "motion.lfo_depth=0.5",
        "motion.orbit_amount=0.3",
        "motion.pressure_depth=0.5",
        "controllers.morph.directions.bright=30",
    )


def distance(one: Blend, other: Blend) -> float:
    """Largest difference of a weight."""
    first, second = dict(one.weights), dict(other.weights)
    names = {*first, *second}
    return max(abs(first.get(name, 0.0) - second.get(name, 0.0)) for name in names)


@given(performances, st.integers(1, 7))
def test_blends_do_not_depend_on_how_often_they_are_asked(
    performance: list[Message], often: int
) -> None:
    seldom, frequent = busy(), busy()
    now = 0.0
    for wait, status, data1, data2 in performance:
        for look in range(often):
            frequent.blend_at(now + wait * look / often)
            frequent.position_at(now + wait * look / often)
        now += wait
        seldom.feed(now, status, data1, data2)
        frequent.feed(now, status, data1, data2)
    for later in (0.0, 0.01, 3.3):
        assert seldom.blend_at(now + later) == frequent.blend_at(now + later)


@given(performances, st.floats(0.0, 5.0), st.floats(0.0, 60.0))
def test_at_rest_nothing_moves(performance: list[Message], waited: float, later: float) -> None:
    for knob in (busy(), controls("motion.glide=0.3", "motion.pressure_depth=0.5")):
        now = 0.0
        for wait, status, data1, data2 in performance:
            now += wait
            knob.feed(now, status, data1, data2)
        now += waited
        if knob.rests_at(now):
            assert knob.blend_at(now + later) == knob.blend_at(now)


def test_it_comes_to_rest_unless_something_goes_round() -> None:
    knob = controls("motion.glide=2")
    assert knob.rests_at(0.0)
    knob.feed(1.0, CONTROL, 1, 127)
    assert not knob.rests_at(2.9)
    assert knob.rests_at(3.0)
    for number in (LFO_DEPTH, ORBIT_AMOUNT):
        knob.feed(3.0, CONTROL, number, 1)
        assert not knob.rests_at(60.0)
        knob.feed(60.0, CONTROL, number, 0)
        assert knob.rests_at(63.0)


@given(performances)
def test_every_blend_is_canonical(performance: list[Message]) -> None:
    knob, now = busy(), 0.0
    for wait, status, data1, data2 in performance:
        now += wait
        knob.feed(now, status, data1, data2)
        blend = knob.blend_at(now)
        assert Blend.of(blend.weights, blend.focus, blend.moves) == blend
        assert {name for name, _ in blend.weights} <= {*PATH.instruments, *PROGRAMS}
        assert 0.0 <= knob.position_at(now) <= 1.0


turns = st.lists(
    st.tuples(
        waits,
        st.sampled_from([(CONTROL, 1), (CONTROL, 16), (CONTROL, 17), (CONTROL, 18), (PROGRAM, 0)]),
        byte,
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=50)
@given(turns)
def test_a_glide_never_jumps(moves: list[tuple[float, tuple[int, int], int]]) -> None:
    glide, look = 1.0, 0.005
    knob = controls(f"motion.glide={glide}", "morph.steps=1024")
    heard = [knob.blend_at(0.0)]
    now = 0.0
    for wait, (status, number), value in moves:
        while (now := now + look) < wait:
            heard.append(knob.blend_at(now))
        if status == PROGRAM:
            knob.feed(now, status, value % len(PROGRAMS))
        else:
            knob.feed(now, status, number, value)
        # Weights count by their sum, so a soft slot beside a softer one may turn quickly.
        heard.append(knob.blend_at(now))
    slots = sum(number in (16, 17, 18) for _, (_, number), _ in moves)
    if slots < 2:
        steepest = 4.0 * look / glide + 8 / STEPS
        assert max(distance(a, b) for a, b in pairwise(heard)) <= steepest


def test_a_glide_arrives_in_its_time_from_near_and_far() -> None:
    for value in (32, 64, 127):
        knob = controls("motion.glide=2")
        knob.feed(1.0, CONTROL, 1, value)
        assert knob.blend_at(1.0) == Blend.only("cello")
        assert knob.position_at(2.0) == pytest.approx(value / 127 / 2, abs=0.005)
        assert knob.position_at(2.9) < value / 127 - 0.01
        assert knob.position_at(3.0) == pytest.approx(value / 127, abs=0.005)


def test_a_glide_fades_from_program_to_program() -> None:
    knob = controls("motion.glide=1")
    knob.feed(0.0, PROGRAM, 0)
    assert knob.blend_at(0.25) != Blend.only("piano")
    knob.feed(2.0, PROGRAM, 1)
    assert dict(knob.blend_at(2.5).weights).keys() == {"piano", "organ"}
    assert knob.blend_at(3.0) == Blend.only("organ")


def test_the_glide_knob_sets_seconds() -> None:
    knob = controls()
    knob.feed(0.0, CONTROL, GLIDE, 127)
    knob.feed(0.0, CONTROL, 1, 127)
    assert knob.position_at(10.0) == pytest.approx(0.5, abs=0.005)
    assert knob.position_at(20.0) == 1.0


def test_the_lfo_swings_around_the_knob_and_leans_inwards() -> None:
    knob = controls("motion.lfo_rate=1", "motion.lfo_depth=0.5")
    assert [knob.position_at(t) for t in (0.0, 0.25, 0.75)] == pytest.approx(
        [0.25, 0.5, 0], abs=0.005
    )
    knob.feed(1.0, CONTROL, 1, 127)
    assert [knob.position_at(t) for t in (1.25, 1.75)] == pytest.approx([1.0, 0.5], abs=0.005)
    knob.feed(2.0, CONTROL, LFO_DEPTH, 127)
    assert [knob.position_at(t) for t in (2.25, 2.75)] == [1.0, 0.0]
    knob.feed(3.0, CONTROL, LFO_DEPTH, 0)
    assert knob.position_at(3.3) == 1.0


@pytest.mark.parametrize("shape", ["sine", "triangle"])
def test_a_new_rate_does_not_break_the_wave(shape: str) -> None:
    knob = controls("motion.lfo_depth=1", f"motion.lfo_shape={shape}", "morph.steps=1024")
    for value in (100, 3, 127, 64):
        before = knob.position_at(value / 7.0)
        knob.feed(value / 7.0, CONTROL, LFO_RATE, value)
        assert knob.position_at(value / 7.0) == pytest.approx(before, abs=0.002)


def test_a_locked_lfo_goes_by_the_beats() -> None:
    for beats, knob in [
        (2.0, controls("motion.lfo_beats=2", "motion.lfo_depth=1", beats=lambda t: 3.0 * t)),
        (1.0, controls("motion.lfo_beats=2", "motion.lfo_depth=1", beats=lambda t: 3.0 * t)),
    ]:
        if beats == 1.0:
            knob.feed(0.0, CONTROL, LFO_RATE, 10 * 8)  # the eleventh division
        assert knob.position_at(beats / 4 / 3) == 1.0
        assert knob.position_at(0.75 * beats / 3 + beats) == 0.0


def test_an_orbit_visits_all_and_comes_home() -> None:
    knob = controls(
        "motion.orbit=['a','b','c','d']", "motion.orbit_seconds=8", "motion.orbit_amount=1"
    )
    heard = [knob.blend_at(float(second)) for second in range(9)]
    assert heard[::2] == [Blend.only(name) for name in "abcda"]
    assert heard[7] == Blend.of([("d", 1), ("a", 1)])


def test_an_orbit_mixes_with_what_the_knob_says() -> None:
    knob = controls("motion.orbit=['a','b']", "morph.steps=129")
    knob.feed(0.0, CONTROL, ORBIT_AMOUNT, 64)
    [(_, orbit), (_, chosen)] = knob.blend_at(0.0).weights
    assert (orbit, chosen) == pytest.approx((0.5, 0.5), abs=0.01)
    knob.feed(0.0, CONTROL, ORBIT_AMOUNT, 127)
    knob.feed(0.0, CONTROL, ORBIT_RATE, 127)
    assert knob.blend_at(0.25) == Blend.only("b")
    knob.feed(0.0, CONTROL, ORBIT_AMOUNT, 0)
    assert knob.blend_at(0.25) == Blend.only("cello")


def test_an_orbit_returns_to_the_same_blends() -> None:
    knob = controls("motion.orbit_amount=1", "motion.orbit_seconds=1", "morph.steps=32")
    rounds = [{knob.blend_at(r + tick / 500) for tick in range(500)} for r in range(3)]
    assert rounds[0] == rounds[1] == rounds[2]
    assert len(rounds[0]) <= 32


def test_a_turn_takes_no_less_than_a_sixty_fourth_of_a_beat() -> None:
    settings = ("motion.lfo_depth=1", "motion.orbit_amount=1")
    least, less = (
        controls(f"motion.lfo_beats={beats}", f"motion.orbit_beats={beats}", *settings)
        for beats in (1 / 64, 1e-320)
    )
    for seconds in (0.0, 0.1, 7.7):
        assert less.blend_at(seconds) == least.blend_at(seconds)

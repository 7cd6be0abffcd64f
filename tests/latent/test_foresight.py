"""Where a moving knob is expected."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gansynth_live.config import Config, control_map
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.foresight import AHEAD, FARTHEST, Foresight
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.programs import ProgramMap

PATH = MorphPath(("cello", "strings", "choir", "flute"))
KNOB = 0xB0, 1


def controls(**motion: float) -> MorphControls:
    config = Config()
    return MorphControls(
        PATH,
        ProgramMap(("harp", "oboe")),
        config.morph,
        replace(config.motion, **motion),
        control_map(config),
    )


def at(value: int) -> Blend:
    """The blend of a knob that rests."""
    at_rest = controls()
    at_rest.feed(0.0, *KNOB, value)
    return at_rest.blend_at(0.0)


def test_a_slow_knob_is_expected_further_on() -> None:
    foresight = Foresight(controls())
    for step in range(4):
        foresight.feed(0.05 * step, *KNOB, 40 + step)
    assert foresight.blend_at(0.15) == at(44)
    for step in range(4):
        foresight.feed(1.0 + 0.05 * step, *KNOB, 40 - step)
    assert foresight.blend_at(1.15) == at(36)


def test_a_fast_knob_may_be_anywhere() -> None:
    foresight = Foresight(controls())
    for step in range(4):
        foresight.feed(0.01 * step, *KNOB, 10 * step)
    assert foresight.blend_at(0.03) == at(30)


def test_a_knob_that_has_stopped_stays_where_it_is() -> None:
    foresight = Foresight(controls())
    for step in range(4):
        foresight.feed(0.05 * step, *KNOB, 40 + step)
    assert foresight.blend_at(0.30) == at(43)


def test_a_jump_goes_no_further() -> None:
    foresight = Foresight(controls())
    foresight.feed(1.0, *KNOB, 100)
    assert foresight.blend_at(1.0) == at(100)
    foresight.feed(2.0, 0xC0, 1)
    assert str(foresight.blend_at(2.0)) == "oboe"


def test_motion_of_its_own_is_known_ahead() -> None:
    gliding = {"glide": 2.0, "lfo_depth": 0.4, "lfo_rate": 3.0}
    foresight, real = Foresight(controls(**gliding)), controls(**gliding)
    for each in (foresight, real):
        each.feed(0.5, *KNOB, 127)
    for seconds in (0.5, 0.9, 1.3, 5.0):
        assert foresight.blend_at(seconds) == real.blend_at(seconds + AHEAD)


values = st.integers(0, 127)


@given(st.lists(st.tuples(st.floats(0.0, 0.3), values), min_size=1, max_size=30))
def test_no_guess_goes_far_and_every_one_comes_to_rest(moves: list[tuple[float, int]]) -> None:
    foresight, now = Foresight(controls()), 0.0
    for wait, value in moves:
        now += wait
        foresight.feed(now, *KNOB, value)
        near = range(max(value - FARTHEST, 0), min(value + FARTHEST, 127) + 1)
        assert foresight.blend_at(now) in [at(other) for other in near]
    assert foresight.blend_at(now + 60.0) == at(moves[-1][1])
    assert foresight.rests_at(now + 60.0)


@given(st.lists(st.tuples(st.floats(0.0, 0.3), values), min_size=1), st.floats(0.0, 9.0))
def test_at_rest_nothing_else_is_expected(moves: list[tuple[float, int]], later: float) -> None:
    foresight, now = Foresight(controls()), 0.0
    for wait, value in moves:
        now += wait
        foresight.feed(now, *KNOB, value)
    expected = foresight.blend_at(now)
    if foresight.rests_at(now):
        assert foresight.blend_at(now + later) == expected

"""The table of parameters: whole, in order, and the same from every side."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import ConfigError
from gansynth_live.parameters.parameter import Parameter
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.scale import Divisions
from gansynth_live.parameters.table import PARAMETERS, find

MOVED = [each for each in PARAMETERS.values() if each.scale is not None]
SHOWN = 5e-4  # of a number is lost in its text

moved = st.sampled_from(MOVED)
shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_a_default_is_a_value(parameter: Parameter) -> None:
    assert parameter.check(parameter.default, parameter.id) == parameter.default
    assert parameter.row.name


def test_names_of_people_are_told_apart() -> None:
    for section in {each.section for each in PARAMETERS.values()}:
        names = [each.row.name for each in PARAMETERS.values() if each.section == section]
        assert len(set(names)) == len(names)


@given(moved, shares)
def test_every_place_of_a_control_is_a_value(parameter: Parameter, share: float) -> None:
    assert parameter.scale
    value = parameter.scale.value(share)
    assert parameter.check(value, parameter.id) == value
    back = parameter.scale.value(parameter.scale.share(value))
    assert back == value or math.isclose(back, value, rel_tol=1e-6, abs_tol=1e-9)


@given(moved, shares, shares)
def test_more_of_a_control_is_no_less_of_the_value(
    parameter: Parameter, one: float, other: float
) -> None:
    assert parameter.scale
    low, high = sorted((one, other))
    order = parameter.scale.share
    assert order(parameter.scale.value(low)) <= order(parameter.scale.value(high)) + 1e-12


@given(moved)
def test_the_ends_of_a_control_are_the_ends_of_the_range(parameter: Parameter) -> None:
    assert parameter.scale
    for share, end in ((0.0, parameter.row.low), (1.0, parameter.row.high)):
        value = parameter.scale.value(share)
        if not isinstance(parameter.scale, Divisions) and not isinstance(value, str):
            assert value == end


@given(moved, shares)
def test_a_text_is_read_as_what_it_shows(parameter: Parameter, share: float) -> None:
    assert parameter.scale
    value: Any = parameter.scale.value(share)
    text = parameter.text(value)
    read = parameter.parse(text)
    assert parameter.text(read) == text
    assert parameter.parse(text.removesuffix(parameter.row.unit)) == read
    if isinstance(value, float):
        assert math.isclose(read, value, rel_tol=SHOWN)
    else:
        assert read == value


@pytest.mark.parametrize(
    ("parameter", "text", "message"),
    [
        ("voice.attack", "slow", r"voice\.attack = 'slow': Expected float"),
        ("voice.attack", "21 s", r"voice\.attack = 21\.0: Expected float <= 20"),
        ("voice.attack", "nan", r"voice\.attack = nan: Expected float"),
        ("motion.lfo_shape", "square", r"motion\.lfo_shape = 'square': choose sine or triangle"),
        ("midi.half_pedal", "yes", r"midi\.half_pedal = 'yes': Expected bool"),
        ("voice.atack", "1", r"unknown parameter 'voice\.atack'; did you mean 'voice\.attack'"),
    ],
)
def test_a_text_that_is_no_value(parameter: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find(parameter).parse(text)


def test_units_are_read_and_written() -> None:
    assert find("voice.release").text(0.4) == "0.4 s"
    assert find("output.gain_db").parse("-6 dB") == -6.0
    assert find("midi.half_pedal").text(True) == "on"
    assert find("voice.polyphony").parse("64") == 64


def test_what_belongs_to_the_computer_is_of_no_patch() -> None:
    for each in PARAMETERS.values():
        if each.section in ("audio", "midi", "model", "cache", "render"):
            assert each.home is Home.SET_UP
            assert not each.is_of_patch
            assert not each.is_learnable
    assert find("voice.attack").is_learnable
    assert not find("morph.instruments").is_learnable

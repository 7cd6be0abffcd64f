"""Which controller moves which parameter, to which value."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.parameters.chart import with_chart
from gansynth_live.parameters.controllers import (
    Binding,
    ControlMap,
    ControlReader,
    default_bindings,
    is_free,
)
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import PARAMETERS, find

BINDABLE = [name for name, each in PARAMETERS.items() if each.is_learnable]
CHART = Path(__file__).parents[2] / "docs" / "midi-implementation.md"

places = st.integers(0, 127)


def reader(bindings: dict[str, tuple[Binding, ...]], now: float = 0.0) -> ControlReader:
    return ControlReader(ControlMap(bindings), tuple(Home), lambda _: now)


def heard(reader: ControlReader, *turned: tuple[int, int], channel: int = 0) -> list[object]:
    """The values that control changes (number, value) gave."""
    return [v for number, value in turned for _, v in reader.hear(channel, number, value)]


def test_the_chart_in_the_documents_is_that_of_the_table() -> None:
    text = CHART.read_text("utf-8")
    assert text == with_chart(text), f"python -m gansynth_live.parameters.chart {CHART}"


def test_default_controllers_have_no_other_meaning() -> None:
    for bindings in default_bindings().values():
        assert all(is_free(binding.cc) for binding in bindings)


@given(st.sampled_from(BINDABLE), places)
def test_every_place_is_a_value(name: str, place: int) -> None:
    [value] = heard(reader({name: (Binding(3),)}), (3, place))
    assert find(name).check(value, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("morph.focus", 1.0), ("channel.pan", 0.0), ("channel.attack_scale", 1.0)],
)
def test_the_centre_of_a_controller_is_the_middle(name: str, value: float) -> None:
    assert heard(reader({name: (Binding(3),)}), (3, 64)) == [value]


@given(places, places)
def test_a_range_between_chosen_ends(low: int, place: int) -> None:
    binding = Binding(3, low=low / 127.0, high=1.0)
    [value] = heard(reader({"morph.position": (binding,)}), (3, place))
    assert value == pytest.approx(low / 127.0 + (1.0 - low / 127.0) * place / 127.0)


def test_a_curve_of_its_own() -> None:
    binding = Binding(3, low=0.01, high=1.0, curve="log")
    [value] = heard(reader({"voice.attack": (binding,)}), (3, 0))
    assert value == 0.01
    [value] = heard(reader({"voice.attack": (binding,)}), (3, 127))
    assert value == 1.0


@given(st.lists(st.tuples(st.sampled_from([1, 33]), places), min_size=1))
def test_fourteen_bits_are_finer_and_go_as_far(turned: list[tuple[int, int]]) -> None:
    listening = reader({"morph.position": (Binding(1, fine=True),)})
    coarse = fine = 0
    for number, value in turned:
        coarse, fine = (value, 0) if number == 1 else (coarse, value)
        [moved] = heard(listening, (number, value))
        assert moved == pytest.approx((coarse * 128 + fine) / 16383)


def test_one_controller_for_several_and_several_for_one() -> None:
    bindings = {
        "morph.position": (Binding(1), Binding(2)),
        "morph.focus": (Binding(2),),
    }
    controls = ControlMap(bindings)
    assert [route.parameter.id for route in controls.moved_by(0, 2)] == list(bindings)


def test_a_channels_own_bindings_take_the_place_of_the_others() -> None:
    controls = ControlMap(
        {"morph.position": (Binding(1),), "morph.focus": (Binding(1, channel=3),)}
    )
    assert [route.parameter.id for route in controls.moved_by(0, 1)] == ["morph.position"]
    assert [route.parameter.id for route in controls.moved_by(2, 1)] == ["morph.focus"]


def test_what_lives_elsewhere_is_not_read() -> None:
    """Nor is its value asked for, which only its home knows."""
    bindings = {"voice.brightness": (Binding(1, takeover=True),), "morph.focus": (Binding(1),)}
    listening = ControlReader(ControlMap(bindings), (Home.MORPH,), pytest.fail)
    read = [parameter.id for parameter, _ in listening.hear(0, 1, 64)]
    assert read == ["morph.focus"]


def test_takeover_waits_until_the_value_is_met() -> None:
    now = [0.5]
    listening = ControlReader(
        ControlMap({"morph.position": (Binding(1, takeover=True),)}), tuple(Home), lambda _: now[0]
    )
    assert heard(listening, (1, 10), (1, 20)) == []
    assert heard(listening, (1, 100)) == [100 / 127]
    now[0] = 100 / 127
    assert heard(listening, (1, 30)) == [30 / 127]
    now[0] = 0.9  # something else has moved it
    assert heard(listening, (1, 31)) == []

"""What controllers have learnt: kept in a file, over the settings, and what it leaves alone."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.config import load_config
from gansynth_live.config.midi_map import (
    binding_of,
    midi_map_path,
    read_midi_map,
    taught,
    write_midi_map,
)
from gansynth_live.errors import ConfigError
from gansynth_live.parameters.controllers import Binding, ControlMap, is_free
from gansynth_live.parameters.moved import Moved
from gansynth_live.parameters.table import find

BRIGHTNESS = "voice.brightness"
CC = 74  # which moves it by default


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


def moved_by(channel: int, cc: int) -> set[str]:
    """What a controller moves by the settings, on a channel 1..16."""
    routes = ControlMap(load_config().controllers).moved_by(channel - 1, cc)
    return {route.parameter.id for route in routes}


def learn(parameter: str, binding: Binding, *, replaces: bool = False) -> None:
    now = load_config().controllers
    write_midi_map(taught(read_midi_map(), now, parameter, binding, replaces=replaces))


plain = st.builds(
    Binding, st.integers(0, 119).filter(is_free), st.integers(0, 16), fine=st.booleans()
)
ranged = st.builds(
    Binding,
    st.integers(0, 119).filter(is_free),
    st.integers(0, 16),
    st.floats(0.001, 1.0),
    st.floats(0.001, 1.0),
    st.sampled_from(["", "linear", "log", "cubic"]),
    st.booleans(),
    st.booleans(),
)
names = st.sampled_from(["voice.attack", 'morph.directions."a\\ é', "motion.lfo_beats"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(names, st.lists(plain, max_size=3).map(tuple)),
    st.lists(ranged, max_size=3).map(tuple),
)
def test_what_is_written_is_read(
    kept: dict[str, tuple[Binding, ...]], of_plate: tuple[Binding, ...]
) -> None:
    kept["effects.plate"] = of_plate
    write_midi_map(kept)
    assert read_midi_map() == kept


def test_without_a_file_nothing_was_learnt() -> None:
    assert read_midi_map() == {}
    assert not midi_map_path().exists()


def test_it_counts_over_the_settings_and_what_it_does_not_name_stays(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[controllers]\nvoice.attack = 30\nvoice.release = 31\n")
    learn("voice.attack", Binding(40, 2))
    assert moved_by(2, 40) == {"voice.attack"}
    assert moved_by(1, 40) == set()
    assert "voice.attack" in moved_by(1, 30), "what moved it before still does"
    assert "voice.release" in moved_by(1, 31)


def test_a_controller_goes_on_moving_what_it_moved_on_its_channel_too() -> None:
    assert moved_by(3, CC) == {BRIGHTNESS}
    learn("effects.plate", Binding(CC, 3))
    assert moved_by(3, CC) == {BRIGHTNESS, "effects.plate"}
    assert moved_by(1, CC) == {BRIGHTNESS}


@pytest.mark.parametrize("channel", [0, 3])
def test_unless_it_is_to_move_nothing_else(channel: int) -> None:
    learn("effects.plate", Binding(CC, channel), replaces=True)
    assert moved_by(3, CC) == {"effects.plate"}
    assert moved_by(1, CC) == ({"effects.plate"} if channel == 0 else {BRIGHTNESS})


def test_learning_again_takes_the_place_of_the_same_controllers_binding() -> None:
    learn("effects.plate", Binding(40, 1))
    learn("effects.plate", Binding(40, 1, high=0.5))
    learn("effects.plate", Binding(41, 1))
    assert [each.cc for each in read_midi_map()["effects.plate"]] == [91, 40, 41]
    assert read_midi_map()["effects.plate"][1].high == 0.5


def test_too_many_controllers_of_one_parameter_are_refused() -> None:
    for cc in range(40, 55):
        learn("effects.plate", Binding(cc))
    with pytest.raises(ConfigError, match="moved by 16 controllers already"):
        learn("effects.plate", Binding(55))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = ", "is not valid TOML"),
        ('"voice.nothing" = 3', "unknown parameter"),
        ('"voice.attack" = [{cc = 6}]', "CC 6 has another meaning"),
        ('"voice.attack" = [{cc = 300}]', "voice.attack"),
    ],
)
def test_a_damaged_file_is_named_in_one_line(text: str, reason: str) -> None:
    midi_map_path().write_text(text)
    for look in (read_midi_map, load_config):
        with pytest.raises(ConfigError, match=reason) as error:
            look()
        assert "midi-map.toml" in str(error.value)
        assert "\n" not in str(error.value)


def test_a_switch_is_not_waited_for_and_a_knob_is() -> None:
    moved = Moved(1, 20, 99, fine=False)
    assert binding_of(find("effects.plate"), moved).takeover
    assert not binding_of(find("effects.plate"), moved, jumps=True).takeover
    switches = [name for name in ("channel.sostenuto", "motion.lfo_shape") if find(name)]
    assert not any(binding_of(find(name), moved).takeover for name in switches)
    with pytest.raises(ConfigError, match=r"effects\.plate"):
        binding_of(find("effects.plate"), moved, high=99.0)

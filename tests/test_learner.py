"""A controller learns, while the instrument plays, what to move; and it is kept."""

from pathlib import Path

import pytest

from gansynth_live.config import load_config
from gansynth_live.config.midi_map import midi_map_path, read_midi_map
from gansynth_live.errors import ConfigError
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.learner import Learner
from gansynth_live.synth import Synth

RATE = 16_000
CC = 40  # moves nothing by default


class Desk:
    """A synth that renders nothing, its learner, and a hand on a controller."""

    def __init__(self, instrument: Instrument) -> None:
        self.said: list[str] = []
        self.learnt = 0
        self.synth = Synth(load_config(), instrument, pytest.fail)
        self.learner = Learner(self.synth, self.said.append, self._count)
        self.synth.subscribe(self.learner.hear)

    def _count(self) -> None:
        self.learnt += 1

    def turn(self, cc: int, first: int, last: int, channel: int = 1) -> None:
        """Evenly, in half a second."""
        step = 1 if first <= last else -1
        values = range(first, last + step, step)
        for value in values:
            self.synth.send(0xB0 | (channel - 1), cc, value)
            self.synth.advance(RATE // 2 // len(values))
            self.synth.attend()
            self.learner.look()

    def value(self, parameter: str) -> float:
        return float(self.synth.parameters.value(0, parameter))


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


@pytest.fixture
def desk(instrument: Instrument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))
    return Desk(instrument)


@pytest.mark.parametrize("parameter", ["effects.plate", "voice.brightness", "morph.position"])
def test_it_moves_the_parameter_at_once_and_from_the_next_start_on(
    desk: Desk, instrument: Instrument, parameter: str
) -> None:
    desk.learner.begin(parameter)
    desk.turn(CC, 0, 60)
    assert desk.said == [f"{parameter}: CC {CC} on channel 1; kept in {midi_map_path()}"]
    assert desk.learnt == 1
    desk.turn(CC, 0, 127)
    highest = desk.value(parameter)
    desk.turn(CC, 127, 0)
    assert desk.value(parameter) < highest
    again = Desk(instrument)
    again.turn(CC, 0, 127)
    assert again.value(parameter) == pytest.approx(highest)


def test_the_callback_and_the_patch_agree(desk: Desk) -> None:
    desk.learner.begin("voice.brightness")
    desk.turn(CC, 0, 127)
    desk.turn(CC, 127, 33)
    part = desk.synth.machine.memory.parts[0]
    assert float(part["brightness"]) == pytest.approx(desk.value("voice.brightness"))


def test_what_a_controller_moved_before_it_moves_still(desk: Desk) -> None:
    desk.learner.begin("effects.plate")
    desk.turn(74, 0, 127)
    desk.turn(74, 127, 0)
    assert desk.value("effects.plate") == pytest.approx(0.0, abs=0.02)
    assert desk.value("voice.brightness") == pytest.approx(-1.0)


def test_another_channel_moves_nothing(desk: Desk) -> None:
    desk.learner.begin("effects.plate")
    desk.turn(CC, 0, 127)
    before = desk.value("effects.plate")
    desk.turn(CC, 0, 127, channel=2)
    desk.turn(CC, 127, 20, channel=2)
    assert desk.value("effects.plate") == before


def test_who_waits_no_longer_learns_nothing(desk: Desk) -> None:
    desk.learner.begin("effects.plate")
    assert desk.learner.end()
    assert not desk.learner.end()
    desk.turn(CC, 0, 127)
    assert desk.said == []
    assert read_midi_map() == {}


@pytest.mark.parametrize("parameter", ["voice.nothing", "audio.block", "midi.inputs"])
def test_what_no_controller_can_move_is_refused(desk: Desk, parameter: str) -> None:
    with pytest.raises(ConfigError):
        desk.learner.begin(parameter)


def test_what_is_forgotten_moves_as_before(desk: Desk) -> None:
    desk.learner.begin("voice.brightness")
    desk.turn(CC, 0, 127)
    desk.learner.forget("voice.brightness")
    desk.learner.look()
    assert read_midi_map() == {}
    before = desk.value("voice.brightness")
    desk.turn(CC, 127, 10)
    assert desk.value("voice.brightness") == before
    desk.turn(74, 127, 0)
    assert desk.value("voice.brightness") == pytest.approx(-1.0)
    with pytest.raises(ConfigError, match="nothing was learnt"):
        desk.learner.forget("voice.brightness")

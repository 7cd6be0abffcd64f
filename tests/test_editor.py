"""Changes of a playing synth: taken back, done again, compared; presets by program changes."""

from pathlib import Path

import pytest

from gansynth_live.config import load_config, with_parts
from gansynth_live.editor import MOST_STEPS, Editor
from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.latent.programs import USER_BANK
from gansynth_live.preset_programs import PresetPrograms
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.store import Store
from gansynth_live.synth import Synth

RATE = 16_000
PARTS = ({"channels": [1], "instruments": ["flute"]}, {"channels": [2], "instruments": ["harp"]})
DUSK = Preset(
    name="Dusk",
    all={"effects.plate_decay": 9.0},
    parts=({"morph.instruments": ("choir", "oboe"), "voice.attack": 1.5, "morph.position": 1.0},),
)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


class Studio:
    """A synth with an editor, and a clock that stands still until it is moved."""

    def __init__(self, instrument: Instrument, parts: int) -> None:
        self.time = 0.0
        self.synth = Synth(
            with_parts(load_config(), PARTS[:parts], "test"), instrument, pytest.fail
        )
        self.editor = Editor(self.synth, instrument, lambda: self.time)

    def settle(self) -> None:
        self.synth.advance(64)
        self.synth.attend()

    def value(self, parameter: str, part: int = 0) -> object:
        self.settle()
        return self.synth.parameters.value(part, parameter)

    def names(self, part: int = 0) -> list[str]:
        self.settle()
        return [name for name, _ in self.synth.snapshot().blends[part].weights]


@pytest.fixture
def studio(instrument: Instrument) -> Studio:
    return Studio(instrument, 0)


@pytest.fixture
def duo(instrument: Instrument) -> Studio:
    synth = Studio(instrument, 2)
    assert len(synth.synth.listeners) == 3
    return synth


def test_a_gesture_is_one_step_and_a_pause_ends_it(studio: Studio) -> None:
    for value in (0.1, 0.2, 0.3):
        studio.editor.set(0, "voice.attack", value)
        studio.time += 0.2
    studio.time += 0.5
    studio.editor.set(0, "voice.attack", 0.9)
    assert studio.editor.undo()
    assert studio.value("voice.attack") == 0.3
    assert studio.editor.undo()
    assert studio.value("voice.attack") == 0.002
    assert not studio.editor.undo()
    assert studio.editor.redo()
    assert studio.editor.redo()
    assert studio.value("voice.attack") == 0.9
    assert not studio.editor.redo()


def test_a_new_step_ends_what_could_be_done_again(studio: Studio) -> None:
    studio.editor.set(0, "voice.attack", 0.1)
    studio.editor.undo()
    studio.editor.set(0, "voice.decay", 0.5)
    assert not studio.editor.redo()
    assert studio.value("voice.attack") == 0.002


def test_the_history_is_bounded(studio: Studio) -> None:
    for step in range(MOST_STEPS + 50):
        studio.editor.set(0, "voice.attack", step / 1000)
        studio.time += 1.0
    undone = 0
    while studio.editor.undo():
        undone += 1
    assert undone == MOST_STEPS


def test_a_preset_is_a_step_and_gives_unsaved_edits_back(studio: Studio) -> None:
    studio.editor.set(0, "voice.attack", 0.7)
    studio.settle()
    before = studio.synth.patch()
    studio.editor.load(DUSK)
    assert studio.names() == ["oboe"]
    assert studio.value("effects.plate_decay") == 9.0
    studio.editor.undo()
    studio.settle()
    assert studio.synth.patch() == before
    studio.editor.redo()
    assert studio.names() == ["oboe"]


def test_what_was_loaded_and_what_became_of_it_change_places(studio: Studio) -> None:
    studio.editor.load(DUSK)
    studio.settle()
    studio.editor.set(0, "voice.attack", 3.0)
    studio.settle()
    assert studio.editor.compare()
    assert studio.value("voice.attack") == 1.5
    assert not studio.editor.compare()
    assert studio.value("voice.attack") == 3.0


def test_what_plays_is_saved_and_comes_back(studio: Studio) -> None:
    studio.editor.load(DUSK)
    studio.settle()
    again = studio.editor.preset("Dusk")
    assert again.digest == DUSK.digest
    with pytest.raises(UsageError, match="cannot name a preset"):
        studio.editor.preset("a/b")


def test_one_part_of_several_plays_a_preset_and_the_others_go_on(duo: Studio) -> None:
    duo.editor.load(DUSK, [1])
    assert duo.names(1) == ["oboe"]
    assert duo.names(0) == ["flute"]
    assert duo.value("effects.plate_decay") == 2.2, "what all parts share stays"
    duo.editor.undo()
    assert duo.names(1) == ["harp"]


def test_program_changes_in_a_bank_of_presets_load_them(duo: Studio, tmp_path: Path) -> None:
    store = Store(tmp_path, tmp_path / "mine")
    store.save(DUSK)
    lines: list[str] = []
    programs = PresetPrograms(duo.synth, duo.editor, store, lines.append)
    duo.synth.subscribe(programs.hear)
    duo.synth.send(0xB1, 0, USER_BANK)
    duo.synth.send(0xC1, 0)
    duo.settle()
    assert duo.names(1) == ["oboe"]
    assert duo.names(0) == ["flute"]
    for program in (5, 5):
        duo.synth.send(0xC1, program)
        duo.settle()
    assert lines == ["program change: there is no preset with program 6 in bank 102"]
    assert programs.refused == 2
    assert duo.names(1) == ["oboe"], "and the instrument of that number is not taken instead"
    duo.synth.send(0xB1, 0, 0)
    duo.synth.send(0xC1, 73)
    duo.settle()
    assert duo.names(1) == ["flute"], "bank 0 is that of the instruments"


@pytest.mark.parametrize(
    "values",
    [{"morph.pad_x": 1.0, "morph.pad_y": 0.5}, {"morph.position": 1.0}, {"morph.pad": True}],
)
def test_undo_gives_the_lead_back_to_the_control_that_had_it(
    studio: Studio, values: dict[str, object]
) -> None:
    studio.editor.set(0, "morph.program", "oboe")
    assert studio.names() == ["oboe"]
    studio.time += 1.0
    studio.editor.turn(0, values)
    assert studio.names() != ["oboe"]
    studio.editor.undo()
    assert studio.names() == ["oboe"]
    studio.editor.redo()
    assert "oboe" not in studio.names()
    studio.editor.undo()
    studio.editor.undo()
    assert studio.names() == ["cello"]


def test_parameters_that_are_turned_together_are_one_step_or_none(studio: Studio) -> None:
    with pytest.raises(ConfigError):
        studio.editor.turn(0, {"voice.attack": 0.5, "voice.decay": 99.0})
    assert studio.value("voice.attack") == 0.002
    assert not studio.editor.undo()
    for step in range(1, 9):
        studio.editor.turn(0, {"voice.attack": step / 10, "voice.decay": step / 5})
    studio.editor.undo()
    assert (studio.value("voice.attack"), studio.value("voice.decay")) == (0.002, 0.1)
    assert not studio.editor.undo()

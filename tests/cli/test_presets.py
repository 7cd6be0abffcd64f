"""`gansynth-live presets`, and --preset."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.conftest import Run
from tests.midi.smf_bytes import midi_file, track


def keep(run: Run, name: str, *options: str) -> None:
    outcome = run("presets", "save", name, *options)
    assert outcome.code == 0, outcome.err


def test_one_is_kept_listed_shown_and_removed(run: Run) -> None:
    made = ("--instruments", "choir,flute", "--set", "voice.attack=0.5")
    keep(run, "Nightfall", *made, "--category", "pads", "--tag", "slow", "--notes", "über")
    listed = json.loads(run("presets", "list", "--json", "nightfall").out)
    assert [(each["name"], each["bank"], each["program"]) for each in listed] == [
        ("Nightfall", 102, 0)
    ]
    shown = run("presets", "show", "nightfall").out
    assert "voice.attack = 0.5 s" in shown
    assert "morph.instruments = choir, flute" in shown
    assert "category: Pads" in shown
    assert run("presets", "star", "Nightfall").code == 0
    assert "* Nightfall" in run("presets", "list", "--favourites").out
    assert run("presets", "remove", "Nightfall").code == 0
    assert run("presets", "list", "nightfall").out == ""


def test_one_travels_as_a_code_and_as_a_file(run: Run, tmp_path: Path) -> None:
    keep(run, "Dusk", "--part", "1: choir>flute, level=-6", "--part", "2: cello")
    code = run("presets", "share", "Dusk").out.strip()
    assert run("presets", "add", code, "--name", "By code").code == 0
    file = tmp_path / "sent.gansynth.json"
    assert run("presets", "share", "Dusk", "--file", file).code == 0
    refused = run("presets", "add", file)
    assert refused.code == 2
    assert "you have a preset 'Dusk' already" in refused.err
    assert run("presets", "add", file, "--name", "By file").code == 0
    names = ("Dusk", "By code", "By file")
    shown = [run("presets", "show", name, "--json").out.replace(name, "Dusk") for name in names]
    assert shown == [shown[0]] * 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nothing"), "no preset 'nothing'"),
        (("add", "gsl1:abc"), "cut off or has a wrong letter"),
        (("add", "nowhere.gansynth.json"), "cannot read nowhere.gansynth.json"),
        (("save", "a/b"), "cannot name a preset"),
        (("save", "A", "--category", "Padz"), "no category 'Padz'; there are Keys"),
        (("save", "A", "--instruments", "kazoo"), "no instrument 'kazoo'"),
        (("remove", "nothing"), "no preset 'nothing'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    outcome = run("presets", *arguments)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_file_is_rendered_with_a_preset(run: Run, tmp_path: Path) -> None:
    keep(run, "Soft", "--instruments", "cello", "--set", "voice.attack=0.5")
    song = tmp_path / "song.mid"
    song.write_bytes(midi_file(track((0, b"\x90\x3c\x64"), (480, b"\x80\x3c\x00"))))
    sounds = []
    for options in (("--preset", "Soft"), ("--instruments", "cello", "--set", "voice.attack=0.5")):
        outcome = run("render", song, tmp_path / "out.wav", *options, "--sample-rate", "44100")
        assert outcome.code == 0, outcome.err
        sounds.append(soundfile.read(tmp_path / "out.wav")[0])
    np.testing.assert_array_equal(sounds[0], sounds[1])
    assert run("render", song, tmp_path / "x.wav", "--preset", "Soft", "--random", "2").code == 2

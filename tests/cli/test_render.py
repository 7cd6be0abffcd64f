"""MIDI files into sound files."""

import os
import signal
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from matplotlib.image import imread
from numpy.typing import NDArray

from gansynth_live.kernel.code_cache import FIRST_START
from tests.cli.conftest import Outcome, Run, start
from tests.midi.smf_bytes import midi_file, track


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """Four notes of a quarter second, the last without a note-off; volume and pan are turned."""
    file = mido.MidiFile(ticks_per_beat=480)
    part = mido.MidiTrack()
    part.append(mido.Message("control_change", control=10, value=0))
    for key in (60, 64, 67):
        part.append(mido.Message("note_on", note=key, velocity=100))
        part.append(mido.Message("note_off", note=key, time=240))
    part.append(mido.Message("note_on", note=72, velocity=60))
    part.append(mido.Message("control_change", control=10, value=127, time=240))
    file.tracks.append(part)
    path = tmp_path / "tune.mid"
    file.save(path)
    return path


def sound(path: Path) -> NDArray[np.float32]:
    samples: NDArray[np.float32] = soundfile.read(path, dtype="float32", always_2d=True)[0]
    return samples


def test_a_tune(run: Run, tune: Path, tmp_path: Path) -> None:
    out, picture = tmp_path / "out.wav", tmp_path / "out.png"
    outcome = run("render", tune, out, "--plot", picture)
    assert (outcome.code, outcome.err) == (0, "")
    assert "x real time" in outcome.out
    samples = sound(out)
    assert soundfile.info(out).samplerate == 48_000
    assert soundfile.info(out).subtype == "PCM_24"
    assert 1.0 < len(samples) / 48_000 < 6.0
    assert 0.01 < np.abs(samples).max() <= 10 ** (-1 / 20)
    assert imread(picture).shape == (840, 1680, 4)


def test_controllers_of_the_file_are_obeyed(run: Run, tune: Path, tmp_path: Path) -> None:
    run("render", tune, tmp_path / "out.wav")
    left, right = np.square(sound(tmp_path / "out.wav")[4800:40_000]).mean(axis=0)
    assert left > 1000 * right


def test_the_same_command_gives_the_same_sound(run: Run, tune: Path, tmp_path: Path) -> None:
    options = ("--random", 3, "--seed", 1, "--sample-rate", 16000)
    for name in ("a.wav", "b.wav"):
        assert run("render", tune, tmp_path / name, *options).code == 0
    assert np.array_equal(sound(tmp_path / "a.wav"), sound(tmp_path / "b.wav"))
    run("render", tune, tmp_path / "c.wav", "--random", 3, "--seed", 2, "--sample-rate", 16000)
    assert not np.array_equal(sound(tmp_path / "a.wav"), sound(tmp_path / "c.wav"))


def test_stretch(run: Run, tune: Path, tmp_path: Path) -> None:
    for factor in (1.0, 3.0):
        run("render", tune, tmp_path / f"{factor}.wav", "--stretch", factor, "--sample-rate", 16000)
    longer = len(sound(tmp_path / "3.0.wav")) - len(sound(tmp_path / "1.0.wav"))
    assert longer / 16_000 == pytest.approx(2.0, abs=0.1)  # the last message lets the last note go


def test_a_path_over_the_piece(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "two.mid"
    note = b"\x90\x3c\x64"
    path.write_bytes(
        midi_file(track((0, note), (480, b"\x80\x3c\x00"), (1440, note), (480, b"\x80\x3c\x00")))
    )
    options = ("--sample-rate", 16000)
    at = ("--instruments", "flute,flute, kalimba", "--at", "0,0.5,0.6")
    assert run("render", path, tmp_path / "morph.wav", *at, *options).code == 0
    for name in ("flute", "kalimba"):
        assert (
            run("render", path, tmp_path / f"{name}.wav", "--instruments", name, *options).code == 0
        )
    morph, flute, kalimba = (sound(tmp_path / f"{n}.wav") for n in ("morph", "flute", "kalimba"))
    assert np.array_equal(morph[:16_000], flute[:16_000])
    assert np.abs(morph[32_100:40_000] - kalimba[32_100:40_000]).max() < 1e-3
    assert np.abs(flute[32_100:40_000] - kalimba[32_100:40_000]).max() > 0.01


def test_a_file_that_turns_the_knob_itself(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "knob.mid"
    note = (0, b"\x90\x3c\x64")
    path.write_bytes(midi_file(track((0, b"\xb0\x01\x7f"), note, (480, b"\x80\x3c\x00"))))
    options = ("--sample-rate", 16000)
    run("render", path, tmp_path / "a.wav", "--instruments", "cello,flute", *options)
    run("render", path, tmp_path / "b.wav", "--instruments", "flute", *options)
    assert np.array_equal(sound(tmp_path / "a.wav"), sound(tmp_path / "b.wav"))


def test_a_file_that_selects_programs(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "program.mid"
    path.write_bytes(
        midi_file(track((0, b"\xc0\x05"), (0, b"\x90\x3c\x64"), (480, b"\x80\x3c\x00")))
    )
    sixth = run("instruments").out.splitlines()[5]
    options = ("--sample-rate", 16000)
    run("render", path, tmp_path / "a.wav", *options)
    run("render", path, tmp_path / "b.wav", "--instruments", sixth, *options)
    run("render", path, tmp_path / "c.wav", "--instruments", "flute", *options)
    assert np.array_equal(sound(tmp_path / "a.wav"), sound(tmp_path / "b.wav"))
    assert not np.array_equal(sound(tmp_path / "a.wav"), sound(tmp_path / "c.wav"))


def test_as_the_original_does(run: Run, tune: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    options = ("--compat", "magenta", "--random", 2, "--seconds-per-instrument", 0.3)
    assert run("render", tune, out, *options, "--plot", tmp_path / "out.png").code == 0
    info = soundfile.info(out)
    assert (info.samplerate, info.channels, info.subtype) == (16_000, 1, "FLOAT")
    assert info.frames == int(1.0 + 3.0) * 16_000
    assert sound(out).max() == 0.5
    assert (tmp_path / "out.png").exists()


def test_the_original_leaves_keys_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "low.mid"
    low, middle = (0, b"\x90\x1e\x64"), (0, b"\x90\x3c\x64")
    ends = (240, b"\x80\x1e\x00"), (0, b"\x80\x3c\x00")
    path.write_bytes(midi_file(track(low, middle, *ends)))
    outcome = run("render", path, tmp_path / "a.wav", "--compat", "magenta")
    assert (outcome.code, outcome.err) == (0, "1 notes outside keys 36..84 are left out\n")
    path.write_bytes(midi_file(track(low, ends[0])))
    outcome = run("render", path, tmp_path / "b.wav", "--compat", "magenta")
    assert outcome.code == 2
    assert "no notes within keys 36..84" in outcome.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--random", 2, "--instruments", "cello"], "exclude each other"),
        (["--at", "0,1"], "name them too"),
        (["--instruments", "cello,celo"], "did you mean 'cello'"),
        (["--instruments", "cello,flute", "--at", "0,x"], "not a list of numbers"),
        (["--instruments", "cello,flute", "--at", "0,nan"], "positions of a path rise"),
        (["--instruments", "cello,flute", "--at", "0"], "2 instruments but 1 positions"),
        (["--instruments", " , "], "is empty"),
        (["--instruments", ""], "is empty"),
        (["--instruments", "cello", "--at", ""], "not a list of numbers"),
        (["--seconds-per-instrument", 2], "--random N"),
        (["--compat", "magenta", "--sample-rate", 48000], "16000 Hz"),
        (["--set", "morph.instruments=['nope']"], "no instrument 'nope'"),
        (["--plot", "absent/a.png"], "cannot write absent/a.png"),
        (["--plot", "a.jpg"], "should end in .png"),
        (["--set", "voice.atack=1"], "did you mean 'attack'"),
        (["--config", "absent.toml"], "cannot read absent.toml"),
        (["--model", "absent"], "absent"),
    ],
)
def test_mistakes(
    run: Run, tune: Path, tmp_path: Path, options: list[str | int], reason: str
) -> None:
    outcome = run("render", tune, tmp_path / "out.wav", *options)
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert reason in outcome.err
    assert not any(tmp_path.glob("*.wav"))


def test_a_file_without_notes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "silence.mid"
    path.write_bytes(midi_file(track((0, b"\xb0\x07\x64"))))
    assert "has no notes" in run("render", path, tmp_path / "out.wav").err


def said(outcome: Outcome) -> list[str]:
    """What a run said about its file, be it a first start or not."""
    return [line for line in outcome.err.splitlines() if line.startswith("note: ")]


def test_an_odd_file_is_played_with_a_line_for_each_kind(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.mid"
    wrong = (0, b"\xb0\x07\xff"), (0, b"\xf8"), (0, b"\xb0\x07\xff")
    note = (0, b"\x90\x3c\x64"), (480, b"\x80\x3c\x00")
    path.write_bytes(midi_file(track(*wrong, *note)))
    outcome = run("render", path, tmp_path / "out.wav", "--sample-rate", 16000)
    assert outcome.code == 0
    clipped, skipped = said(outcome)
    assert clipped.startswith(f"note: {path}: data bytes over 127 are taken as 127 (2 times")
    assert "cannot stand in a file" in skipped


def test_drums_are_left_out_and_said(run: Run, tmp_path: Path) -> None:
    drums = (0, b"\xc9\x05"), (0, b"\x99\x24\x64"), (0, b"\x99\x2a\x64"), (0, b"\xb9\x01\x7f")
    note = (0, b"\x90\x3c\x64"), (480, b"\x80\x3c\x00")
    for name, events in (("a", [*drums, *note]), ("b", note), ("c", drums)):
        (tmp_path / f"{name}.mid").write_bytes(midi_file(track(*events)))
    outcome = run("render", tmp_path / "a.mid", tmp_path / "a.wav", "--sample-rate", 16000)
    assert outcome.code == 0
    assert said(outcome) == ["note: the drum channel (10) is left out, 2 notes"]
    run("render", tmp_path / "b.mid", tmp_path / "b.wav", "--sample-rate", 16000)
    assert np.array_equal(sound(tmp_path / "a.wav"), sound(tmp_path / "b.wav"))
    outcome = run("render", tmp_path / "c.mid", tmp_path / "c.wav", "--sample-rate", 16000)
    assert outcome.code == 2
    assert "left out, 2 notes" in outcome.err
    assert "has no notes" in outcome.err


def test_names_that_are_no_text(run: Run, tune: Path, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9 $x^{$")
    folder.mkdir()
    source = tune.rename(folder / os.fsdecode(b"caf\xe9 $x^{$.mid"))
    out, picture = source.with_suffix(".wav"), source.with_suffix(".png")
    outcome = run("render", source, out, "--plot", picture, "--sample-rate", 16000)
    assert (outcome.code, outcome.err) == (0, "")
    assert out.exists()
    assert picture.exists()


def test_a_name_that_is_no_sound_file(run: Run, tune: Path, tmp_path: Path) -> None:
    outcome = run("render", tune, tmp_path / "out.mp3")
    assert outcome.code == 2
    assert "should end in .wav or .flac" in outcome.err


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "long.mid"
    notes = [(240, bytes((0x90, 40 + step % 40, 100))) for step in range(2000)]
    path.write_bytes(midi_file(track(*notes)))
    folder = tmp_path / "out"
    folder.mkdir()
    process = start("render", path, folder / "long.wav", "--random", "1000")
    deadline = time.monotonic() + 120.0
    while not any(folder.iterdir()) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60.0)
    assert (process.returncode, out, err.removeprefix(FIRST_START + "\n")) == (130, "", "")
    assert not any(folder.iterdir())

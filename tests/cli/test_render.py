"""MIDI files into sound files."""

import os
import signal
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
import soxr
from matplotlib.image import imread
from numpy.typing import NDArray

from gansynth_live.kernel.code_cache import FIRST_START
from gansynth_live.units import cents_between
from tests.cli.conftest import Outcome, Run, start
from tests.midi.smf_bytes import midi_file, track
from tests.tuning.scales import equal, keyboard_map


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
    assert 1.0 < len(samples) / 48_000 < 9.0
    assert 0.01 < np.abs(samples).max() <= 10 ** (-1 / 20)
    assert imread(picture).shape == (840, 1680, 4)


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050])
def test_a_low_rate_adds_no_tones(run: Run, tmp_path: Path, rate: int) -> None:
    """Keys above the model's and bends, against the same at 48 kHz brought down."""
    path = tmp_path / "high.mid"
    high, bent = (0, b"\x90\x60\x64"), (0, b"\x90\x52\x64")
    path.write_bytes(midi_file(track((0, b"\xe0\x7f\x7f"), high, bent, (960, b"\x80\x60\x00"))))
    options = ("--instruments", "strings", "--dry", "--set", "output.gain_db=-12")
    run("render", path, tmp_path / "high.wav", *options)
    run("render", path, tmp_path / "low.wav", *options, "--sample-rate", rate)
    expected = soxr.resample(sound(tmp_path / "high.wav"), 48_000, rate, "VHQ")
    heard = sound(tmp_path / "low.wav")
    length = min(len(heard), len(expected)) - rate // 10
    wrong = np.square(heard[:length] - expected[:length]).mean()
    assert 10 * np.log10(wrong / np.square(expected).mean()) < -50


def test_controllers_of_the_file_are_obeyed(run: Run, tune: Path, tmp_path: Path) -> None:
    run("render", tune, tmp_path / "out.wav", "--dry")
    left, right = np.square(sound(tmp_path / "out.wav")[4800:40_000]).mean(axis=0)
    assert left > 1000 * right


def test_effects_are_heard_unless_it_is_dry(run: Run, tmp_path: Path) -> None:
    """The plate rings on, and the two sides differ; with --dry nothing does, whatever is turned."""
    wet = midi_file(track((0, b"\x90\x3c\x64"), (240, b"\x80\x3c\x00")))
    turned = track((0, b"\xb0\x5b\x7f"), (0, b"\x90\x3c\x64"), (240, b"\x80\x3c\x00"))
    wanted = ("--set", "effects.plate=0.12", "--set", "effects.spread=0.3")
    heard = {}
    for name, file, *options in (
        ("wet", wet),
        ("dry", wet, "--dry"),
        ("turned", midi_file(turned), "--dry"),
    ):
        path = tmp_path / f"{name}.mid"
        path.write_bytes(file)
        out = tmp_path / f"{name}.wav"
        assert run("render", path, out, "--sample-rate", 16_000, *wanted, *options).code == 0
        heard[name] = sound(out)
    assert len(heard["wet"]) > len(heard["dry"]) + 16_000
    assert np.abs(heard["wet"][:, 0] - heard["wet"][:, 1]).max() > 1e-3
    assert np.array_equal(heard["dry"][:, 0], heard["dry"][:, 1])
    assert np.array_equal(heard["turned"], heard["dry"])


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
    options = ("--sample-rate", 16000, "--dry")
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
    options = ("--sample-rate", 16000, "--set", "midi.programs=list")
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


def several(path: Path) -> Path:
    """One note on each of three channels, one after the other; drums beneath; CC 1 moves."""
    file = mido.MidiFile(ticks_per_beat=480)
    part = mido.MidiTrack()
    for channel, program in ((0, 73), (1, 19), (9, 0)):
        part.append(mido.Message("program_change", channel=channel, program=program))
        part.append(mido.Message("control_change", channel=channel, control=1, value=90))
    for channel in (0, 1, 9):
        part.append(mido.Message("note_on", channel=channel, note=60, velocity=100))
        part.append(mido.Message("note_off", channel=channel, note=60, time=960))
    file.tracks.append(part)
    file.save(path)
    return path


def one_note(path: Path) -> Path:
    file = mido.MidiFile(ticks_per_beat=480)
    part = mido.MidiTrack()
    part.append(mido.Message("note_on", note=60, velocity=100))
    part.append(mido.Message("note_off", note=60, time=960))
    file.tracks.append(part)
    file.save(path)
    return path


def test_each_channel_plays_the_instrument_of_its_program(run: Run, tmp_path: Path) -> None:
    rate = 16_000
    options = ("--sample-rate", rate, "--dry")
    outcome = run("render", several(tmp_path / "gm.mid"), tmp_path / "gm.wav", *options)
    assert outcome.code == 0
    assert "(10) is left out, 1 notes" in outcome.err
    assert "2 channels play the instruments of their programs" in outcome.err
    whole = sound(tmp_path / "gm.wav")
    note = one_note(tmp_path / "note.mid")
    for first, name in ((0, "flute"), (rate, "church organ")):
        run("render", note, tmp_path / "one.wav", "--instruments", name, *options)
        alone = sound(tmp_path / "one.wav")[: rate // 2]
        apart = np.abs(whole[first + rate // 4 : first + rate // 2] - alone[rate // 4 :])
        assert apart.max() < 0.05 * np.abs(alone).max(), "the other's release is all that differs"


def test_drums_may_be_pitches(run: Run, tmp_path: Path) -> None:
    options = ("--sample-rate", 16_000, "--drums", "pitched")
    outcome = run("render", several(tmp_path / "gm.mid"), tmp_path / "gm.wav", *options)
    assert "3 channels" in outcome.err
    assert np.abs(sound(tmp_path / "gm.wav")[36_000:44_000]).max() > 0.01


def test_parts_may_be_named(run: Run, tmp_path: Path) -> None:
    options = ("--sample-rate", 16_000, "--dry", "--part", "1: flute", "--part", "2: off")
    outcome = run("render", several(tmp_path / "gm.mid"), tmp_path / "gm.wav", *options)
    assert outcome.code == 0
    heard = sound(tmp_path / "gm.wav")
    assert np.abs(heard[:16_000]).max() > 0.01
    assert np.abs(heard[24_000:]).max() < 1e-4


def played_as(
    run: Run, folder: Path, keys: tuple[int, ...], *options: str | Path
) -> NDArray[np.float32]:
    """Keys one after the other, dry and without vibrato, by the flute."""
    notes = [((0, bytes([0x90, key, 100])), (960, bytes([0x80, key, 0]))) for key in keys]
    (folder / "keys.mid").write_bytes(midi_file(track(*[each for pair in notes for each in pair])))
    still = ("--instruments", "flute", "--dry", "--set", "vibrato.amount=0")
    outcome = run("render", folder / "keys.mid", folder / "keys.wav", *still, *options)
    assert outcome.code == 0, outcome.err
    return sound(folder / "keys.wav")


def test_a_tuned_key_is_the_render_of_the_nearest_pitch(run: Run, tmp_path: Path) -> None:
    """Whole pitches bit for bit; a quarter tone lower by 50 cents, measured."""
    scale, keyboard = tmp_path / "quarter.scl", tmp_path / "low.kbm"
    scale.write_text(equal(24))
    plain = played_as(run, tmp_path, (62, 65))
    quarter = played_as(run, tmp_path, (64, 70), "--tuning", scale)
    np.testing.assert_array_equal(quarter, plain)
    keyboard.write_text(keyboard_map(reference=67, hertz=440.0))
    higher = played_as(run, tmp_path, (60, 63), "--keyboard-map", keyboard)
    np.testing.assert_array_equal(higher, plain)
    lower = played_as(run, tmp_path, (63,), "--tuning", scale)
    steady = slice(12_000, 44_000)
    heard, own = (hertz_near(each[steady, 0], 293.66) for each in (lower, plain))
    assert abs(cents_between(heard, own) + 50.0) < 1.0


def hertz_near(steady: NDArray[np.float32], hertz: float) -> float:
    """The strongest frequency within a whole tone."""
    size = 1 << 22
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady)), size))
    low, high = (int(hertz * factor * size / 48_000) for factor in (0.89, 1.12))
    return float((low + spectrum[low:high].argmax()) * 48_000 / size)


def test_a_tuning_that_is_none(run: Run, tune: Path, tmp_path: Path) -> None:
    outcome = run("render", tune, tmp_path / "out.wav", "--tuning", tmp_path / "none.scl")
    assert outcome.code != 0
    assert outcome.err.strip().endswith("none.scl: No such file or directory")
    assert outcome.err.count("\n") == 1
    scale = tmp_path / "a.scl"
    scale.write_text(equal(5))
    outcome = run("render", tune, tmp_path / "out.wav", "--tuning", scale, "--compat", "magenta")
    assert "leave the tuning out" in outcome.err

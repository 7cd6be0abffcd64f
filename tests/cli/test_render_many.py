"""Folders of MIDI files into folders of sound files."""

import json
import signal
from pathlib import Path

import pytest

from gansynth_live.batch.record import FILE
from gansynth_live.kernel.code_cache import FIRST_START
from gansynth_live.unfinished import PREFIX
from tests.batch.songs import song
from tests.cli.conftest import Run, start
from tests.eventually import eventually
from tests.outside import small_model

THERE = "there already, from the same file in the same way"


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """A folder with three songs, one of them deeper down."""
    folder = tmp_path / "songs"
    for name, key in (("a.mid", 60), ("b.MID", 64), ("more/c.midi", 67)):
        song(folder / name, key, 3)
    return folder


@pytest.fixture
def options(tmp_path: Path) -> list[str | Path]:
    """A small model at a low rate."""
    return ["--model", small_model(tmp_path), "--sample-rate", "16000"]


def test_many_files_sound_as_each_alone(
    run: Run, songs: Path, tmp_path: Path, options: list[str | Path]
) -> None:
    out = tmp_path / "new" / "out"
    outcome = run("render", songs, "--out", out, "--jobs", 2, *options)
    assert (outcome.code, outcome.err) == (0, "")
    assert "3 rendered, 0 there already" in outcome.out
    for source, name in (("a.mid", "a"), ("b.MID", "b"), ("more/c.midi", "more/c")):
        alone = tmp_path / "alone.wav"
        assert run("render", songs / source, alone, *options).code == 0
        assert alone.read_bytes() == (out / f"{name}.wav").read_bytes()
    assert {path.name for path in out.iterdir()} == {"a.wav", "b.wav", "more", FILE}


def test_only_what_is_not_there_is_rendered(
    run: Run, songs: Path, tmp_path: Path, options: list[str | Path]
) -> None:
    def rendered(*more: str) -> list[str]:
        """Which files are, and not found there, in the next run."""
        outcome = run("render", songs, "--out", out, *options, *more)
        assert outcome.code == 0
        lines = outcome.out.splitlines()[:-1]
        assert len(lines) == 3
        return sorted(Path(line.split(": ")[0]).name for line in lines if THERE not in line)

    out = tmp_path / "out"
    assert rendered() == ["a.wav", "b.wav", "c.wav"]
    assert rendered() == []
    song(songs / "a.mid", 61, 3)
    assert rendered() == ["a.wav"]
    assert rendered("--instruments", "flute") == ["a.wav", "b.wav", "c.wav"]
    assert rendered("--instruments", "flute", "--set", "audio.block=64") == []
    (out / "b.wav").write_bytes((out / "b.wav").read_bytes()[:-1])
    (out / "more" / "c.wav").unlink()
    assert rendered("--instruments", "flute") == ["b.wav", "c.wav"]
    assert len((out / FILE).read_text().splitlines()) == 3 + 1 + 3 + 2


def test_a_bad_file_stops_no_other(
    run: Run, songs: Path, tmp_path: Path, options: list[str | Path]
) -> None:
    (songs / "bad.mid").write_bytes(b"no MIDI")
    song(songs / "a.midi", 62)
    outcome = run("render", songs, songs / "absent.mid", "--out", tmp_path / "out", *options)
    assert outcome.code == 2
    assert "3 rendered" in outcome.out
    said = outcome.err.splitlines()
    assert said[0] == "gansynth-live: error: 3 of 6 files are not rendered:"
    assert sorted(said[1:]) == [
        f"  {songs}/a.midi: its sound would be a.wav, as that of {songs}/a.mid is; rename one of "
        "them",
        f"  {songs}/absent.mid: cannot be read: No such file or directory",
        f"  {songs}/bad.mid: no usable MIDI file: it has no MIDI file header (MThd)",
    ]


def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(
    songs: Path, tmp_path: Path, options: list[str | Path], run: Run
) -> None:
    long = song(songs / "z.mid", 60, 1000)
    out = tmp_path / "out"
    process = start("render", songs, "--out", out, "--jobs", "2", *map(str, options))
    # The long one comes last, so two of the others are there when it is under way.
    eventually(lambda: (out / FILE).is_file() and any(out.glob(f"{PREFIX}-*")))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60.0)
    assert process.returncode == 130
    assert err.removeprefix(FIRST_START + "\n").endswith(
        "left; the same command goes on from here\n"
    )
    assert not any(tmp_path.rglob(f"{PREFIX}-*"))
    done = [json.loads(line)["file"] for line in (out / FILE).read_text().splitlines()]
    assert 1 <= len(done) < 4
    song(long, 60)
    outcome = run("render", songs, "--out", out, *options)
    assert f"{4 - len(done)} rendered, {len(done)} there already" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["a.mid"], "render IN... --out DIR"),
        (["a.mid", "b.mid", "c.wav"], "render IN... --out DIR"),
        (["a.mid", "b.wav", "--jobs", "2"], "--out DIR"),
        (["a.mid", "b.wav", "--dask", "tcp://here:1"], "--out DIR"),
        (["a.mid", "--out", "out", "--plot", "a.png"], "--plot draws one file"),
        (["a.mid", "--out", "out", "--jobs", "2", "--dask", "tcp://here:1"], "choose one"),
        ([".", "--out", "out"], "no MIDI files (.mid, .midi) in ."),
        (["a.mid", "--out", "file"], "cannot make the folder file"),
        (["a.mid", "--out", "out", "--instruments", "celo"], "did you mean 'cello'"),
        (["a.mid", "--out", "out", "--model", "absent"], "absent"),
    ],
)
def test_mistakes(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    outcome = run("render", *arguments)
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert reason in outcome.err

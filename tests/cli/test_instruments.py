"""Listing, drawing, keeping and previewing timbres."""

import json
from pathlib import Path

import soundfile
from matplotlib.image import imread

from tests.cli.conftest import Run


def test_list(run: Run) -> None:
    names = run("instruments").out.splitlines()
    assert len(names) >= 4
    assert "cello" in names


def test_json(run: Run) -> None:
    listed = json.loads(run("instruments", "--json").out)
    assert {"name": "cello", "kept": False} in listed["instruments"]


def test_draw_keep_list_forget(run: Run) -> None:
    assert run("instruments", "--random", 2, "--seed", 4).out == "random:4:0\nrandom:4:1\n"
    kept = run("instruments", "--random", 2, "--seed", 4, "--keep", "wub")
    assert kept.out == "wub (kept)\nrandom:4:1\n"
    assert "wub (kept)" in run("instruments").out
    assert run("instruments", "--forget", "wub").code == 0
    assert "wub" not in run("instruments").out


def test_a_kept_one_sounds_as_it_was_drawn(run: Run, tmp_path: Path) -> None:
    run("instruments", "--random", 1, "--seed", 9, "--keep", "mine")
    run("note", "--instrument", "mine", "-o", tmp_path / "kept.wav")
    run("note", "--instrument", "random:9:0", "-o", tmp_path / "drawn.wav")
    assert (tmp_path / "kept.wav").read_bytes() == (tmp_path / "drawn.wav").read_bytes()


def test_preview(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "preview"
    outcome = run("instruments", "--random", 2, "--preview", folder, "--pitch", 48)
    assert outcome.code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "overview.png",
        "random-0-0.wav",
        "random-0-1.wav",
    ]
    assert soundfile.info(folder / "random-0-0.wav").samplerate == 48_000
    assert imread(folder / "overview.png").ndim == 3


def test_mistakes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments, reason in (
        (["--keep", "a"], "add --random 1"),
        (["--forget", "nobody"], "no kept instrument 'nobody'"),
        (["--random", 1, "--keep", "cello"], "has an instrument 'cello' already"),
        (["--preview", tmp_path / "file" / "x"], "cannot make the folder"),
        (["--preview", tmp_path, "--pitch", 1], "the model knows pitches"),
    ):
        outcome = run("instruments", *arguments)
        assert outcome.code == 2
        assert reason in outcome.err


def test_directions(run: Run, golden: Path, tmp_path: Path) -> None:
    run("model", "import", golden / "small", tmp_path / "small", "--licence", "as you like")
    listed = json.loads(
        run("instruments", "--directions", "--json", "--model", tmp_path / "small").out
    )["directions"]
    lines = run("instruments", "--directions", "--model", tmp_path / "small").out.splitlines()
    assert len(lines) == len(listed) > 1
    for line, direction in zip(lines, listed, strict=True):
        assert line.startswith(direction["name"])
        assert set(direction["changes"]["brightness"]) == {"by", "unit", "agreement", "is_heard"}
        assert f"strength {direction['strength']:.1f}" in line

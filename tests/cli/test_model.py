"""`gansynth-live model`: what a player reads about a model, and how an import ends."""

from pathlib import Path

import pytest

from gansynth_live.model.bundle import write_bundle
from tests.cli.conftest import Run
from tests.model.test_bundle import INSTRUMENTS, SPEC, weights


def test_import_then_look_and_verify(run: Run, golden: Path, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    code, out, _ = run("model", "import", golden / "small", target, "--licence", "as you like")
    assert code == 0
    assert "30 averaged variables" in out
    code, out, _ = run("model", "info", target)
    assert code == 0
    assert "progressive" in out
    assert "as you like" in out
    assert "model.ckpt-56" in out
    code, out, _ = run("model", "verify", target)
    assert code == 0
    assert "finite" in out


def test_mistakes_are_one_line(run: Run, golden: Path, tmp_path: Path) -> None:
    for arguments in (
        ("import", tmp_path, tmp_path / "bundle"),
        ("import", golden / "small", tmp_path),
        ("info", tmp_path),
        ("verify", golden / "small"),
    ):
        code, _, err = run("model", *arguments)
        assert code == 2
        assert err.startswith("gansynth-live: error: ")
        assert err.count("\n") == 1


def test_a_model_is_imported_by_name_and_found_by_it(run: Run, golden: Path) -> None:
    code, out, _ = run("model", "import", golden / "small", "--name", "tiny")
    assert code == 0
    assert "--model tiny" in out
    assert run("model", "list").out == "tiny\n"
    assert "progressive" in run("model", "info", "tiny").out
    names = run("instruments", "--model", "tiny").out.splitlines()
    assert [name.split()[-1] for name in names] == list("12345678")
    assert all(len(name.split()) == 3 for name in names)
    code, _, err = run("model", "import", golden / "small", "--name", "tiny")
    assert code == 2
    assert "gansynth-live model remove tiny" in err
    assert run("model", "remove", "tiny").code == 0
    assert run("model", "list").out == ""


def test_a_name_wins_over_a_folder_of_that_name(
    run: Run, golden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small").mkdir()
    assert run("model", "import", golden / "small").code == 0
    assert "progressive" in run("model", "info", "small").out
    assert "incomplete" in run("model", "info", "./small").err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("info", "acoustic_only"), "get it with gansynth-live model get acoustic_only"),
        (("info", "unheard"), "no model 'unheard': you have none yet"),
        (("remove", "../data"), "no model"),
        (("import", "absent.zip"), "no such file"),
    ],
)
def test_names_that_no_model_has(run: Run, arguments: tuple[str, str], reason: str) -> None:
    code, _, err = run("model", *arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert reason in err


def test_brackets_in_a_name_are_brackets(run: Run, golden: Path, tmp_path: Path) -> None:
    target = tmp_path / "[bold]x[-red]"
    assert run("model", "import", golden / "small", target, "--licence", "[/b]").code == 0
    code, out, _ = run("model", "info", target)
    assert code == 0
    assert "[/b]" in out


@pytest.mark.parametrize("note", [b"{}", b'{"source": "\xff"}', b'{"a":' * 5000])
def test_a_damaged_note_of_an_import_is_one_line(run: Run, tmp_path: Path, note: bytes) -> None:
    write_bundle(tmp_path / "toy", SPEC, weights(), INSTRUMENTS, import_note=note)
    code, _, err = run("model", "info", tmp_path / "toy")
    assert (code, err.count("\n")) == (2, 1)
    assert "import.json" in err
    assert "the file is damaged" in err

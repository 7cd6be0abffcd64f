"""`gansynth-live model`: what a player reads about a model, and how an import ends."""

from pathlib import Path

from tests.cli.conftest import Run


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


def test_brackets_in_a_name_are_brackets(run: Run, golden: Path, tmp_path: Path) -> None:
    target = tmp_path / "[bold]x[-red]"
    assert run("model", "import", golden / "small", target, "--licence", "[/b]").code == 0
    code, out, _ = run("model", "info", target)
    assert code == 0
    assert "[/b]" in out

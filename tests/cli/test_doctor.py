"""What works here and what does not, without a sound card too."""

from pathlib import Path

import pytest

from gansynth_live.cli.checks import CHECKS
from tests.cli.conftest import Run


def test_every_check_says_something(run: Run) -> None:
    outcome = run("doctor")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert len(lines) == len(CHECKS)
    for check, line in zip(CHECKS, lines, strict=True):
        assert line.startswith(("ok", "missing"))
        assert check.name in line


def test_broken_settings_are_broken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("[audio]\nblok = 3")
    outcome = run("doctor")
    assert outcome.code == 1
    assert "BROKEN  settings" in outcome.out
    assert "did you mean 'block'" in outcome.out


def test_a_missing_model_is_broken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("[model]\npath = '/nowhere'")
    outcome = run("doctor")
    assert outcome.code == 1
    assert "BROKEN  model" in outcome.out


def test_folders_that_cannot_be_made_are_broken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert "BROKEN  folders" in run("doctor").out


def test_a_damaged_model_of_the_users_is_named(run: Run, golden: Path, tmp_path: Path) -> None:
    assert run("model", "import", golden / "small").code == 0
    assert "your models    small" in run("doctor").out
    (tmp_path / "data/models/small/weights.safetensors").write_bytes(b"")
    outcome = run("doctor")
    assert outcome.code == 0
    assert "missing your models" in outcome.out
    assert "gansynth-live model remove small" in outcome.out


def test_devices(run: Run) -> None:
    outcome = run("devices")
    assert outcome.code == 0
    assert [line for line in outcome.out.splitlines() if not line.startswith(" ")] == [
        "audio outputs (--device):",
        "JACK server (--driver jack):",
        "MIDI inputs (--midi-in):",
    ]

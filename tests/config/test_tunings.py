"""Settings that name files of a tuning, or hold what is in them."""

from pathlib import Path

import pytest

from gansynth_live.cli.part_options import with_part_options
from gansynth_live.config import load_config
from gansynth_live.errors import ConfigError
from gansynth_live.tuning.scale import parse_scale
from tests.tuning.scales import MEANTONE, equal, keyboard_map


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings in one folder, while the program runs in another."""
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path / "own"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / "meantone.scl").write_text(MEANTONE)
    (tmp_path / "white.kbm").write_text(keyboard_map((0, None, 1), octave=2))
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text)
    return path


def test_files_are_found_beside_the_settings(folder: Path) -> None:
    settings = '[tuning]\nscale = "meantone.scl"\nmap = "white.kbm"\na4 = 415.0\n'
    tuning = load_config(write(folder, settings)).tuning
    assert parse_scale(tuning.scale) == parse_scale(MEANTONE)
    assert "!" not in tuning.scale.splitlines()[0]
    assert tuning.map.startswith("3\n0\n127\n60\n69\n440.0\n2\n0\nx\n1\n")
    assert tuning.a4 == 415.0


def test_of_the_command_line_from_where_one_is(folder: Path) -> None:
    tuning = load_config(overrides=["tuning.scale=../meantone.scl"]).tuning
    assert parse_scale(tuning.scale) == parse_scale(MEANTONE)
    path = folder / "meantone.scl"
    assert load_config(overrides=[f"tuning.scale={path}"]).tuning == tuning


def test_the_content_may_stand_in_the_settings(folder: Path) -> None:
    config = load_config(write(folder, f'[tuning]\nscale = """\n{equal(19)}"""\n'))
    assert config.tuning.scale == equal(19)


def test_a_part_has_its_own(folder: Path) -> None:
    text = '[[part]]\nchannels = [2]\ninstruments = ["cello"]\ntuning.scale = "meantone.scl"\n'
    [part] = load_config(write(folder, text)).part
    assert parse_scale(part.own["tuning.scale"]) == parse_scale(MEANTONE)
    named = with_part_options(load_config(), ["2: cello, tuning.scale=../meantone.scl"])
    assert named.part[0].own == part.own


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.scl", r"cannot read .*missing\.scl: No such file"),
        ("white.kbm", r"white\.kbm: line 3: the number of notes '0' is no whole number"),
        (".", r"cannot read .*: Is a directory"),
        ("a\\u0000b", r"cannot read .*"),
    ],
)
def test_a_file_that_says_no_scale(folder: Path, name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(write(folder, f'[tuning]\nscale = "{name}"\n'))
    assert "\n" not in str(caught.value)


def test_a_content_that_is_no_scale(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"my\.toml: tuning\.scale: line 2: the number of notes"):
        load_config(write(folder, '[tuning]\nscale = """\na\nb\n"""\n'))
    with pytest.raises(ConfigError, match=r"tuning\.scale = 3: Expected str"):
        load_config(write(folder, "[tuning]\nscale = 3\n"))
    with pytest.raises(ConfigError, match=r"tuning\.a4 = 300"):
        load_config(overrides=["tuning.a4=300"])


def test_a_file_too_large_is_not_read(folder: Path) -> None:
    (folder / "large.scl").write_bytes(b"a" * 70_000)
    with pytest.raises(ConfigError, match=r"large\.scl: larger than 65536"):
        load_config(write(folder, '[tuning]\nscale = "large.scl"\n'))

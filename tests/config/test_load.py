"""Settings: every one documented, every mistake named with its cure."""

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.config import load_config
from gansynth_live.config.controllers import parse_bindings
from gansynth_live.errors import ConfigError
from gansynth_live.parameters.controllers import default_bindings
from gansynth_live.parameters.table import PARAMETERS, PART, SECTIONS
from tests.config.shipped import DEFAULTS_FILE


@pytest.fixture(autouse=True)
def no_settings_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path / "own"))


def write(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text)
    return path


def test_defaults_hold_every_key_and_no_other() -> None:
    explained = tomllib.loads(DEFAULTS_FILE.read_text())
    written = explained.pop("controllers")
    assert parse_bindings(written, "") == default_bindings()
    assert list(explained) == [section for section in SECTIONS if section not in (PART, "channel")]
    assert [f"{section}.{key}" for section in explained for key in explained[section]] == [
        name for name, each in PARAMETERS.items() if each.section in explained
    ]
    assert json.loads(msgspec.json.encode(load_config())) == {
        **explained,
        "controllers": json.loads(msgspec.json.encode(default_bindings())),
        "part": [],
    }


def test_every_default_is_explained() -> None:
    lines = DEFAULTS_FILE.read_text().splitlines()
    for above, line in pairwise(lines[: lines.index("[controllers]")]):
        if "=" in line and not line.startswith("#"):
            assert "#" in line or above.startswith("#"), f"no comment on: {line}"


def test_the_ranges_in_the_comments_are_the_ranges_that_count() -> None:
    section = ""
    checked = 0
    for line in DEFAULTS_FILE.read_text().splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        stated = re.fullmatch(r"(\w+) = .*#.*?(-?[0-9.]+)\.\.([0-9.]+).*", line)
        if not stated or stated[1].endswith("ccs"):
            continue
        key, low, high = stated[1], float(stated[2]), float(stated[3].rstrip("."))
        step = 1 if "." not in stated[2] + stated[3].rstrip(".") and high > 100 else 0.0001
        for value in (low, high):
            number = int(value) if value == int(value) else value
            load_config(overrides=[f"{section}.{key}={number}"])
        for value in (low - step, high + step):
            with pytest.raises(ConfigError):
                load_config(overrides=[f"{section}.{key}={value}"])
        checked += 1
    assert checked >= 18


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "[voice]\nrelease = 2\n[midi]\ninputs = ['Keystation']"))
    assert config.voice.release == 2.0
    assert config.midi.inputs == ("Keystation",)
    assert config.voice.attack == load_config().voice.attack


def test_the_users_own_file_is_read_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("[audio]\nblock = 256")
    assert load_config().audio.block == 256
    assert load_config(write(tmp_path, "")).audio.block == 128


def test_overrides_win_and_take_text_without_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, "[audio]\nblock = 256\ndriver = 'jack'")
    config = load_config(path, ["audio.block=64", "audio.device=USB Audio", "midi.inputs=['a']"])
    assert (config.audio.block, config.audio.device) == (64, "USB Audio")
    assert (config.audio.driver, config.midi.inputs) == ("jack", ("a",))


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        load_config().audio.block = 1  # type: ignore[misc]


MISTAKES = [
    ("[voice]\nrelaese = 1", r"my\.toml: unknown key in \[voice\]: 'relaese'.*'release'"),
    ("[vioce]\nrelease = 1", r"my\.toml: unknown section 'vioce'; did you mean 'voice'"),
    ("voice = 3", r"my\.toml: \[voice\] is a section"),
    ("[[voice]]\nrelease = 1", r"\[voice\] is a section"),
    ("[voice]\nrelease = -1", r"voice\.release = -1: Expected float >= 0"),
    ("[voice]\nrelease = nan", r"voice\.release = nan: Expected float"),
    ("[voice]\nrelease = inf", r"voice\.release = inf: Expected float <= 30"),
    ("[voice]\nrelease = 'long'", r"voice\.release = 'long': Expected float, got str"),
    ("[voice]\npolyphony = 0", r"voice\.polyphony = 0: Expected int >= 1"),
    ("[voice]\npolyphony = 1.5", r"voice\.polyphony = 1\.5: Expected int, got float"),
    ("[voice]\npolyphony = true", r"Expected int, got bool"),
    ("[audio]\ndriver = 'alsa'", r"audio\.driver = 'alsa': choose auto or jack or portaudio"),
    ("[morph]\nweights = [1, 2]", r"weights = \[1, 2\]: Expected float <= 1"),
    ("[controllers]\nvoice.attack = 200", r"controllers\.voice\.attack: Expected int <= 119"),
    ("[controllers]\nvoice.attack = {cc = 3, up = 1}", r"unknown field up"),
    (
        "[controllers]\nvoice.attack = {cc = 3, high = 99.0}",
        r"= 99\.0: Expected float <= 20",
    ),
    ("[controllers]\nvoice.attack = {cc = 3, curve = 'log'}", r"by ratios \(log\) lies above 0"),
    ("[controllers]\nvoice.atack = 1", r"\[controllers\] unknown parameter.*'voice\.attack'"),
    ("[controllers]\nmorph.weights.17 = 1", r"unknown parameter 'morph\.weights\.17'"),
    ("[controllers]\naudio.block = 1", r"controllers\.audio\.block: no controller can move that"),
    ("[controllers]\nvoice.attack = 121", r"Expected int <= 119"),
    ("[controllers]\nvoice.attack = 6", r"CC 6 has another meaning"),
    ("[controllers]\nmotion.lfo_shape = {cc = 3, low = 1.0}", r"in steps, so there is no range"),
    ("[morph]\ninstruments = []", r"morph\.instruments = \[\]: Expected array of length >= 1"),
    ("[morph]\ninstruments = ['']", r"morph\.instruments"),
    ("[audio", r"my\.toml is not valid TOML: Expected"),
    ("a = 1\na = 2", r"not valid TOML"),
    ("'a\\nb' = 1", r"unknown section"),
    ("x = " + "[" * 5000, r"not valid TOML"),
    (f"[voice]\nrelease = 0x{'f' * 5000}", r"voice\.release = a number of thousands of digits"),
    (f"[voice]\nrelease = [0x{'f' * 5000}]", r"voice\.release = .* digits: Expected float"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_mistake_in_a_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        load_config(write(tmp_path, text))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("voice.release", "write section.key=value"),
        ("release=1", "write section.key=value"),
        ("=", "write section.key=value"),
        ("voice.=1", "write section.key=value"),
        ("voice.atack=1", "command line: unknown key .*'attack'"),
        ("audio.device=\udce9", "is not in UTF-8"),
        ("voice.attack=slow", "command line: voice.attack = 'slow': Expected float, got str"),
    ],
)
def test_mistake_on_the_command_line(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(overrides=[override])


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*absent\.toml: No such file"):
        load_config(tmp_path / "absent.toml")
    with pytest.raises(ConfigError, match="cannot read"):
        load_config(tmp_path)
    (tmp_path / "my.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(tmp_path / "my.toml")
    (tmp_path / "my.toml").write_bytes(b"#" * 2_000_000)
    with pytest.raises(ConfigError, match="larger than 1 MiB"):
        load_config(tmp_path / "my.toml")


@given(override=st.text(max_size=40))
def test_any_override_is_taken_or_refused(override: str) -> None:
    for setting in (override, f"voice.release={override}", f"{override}=1"):
        try:
            load_config(overrides=[setting])
        except ConfigError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017 - a refusal is as good here

"""A preset in a file: written, read again, refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.parameters.table import PARAMETERS
from gansynth_live.presets.file import FORMAT, migrated, parse, read, to_json, write
from gansynth_live.presets.preset import FLOAT, MadeFor, Preset

HERE = Path(__file__).parent
LATENT = np.random.default_rng(1).standard_normal(256).astype(np.float32)
RICH = Preset(
    name="Glass choir at dusk",
    author="Ünal",
    category="Pads",
    tags=("slow", "bright"),
    notes="two lines\nof it",
    model=MadeFor("Default", "0" * 64),
    instruments={"my kazoo": LATENT.astype(FLOAT).tobytes()},
    all={"effects.plate_decay": 4.1, "output.gain_db": -3.0},
    parts=(
        {"voice.attack": 0.1, "morph.instruments": ("choir", "my kazoo"), "part.channels": (1, 2)},
        {"part.low": 60, "motion.lfo_shape": "triangle", "morph.weights": (0.5, 1.0)},
    ),
)


def text(**changes: Any) -> bytes:
    """A file with some keys in place of others."""
    return json.dumps({"format": FORMAT, "name": "A", "parts": [{}], **changes}).encode()


def test_it_comes_back_bit_for_bit_and_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.gansynth.json"
    write(RICH, path)
    again = read(path)
    assert again == RICH
    assert again.latents["my kazoo"].tobytes() == LATENT.tobytes()
    assert to_json(again) == path.read_bytes() == to_json(RICH)


def test_what_is_said_of_it_changes_nothing_of_its_sound() -> None:
    other = parse(to_json(RICH).replace(b"dusk", b"dawn").replace(b"Pads", b"Keys"), "a")
    assert other.digest == RICH.digest
    assert parse(to_json(RICH).replace(b"4.1", b"4.2"), "a").digest != RICH.digest


def test_a_file_of_format_1_is_read_for_ever_and_stays_dry() -> None:
    dry = {"effects.spread": 0.0, "effects.plate": 0.0}
    old = structs.replace(RICH, parts=tuple({**dry, **part} for part in RICH.parts))
    assert read(HERE / "format-1.gansynth.json") == old
    assert parse(text(format=1, parts=[{"effects.plate": 0.5}]), "a").parts == (
        {"effects.spread": 0.0, "effects.plate": 0.5},
    )


def test_presets_of_the_newest_format_count_on_these_defaults() -> None:
    """Where one changes, presets need a migration that writes the old one down."""
    of_format = json.loads((HERE / f"format-{FORMAT}-defaults.json").read_text())
    now = {name: PARAMETERS[name].default for name in of_format}
    assert json.loads(json.dumps(now)) == of_format


def test_older_formats_are_brought_forward_one_by_one() -> None:
    def to_2(table: dict[str, Any]) -> dict[str, Any]:
        return {**table, "tags": [*table["tags"], "two"]}

    def to_3(table: dict[str, Any]) -> dict[str, Any]:
        return {**table, "tags": [*table["tags"], "three"]}

    steps = (to_2, to_3)
    assert migrated({"format": 1, "tags": []}, "a", steps) == {"tags": ["two", "three"]}
    assert migrated({"format": 2, "tags": []}, "a", steps) == {"tags": ["three"]}
    assert migrated({"format": 3, "tags": []}, "a", steps) == {"tags": []}
    with pytest.raises(ConfigError, match=r"a is a preset of format 4, and this program knows 3"):
        migrated({"format": 4}, "a", steps)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"a\.json is no preset"),
        (b"[]", r"it is no table with a name"),
        (b"[" * 60_000, r"is no preset"),
        (b"{}", r"no format number"),
        (text(format=True), r"no format number"),
        (text(format=0), r"no format number"),
        (text(format=9), r"a preset of format 9, and this program knows 2; get a newer"),
        (text(format=1, parts=3), r"parts"),
        (text(catgory="Pads"), r"unknown key 'catgory'; did you mean 'category'"),
        (text(category="Padz"), r"is no preset: .*Padz"),
        (text(name=""), r"cannot name a preset"),
        (text(name="a/b"), r"cannot name a preset"),
        (text(name=".a"), r"cannot name a preset"),
        (text(name="a\u202eb"), r"cannot name a preset"),
        (text(name="a" * 81), r"cannot name a preset"),
        (text(parts=[]), r"is no preset: .*parts"),
        (text(parts=[{}] * 17), r"is no preset: .*parts"),
        (text(parts=[{"voice.atack": 1}]), r"did you mean 'voice\.attack'"),
        (text(parts=[{"voice.attack": 99}]), r"voice\.attack = 99"),
        (text(parts=[{"voice.polyphony": 9}]), r"no parameter of a patch"),
        (text(all={"voice.attack": 1}), r"no parameter of a patch"),
        (text(instruments={"a": "AAA="}), r"instrument 'a' is no latent"),
        (text(instruments={"a": "?"}), r"is no preset"),
        (text(notes="n" * 66_000), r"larger than 64 KiB"),
    ],
)
def test_what_is_none_is_refused_in_one_line(content: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        parse(content, "a.json")
    assert str(error.value).startswith("a.json")
    assert "\n" not in str(error.value)


def test_what_is_too_large_for_a_file_is_not_written(tmp_path: Path) -> None:
    own = {f"own {number}": LATENT.astype(FLOAT).tobytes() for number in range(60)}
    with pytest.raises(UsageError, match=r"takes 8\d KiB, more than 64"):
        write(Preset(name="Many", instruments=own), tmp_path / "many.gansynth.json")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*b\.json: No such file"):
        read(tmp_path / "b.json")

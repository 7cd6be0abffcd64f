"""Which presets of a soundfont become named instruments, and how far each note is out of tune."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from gansynth_live.errors import ConfigError
from gansynth_live.files import replacing
from gansynth_live.training.notes import HIGH_PITCH, LOW_PITCH

PITCHES = HIGH_PITCH - LOW_PITCH + 1
Velocity = Annotated[int, msgspec.Meta(ge=1, le=127)]


class Preset(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One preset; `number` never changes and decides which cells are held out."""

    number: int
    program: int
    bank: int = 0
    steady: bool = False


class Instrument(msgspec.Struct, frozen=True):
    """A named preset in its family."""

    name: str
    family: str
    preset: Preset


class Collection(msgspec.Struct, frozen=True):
    """The instruments that are rendered from one font."""

    font: str
    velocity: int
    instruments: list[Instrument]


def read_collection(path: Path) -> Collection:
    """The collection in a TOML file: `font`, `velocity`, and a table of presets for each family.

    Raises:
        ConfigError: the file cannot be read, or a key or value is bad.
    """
    try:
        data = tomllib.loads(path.read_text())
        font = msgspec.convert(data.pop("font"), str)
        velocity = msgspec.convert(data.pop("velocity", 100), Velocity)
        families = msgspec.convert(data, dict[str, dict[str, Preset]])
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}; name a TOML file") from error
    except (KeyError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}; see configs/training/instruments.toml") from error
    instruments = [
        Instrument(name, family, preset)
        for family, presets in families.items()
        for name, preset in presets.items()
    ]
    numbers = [instrument.preset.number for instrument in instruments]
    if len(set(numbers)) != len(numbers):
        raise ConfigError(f"{path}: two instruments have the same number; give each its own")
    return Collection(font, velocity, instruments)


def preset_key(preset: Preset) -> str:
    """Name of a preset in a tuning table."""
    return f"{preset.bank}:{preset.program}{' steady' if preset.steady else ''}"


def read_tuning(path: Path) -> dict[str, list[float]]:
    """Tuning table: by preset, the cents to add at each of the 61 pitches; empty without a file.

    Raises:
        ConfigError: the file is no tuning table.
    """
    if not path.is_file():
        return {}
    try:
        table = msgspec.json.decode(path.read_bytes(), type=dict[str, list[float]])
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}; remove it and tune again") from error
    if any(len(row) != PITCHES for row in table.values()):
        raise ConfigError(f"{path}: a row has not {PITCHES} pitches; remove it and tune again")
    return table


def write_tuning(path: Path, table: dict[str, list[float]]) -> None:
    """Write a tuning table, one preset a line."""
    rows = [f'"{key}": {[round(c, 2) for c in row]}' for key, row in sorted(table.items())]
    with replacing(path) as beside:
        beside.write_text("{\n" + ",\n".join(rows) + "\n}\n")

"""A preset as JSON, with the number of its format; older formats are brought to the present one."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import DecodeError, ValidationError, convert, to_builtins
from msgspec.json import decode
from msgspec.structs import replace

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.files import read_bounded, replacing
from gansynth_live.parameters.table import require_known
from gansynth_live.patch import check_patch
from gansynth_live.presets.preset import FLOAT, Preset, Table, require_fit_name

MOST_BYTES = 64 * 1024
SUFFIX = ".gansynth.json"

DRY = {"effects.spread": 0.0, "effects.plate": 0.0}  # by default, up to format 1


def _said_to_be_dry(table: Table) -> Table:
    parts = table.get("parts", [{}])
    if not isinstance(parts, list):
        return table
    dry = [{**DRY, **part} if isinstance(part, dict) else part for part in parts]
    return {**table, "parts": dry}


# From format 1 to 2, from 2 to 3, and so on. A default of the table of parameters that changes
# needs one too, which writes the old one down: a preset says only what is not as by default.
MIGRATIONS: Sequence[Callable[[Table], Table]] = (_said_to_be_dry,)
FORMAT = 1 + len(MIGRATIONS)


def to_table(preset: Preset) -> Table:
    """The preset in numbers, texts, lists and tables; what is empty is left out."""
    table = to_builtins(preset)
    return {"format": FORMAT, **{key: value for key, value in table.items() if value}}


def to_json(preset: Preset) -> bytes:
    """The preset as its file holds it: sorted, so that equal ones are equal byte for byte."""
    text = json.dumps(to_table(preset), sort_keys=True, ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def parse(content: bytes, source: str) -> Preset:
    """The preset that JSON holds.

    Raises:
        ConfigError: it holds none, a newer one, or a value that cannot be; begins with `source`.
    """
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{source} is larger than {MOST_BYTES // 1024} KiB; that is no preset")
    try:
        table = decode(content)
    except (DecodeError, RecursionError, ValueError) as error:
        raise ConfigError(f"{source} is no preset: {_one_line(error)}") from error
    if not isinstance(table, dict):
        raise ConfigError(f"{source} is no preset: it is no table with a name and parts")
    return _of_table(migrated(table, source), source)


def read(path: Path) -> Preset:
    """The preset in a file.

    Raises:
        ConfigError: it cannot be read, or holds none.
    """
    try:
        content = read_bounded(path, MOST_BYTES)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    return parse(content, str(path))


def write(preset: Preset, path: Path) -> None:
    """Put a preset into a file, whole or not at all.

    Raises:
        UsageError: it cannot be written, or it is too large for one.
    """
    content = to_json(preset)
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"preset '{preset.name}' takes {len(content) // 1024} KiB, more than"
            f" {MOST_BYTES // 1024}; use fewer parts or instruments of your own"
        )
    with replacing(path) as beside:
        beside.write_bytes(content)


def migrated(
    table: Table, source: str, migrations: Sequence[Callable[[Table], Table]] = MIGRATIONS
) -> Table:
    """A table of any format in the present one, without the number.

    Raises:
        ConfigError: it has no number, or is newer than this program.
    """
    number, newest = table.get("format"), 1 + len(migrations)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ConfigError(f"{source} is no preset: it has no format number")
    if number > newest:
        raise ConfigError(
            f"{source} is a preset of format {number}, and this program knows {newest};"
            " get a newer gansynth-live"
        )
    table = {key: value for key, value in table.items() if key != "format"}
    for migrate in migrations[number - 1 :]:
        table = migrate(table)
    return table


def _of_table(table: Table, source: str) -> Preset:
    for key in table:
        require_known(key, Preset.__struct_fields__, f"{source}: unknown key")
    try:
        preset = convert(table, Preset)
    except (ValidationError, RecursionError) as error:
        raise ConfigError(f"{source} is no preset: {_one_line(error)}") from error
    try:
        require_fit_name(preset.name)
    except UsageError as error:
        raise ConfigError(f"{source}: {error}") from None
    for name, raw in preset.instruments.items():
        if not raw or len(raw) % FLOAT.itemsize:
            raise ConfigError(f"{source}: instrument '{name:.60}' is no latent")
    patch = check_patch(preset.patch, source)
    return replace(preset, all=patch.all, parts=patch.parts)


def _one_line(error: Any) -> str:
    return " ".join(str(error).split())

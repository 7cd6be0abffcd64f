"""Settings: the user's file over the defaults, the command line over both."""

import tomllib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from gansynth_live.config.controllers import parse_bindings
from gansynth_live.config.midi_map import midi_map_path
from gansynth_live.config.tables import Config
from gansynth_live.config.toml_file import Table, read_toml
from gansynth_live.config.tunings import with_tunings
from gansynth_live.errors import ConfigError
from gansynth_live.folders import user_config_dir
from gansynth_live.parameters.controllers import default_bindings
from gansynth_live.parameters.sound import PartTable
from gansynth_live.parameters.table import PARAMETERS, PART, keys_of, require_known

OF_PARTS = (
    "morph",
    "motion",
    "voice",
    "vibrato",
    "tuning",
    "effects",
)  # that a [[part]] has too
CONTROLLERS = "controllers"
COMMAND_LINE = "command line"
MOST_PARTS = 64  # in a file; as many as fit are made


def load_config(
    path: Path | None = None, overrides: Sequence[str] = (), patch: Table | None = None
) -> Config:
    """The defaults, then a file, what controllers have learnt, then a patch, then overrides.

    Args:
        path: a TOML file; None: config.toml in the user's folder if there is one.
        overrides: settings as "section.key=value" with the value in TOML (text needs no quotes).
            They count in all parts of the patch.
        patch: tables in place of all that a patch keeps; None: the file's.

    Raises:
        ConfigError: the file cannot be read, or a key or value is wrong; names source and key.
    """
    tables: dict[str, Any] = {CONTROLLERS: default_bindings()}
    own = user_config_dir() / "config.toml"
    if path is None and own.is_file():
        path = own
    if path is not None:
        _apply(tables, with_tunings(read_toml(path), path.parent, str(path)), str(path))
    learnt = midi_map_path()
    if learnt.is_file():
        _apply(tables, {CONTROLLERS: read_toml(learnt)}, str(learnt))
    parsed = map(_parse_override, overrides)
    wanted = [with_tunings(table, Path(), COMMAND_LINE) for table in parsed]
    if patch is not None:
        tables = {**_of_set_up(tables), CONTROLLERS: tables[CONTROLLERS]}
        _apply(tables, patch, "the preset")
    for changes in wanted:
        _apply(tables, changes, COMMAND_LINE)
        if patch is not None:
            _clear_parts(tables[PART], changes)
    return convert(tables, Config)


def with_parts(config: Config, tables: Sequence[Table], source: str) -> Config:
    """The same settings with other parts.

    Raises:
        ConfigError: a key or value is wrong.
    """
    found = [with_tunings(table, Path(), source) for table in tables]
    parts = [convert(_part(table, source), PartTable) for table in found]
    return replace(config, part=tuple(parts))


def _parse_override(override: str) -> Table:
    key, equals, text = override.partition("=")
    section, dot, name = key.strip().partition(".")
    if not (equals and dot and section and name):
        raise ConfigError(f"{override!r:.60} is not a setting; write section.key=value")
    if not _is_text(override):
        raise ConfigError(f"command line: {override!r:.60} is not in UTF-8; type it again")
    try:
        [value] = tomllib.loads(f"value = {text}").values()
    except (ValueError, RecursionError):  # no TOML, or more than one setting
        value = text.strip()
    return {section: {name: value}}


def _apply(tables: dict[str, Any], changes: Table, source: str) -> None:
    for section, values in changes.items():
        require_known(section, Config.__struct_fields__, f"{source}: unknown section")
        if section == PART:
            tables[section] = [_part(table, source) for table in _tables_of(values, source)]
            continue
        if not isinstance(values, dict):
            raise ConfigError(f"{source}: [{section}] is a section; its keys go below that line")
        check = parse_bindings if section == CONTROLLERS else partial(_checked, section)
        tables.setdefault(section, {}).update(check(values, source))


def _of_set_up(tables: Table) -> dict[str, Any]:
    """What no patch keeps."""
    return {
        section: {key: value for key, value in values.items() if not known[key].is_of_patch}
        for section, values in tables.items()
        if (known := keys_of(section)) and section != PART
    }


def _clear_parts(parts: Sequence[Table], changes: Table) -> None:
    """Let parts have nothing of their own where there are changes for all of them."""
    for section, values in changes.items():
        for key in values:
            for part in parts:
                part["own"].pop(f"{section}.{key}", None)


def _tables_of(values: Any, source: str) -> list[Any]:
    if not isinstance(values, list):
        raise ConfigError(f"{source}: parts are written as [[part]], each with its keys below")
    if len(values) > MOST_PARTS:
        raise ConfigError(f"{source}: {len(values)} parts are more than {MOST_PARTS}")
    return values


def _part(table: Any, source: str) -> Table:
    if not isinstance(table, dict):
        raise ConfigError(f"{source}: parts are written as [[part]], each with its keys below")
    own: dict[str, Any] = {}
    for section in [name for name in OF_PARTS if name in table]:
        values = table[section]
        if not isinstance(values, dict):
            raise ConfigError(f"{source}: [[part]] {section} is a section; write {section}.KEY")
        checked = _checked(section, values, f"{source}: [[part]]")
        own |= {f"{section}.{key}": value for key, value in checked.items()}
    for parameter in own:
        if not PARAMETERS[parameter].is_of_part:
            raise ConfigError(f"{source}: [[part]] {parameter}: no part can have that for itself")
    plain = {key: value for key, value in table.items() if key not in OF_PARTS}
    return {**_checked(PART, plain, source), "own": own}


def _checked(section: str, values: Table, source: str) -> Table:
    """The values of a section, all known and in range."""
    known = keys_of(section)
    shown = "[[part]] " if section == PART else f"{section}."
    where = "[[part]]" if section == PART else f"[{section}]"
    for key in values:
        require_known(key, known, f"{source}: unknown key in {where}:")
    return {
        key: known[key].check(value, f"{source}: {shown}{key}") for key, value in values.items()
    }


def _is_text(argument: str) -> bool:
    """Whether the bytes of a command line's argument were text; Python keeps others apart."""
    return not any("\ud800" <= letter <= "\udfff" for letter in argument)

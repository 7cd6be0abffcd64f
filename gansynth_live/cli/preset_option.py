"""The option --preset, and the settings that it makes with the others."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gansynth_live.cli.part_options import with_part_options
from gansynth_live.config import Config, load_config
from gansynth_live.errors import UsageError

if TYPE_CHECKING:
    from gansynth_live.presets.preset import Preset

PresetOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--preset", metavar="NAME", help="A preset by name, file or code; see `presets list`."
    ),
]


def load_settings(
    config: Path | None,
    overrides: Sequence[str],
    parts: Sequence[str] | None,
    preset: "Preset | None",
    instruments: Sequence[str] | None = None,
) -> Config:
    """All settings that a command plays with.

    Args:
        overrides: as `--set` has them; they count in all parts of the preset.
        parts: as `--part` has them.
        instruments: path in place of the preset's, or of the settings'.

    Raises:
        UsageError: the preset brings parts, and others are named.
        ConfigError: a setting is wrong.
    """
    from gansynth_live.presets.settings import PATH, tables_of

    if preset is None:
        path = [] if instruments is None else [f"{PATH}={_list(instruments)}"]
        return with_part_options(load_config(config, [*overrides, *path]), parts)
    if parts:
        raise UsageError("--preset brings its parts; leave --part out")
    tables = tables_of(preset.patch)
    if instruments is not None:
        if len(preset.parts) > 1:
            raise UsageError(f"preset '{preset.name}' has several parts; leave --instruments out")
        tables["part"][0]["instruments"] = list(instruments)
    return load_config(config, overrides, tables)


def wanted_preset(wanted: str | None) -> "Preset | None":
    """The preset of the option, if there is one (see `named_preset`)."""
    from gansynth_live.presets.named import named_preset

    return None if wanted is None else named_preset(wanted)


def _list(names: Sequence[str]) -> str:
    import json

    return json.dumps(list(names))

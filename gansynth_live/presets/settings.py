"""A preset as settings, from which an instrument is made, and settings as a patch."""

from collections.abc import Mapping
from typing import Any

from gansynth_live.config import Config, values_of
from gansynth_live.errors import UsageError
from gansynth_live.kernel.settings import ALL_CHANNELS
from gansynth_live.latent.library import Library
from gansynth_live.model.bundle import Bundle
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import PARAMETERS, PART
from gansynth_live.parts import PartPlan, plan_parts
from gansynth_live.patch import Patch, is_of_a_part
from gansynth_live.presets.preset import Preset, Table

PATH = "morph.instruments"


def tables_of(patch: Patch) -> Table:
    """The patch as a settings file would have it, for `load_config`.

    Channels that it has no part for are silent.
    """
    heard = {c for part in patch.parts for c in part.get("part.channels", ()) or ALL_CHANNELS}
    rest = [channel for channel in ALL_CHANNELS if channel not in heard]
    silent = [{"channels": rest, "instruments": []}] if rest else []
    return {**_sections(patch.all), PART: [*map(_part_table, patch.parts), *silent]}


def patch_of(config: Config, library: Library) -> Patch:
    """The patch that settings make.

    Raises:
        ConfigError, UsageError: they make none (see `plan_parts`).
    """
    values = values_of(config)
    every = {name: value for name, value in values.items() if _home(name) is Home.MACHINE}
    return Patch(every, tuple(_part_values(plan) for plan in plan_parts(config, library)))


def lend_instruments(preset: Preset, bundle: Bundle, library: Library) -> None:
    """Let the library know the user's own instruments in a preset, until the end.

    Raises:
        UsageError: they belong to another model, or it has others of these names; or instruments
            are missing.
    """
    own = ", ".join(f"'{name}'" for name in preset.instruments)
    if own and preset.model.digest != bundle.digest:
        raise UsageError(
            f"preset '{preset.name}' has instruments of its own ({own}) of the model"
            f" '{preset.model.name}', and this is '{bundle.spec.name}'; load that with --model"
        )
    missing = [
        f"'{name}'"
        for name in preset.instrument_names
        if name not in preset.instruments and not library.has(name)
    ]
    if missing:
        raise UsageError(
            f"preset '{preset.name}' needs {', '.join(missing)}, which the model"
            f" '{bundle.spec.name}' has not; load its own model with --model"
        )
    library.lend(preset.latents)


def _sections(values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        section, key = name.split(".", 1)
        sections.setdefault(section, {})[key] = value
    return sections


def _part_table(values: Mapping[str, Value]) -> Table:
    path = values.get(PATH, PARAMETERS[PATH].default)
    sections = _sections({name: value for name, value in values.items() if name != PATH})
    return {"instruments": path, **sections.pop(PART, {}), **sections}


def _part_values(plan: PartPlan) -> dict[str, Value]:
    keys = plan.settings
    values = {**values_of(plan.config), **keys.values, PATH: plan.path.instruments}
    for key in ("channels", "low", "high", "transpose"):
        values[f"{PART}.{key}"] = getattr(keys, key)
    return {
        name: values.get(name, each.default)
        for name, each in PARAMETERS.items()
        if is_of_a_part(each)
    }


def _home(name: str) -> Home:
    return PARAMETERS[name].home

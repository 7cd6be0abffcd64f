"""The section [controllers]: parameters and the controllers that move them."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import ValidationError, convert
from msgspec.structs import fields

from gansynth_live.errors import ConfigError
from gansynth_live.parameters.controllers import Binding, Bindings, is_free
from gansynth_live.parameters.parameter import Parameter
from gansynth_live.parameters.scale import Steps
from gansynth_live.parameters.table import find

NONE = -1
MOST = 16  # controllers of a parameter


def parse_bindings(table: Mapping[str, Any], source: str) -> Bindings:
    """Bindings as a file writes them: `morph.position = 1`, -1 for none, or tables of a `Binding`.

    Raises:
        ConfigError: a parameter is unknown or cannot be moved, a controller has another meaning.
    """
    return {name: _bindings(name, value, source) for name, value in _flat(table, source)}


def _flat(table: Mapping[str, Any], source: str, before: str = "") -> Iterator[tuple[str, Any]]:
    """Entries by the whole id: in TOML its dots make tables of tables."""
    for key, value in table.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and "cc" not in value and name.count(".") < 2:
            yield from _flat(value, source, f"{name}.")
        else:
            yield name, value


def _bindings(name: str, value: Any, source: str) -> tuple[Binding, ...]:
    try:
        parameter = find(name)
    except ConfigError as error:
        raise ConfigError(f"{source}: [controllers] {error}") from None
    what = f"{source}: controllers.{name}"
    if not parameter.is_learnable:
        raise ConfigError(f"{what}: no controller can move that")
    each = value if isinstance(value, list) else [] if value == NONE else [value]
    if len(each) > MOST:
        raise ConfigError(f"{what}: {len(each)} controllers are more than {MOST}")
    return tuple(_binding(parameter, entry, what) for entry in each)


def _binding(parameter: Parameter, entry: Any, what: str) -> Binding:
    try:
        binding = convert(entry if isinstance(entry, dict) else {"cc": entry}, Binding)
    except ValidationError as error:
        known = ", ".join(field.name for field in fields(Binding))
        reason = str(error).replace("`", "")
        raise ConfigError(f"{what}: {reason}; write a number, or a table of {known}") from error
    if not is_free(binding.cc):
        raise ConfigError(f"{what}: CC {binding.cc} has another meaning; take another")
    ends = [end for end in (binding.low, binding.high) if end is not None]
    if isinstance(parameter.scale, Steps) and (ends or binding.curve):
        raise ConfigError(f"{what}: it goes in steps, so there is no range and no curve")
    for end in ends:
        parameter.check(end, what)
    lowest = min(ends) if len(ends) == 2 else min([*ends, parameter.row.low])
    if binding.curve == "log" and lowest <= 0.0:
        raise ConfigError(f"{what}: a range that goes by ratios (log) lies above 0")
    return binding

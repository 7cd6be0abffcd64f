"""All parameters, collected from the fields that declare them."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

import msgspec

from gansynth_live.errors import ConfigError
from gansynth_live.parameters import channel, set_up, sound
from gansynth_live.parameters.parameter import Parameter
from gansynth_live.parameters.row import Home, Row

PART, TUNING = "part", "tuning"
WEIGHTS, DIRECTIONS = "morph.weights", "morph.directions"  # whose elements are parameters too
PLACES = [str(place) for place in range(1, 17)]  # of weights
SECTIONS: dict[str, tuple[type[msgspec.Struct], Home]] = {
    "audio": (set_up.Audio, Home.SET_UP),
    "midi": (set_up.Midi, Home.SET_UP),
    "model": (set_up.Model, Home.SET_UP),
    "morph": (sound.Morph, Home.MORPH),
    "motion": (sound.Motion, Home.MORPH),
    "voice": (sound.Voice, Home.PART),
    "vibrato": (sound.Vibrato, Home.PART),
    TUNING: (sound.Tuning, Home.PART),
    "effects": (sound.Effects, Home.MACHINE),
    "air": (sound.Air, Home.PART),
    "life": (sound.Life, Home.PART),
    "output": (sound.Output, Home.MACHINE),
    "cache": (set_up.Cache, Home.SET_UP),
    "render": (set_up.Render, Home.SET_UP),
    PART: (sound.PartTable, Home.PLACE),
    "channel": (channel.Channel, Home.CHANNEL),
}


def _rows(section: str) -> Iterable[Parameter]:
    struct, home = SECTIONS[section]
    hints = get_type_hints(struct, include_extras=True)
    for field in msgspec.structs.fields(struct):
        kind = hints[field.name]
        for row in get_args(kind)[1:]:
            if isinstance(row, Row):
                default = _default(field)
                yield Parameter(section, field.name, row, kind, default, row.home or home)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    made = field.default_factory is not msgspec.NODEFAULT
    return field.default_factory() if made else field.default


PARAMETERS: dict[str, Parameter] = {
    parameter.id: parameter for section in SECTIONS for parameter in _rows(section)
}


def keys_of(section: str) -> dict[str, Parameter]:
    """The parameters of a section by their keys."""
    return {each.key: each for each in PARAMETERS.values() if each.section == section}


def kernel_settings(*homes: Home) -> dict[str, Parameter]:
    """The parameters that the kernel has a setting for, by what it calls them."""
    return {each.kernel: each for each in PARAMETERS.values() if each.home in homes and each.kernel}


def find(parameter: str) -> Parameter:
    """A parameter by its id; those of an element end in its place or name.

    Raises:
        ConfigError: there is none; names the nearest.
    """
    whole, _, element = parameter.rpartition(".")
    if whole == DIRECTIONS or (whole == WEIGHTS and element in PLACES):
        return PARAMETERS[whole].element(element)
    require_known(parameter, PARAMETERS, "unknown parameter")
    return PARAMETERS[parameter]


def find_learnable(parameter: str) -> Parameter:
    """A parameter by its id that controllers may move.

    Raises:
        ConfigError: there is none, or none may; names the nearest.
    """
    if not (found := find(parameter)).is_learnable:
        raise ConfigError(f"{parameter}: no controller can move that")
    return found


def require_known(name: str, valid: Iterable[str], complaint: str) -> None:
    """Raise `ConfigError` for a name that is not among the valid ones; it names the nearest."""
    if name not in valid:
        [nearest] = get_close_matches(name, valid, n=1, cutoff=0.0)
        raise ConfigError(f"{complaint} {name!r:.60}; did you mean '{nearest}'?")

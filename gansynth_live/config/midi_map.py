"""What controllers have learnt to move: a file of the user's, apart from settings and presets.

It is a section [controllers] of its own, over that of the settings.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace

from gansynth_live.config.controllers import MOST, parse_bindings
from gansynth_live.config.toml_file import read_toml
from gansynth_live.errors import ConfigError
from gansynth_live.files import replacing
from gansynth_live.folders import user_config_dir
from gansynth_live.parameters.controllers import ALL_CHANNELS, Binding, Bindings
from gansynth_live.parameters.moved import Moved
from gansynth_live.parameters.parameter import Parameter
from gansynth_live.parameters.scale import Steps

PLAIN = to_builtins(Binding(0))
HEADING = "# Written by `gansynth-live learn`. Read over [controllers] of the settings.\n"


def midi_map_path() -> Path:
    """Where it is, if there is one."""
    return user_config_dir() / "midi-map.toml"


def read_midi_map() -> Bindings:
    """What was learnt; nothing where there is no file.

    Raises:
        ConfigError: the file is damaged.
    """
    path = midi_map_path()
    return parse_bindings(read_toml(path), str(path)) if path.is_file() else {}


def write_midi_map(bindings: Bindings) -> Path:
    """Keep what was learnt; the file's place.

    Raises:
        ConfigError: it cannot be written.
    """
    path = midi_map_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make {path.parent}: {error.strerror or error}") from error
    with replacing(path) as beside:
        beside.write_text(HEADING + "".join(map(_line, sorted(bindings.items()))), "utf-8")
    return path


def binding_of(
    parameter: Parameter,
    moved: Moved,
    *,
    low: float | None = None,
    high: float | None = None,
    jumps: bool = False,
) -> Binding:
    """How a controller that was moved is to move a parameter.

    Args:
        low, high: values at its ends; None: the parameter's own.
        jumps: whether it counts at once, and not only from where it meets the value there is.

    Raises:
        ConfigError: a value is out of range, or the controller has another meaning.
    """
    meets = not jumps and not isinstance(parameter.scale, Steps)
    table = {"cc": moved.cc, "channel": moved.channel, "fine": moved.fine, "takeover": meets}
    ends = {name: end for name, end in (("low", low), ("high", high)) if end is not None}
    [binding] = parse_bindings({parameter.id: {**table, **ends}}, "learn")[parameter.id]
    return binding


def taught(
    learnt: Bindings, now: Bindings, parameter: str, binding: Binding, *, replaces: bool
) -> Bindings:
    """What is learnt when a controller is to move a parameter too.

    Args:
        learnt: before.
        now: all bindings that are in force, those learnt among them.
        replaces: whether the controller moves nothing else from now on.

    Raises:
        ConfigError: too many controllers move the parameter.
    """
    mine = dict(learnt)
    for name, several in now.items():
        others = _without(several, binding) if replaces else _beside(several, binding)
        if others != several:
            mine[name] = others
    before = _without(mine.get(parameter, now.get(parameter, ())), binding)
    if len(before) >= MOST:
        raise ConfigError(f"{parameter} is moved by {MOST} controllers already; forget some first")
    return {**mine, parameter: (*before, binding)}


def _without(several: tuple[Binding, ...], binding: Binding) -> tuple[Binding, ...]:
    """Other controllers' bindings. (A channel's own hide those of any channel.)"""
    source = binding.cc, binding.channel
    return tuple(each for each in several if (each.cc, each.channel) != source)


def _beside(several: tuple[Binding, ...], binding: Binding) -> tuple[Binding, ...]:
    """The same, also on a channel that gets bindings of its own for this controller."""
    own = any(each.cc == binding.cc and each.channel == binding.channel for each in several)
    if own or binding.channel == ALL_CHANNELS:
        return several
    anywhere = [each for each in several if (each.cc, each.channel) == (binding.cc, ALL_CHANNELS)]
    return (*several, *(replace(each, channel=binding.channel) for each in anywhere))


def _line(entry: tuple[str, tuple[Binding, ...]]) -> str:
    name, several = entry
    tables = [_inline(to_builtins(each)) for each in several]
    return f"{json.dumps(name)} = [{', '.join(tables)}]\n"  # texts are alike in JSON and TOML


def _inline(table: Mapping[str, object]) -> str:
    said = {key: value for key, value in table.items() if key == "cc" or value != PLAIN[key]}
    return "{" + ", ".join(f"{key} = {json.dumps(value)}" for key, value in said.items()) + "}"

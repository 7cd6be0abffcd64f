"""All settings by section, as the rest of the program reads them."""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from gansynth_live.parameters.controllers import Bindings, ControlMap, default_bindings
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.set_up import Audio, Cache, Midi, Model, Render
from gansynth_live.parameters.sound import (
    Air,
    Effects,
    Life,
    Morph,
    Motion,
    Output,
    PartTable,
    Tuning,
    Vibrato,
    Voice,
)
from gansynth_live.parameters.table import PARAMETERS, PART


class Config(Struct, frozen=True):
    """All settings; configs/default.toml explains each. As here, nobody has set anything."""

    audio: Audio = Audio()
    midi: Midi = Midi()
    model: Model = Model()
    morph: Morph = Morph()
    motion: Motion = Motion()
    voice: Voice = Voice()
    vibrato: Vibrato = Vibrato()
    tuning: Tuning = Tuning()
    air: Air = Air()
    life: Life = Life()
    effects: Effects = Effects()
    output: Output = Output()
    cache: Cache = Cache()
    render: Render = Render()
    controllers: Bindings = field(default_factory=default_bindings)
    part: tuple[PartTable, ...] = ()


def values_of(config: Config) -> dict[str, Value]:
    """All settings but those of parts, by the ids of their parameters."""
    return {
        name: getattr(getattr(config, parameter.section), parameter.key)
        for name, parameter in PARAMETERS.items()
        if parameter.section in Config.__struct_fields__ and parameter.section != PART
    }


def control_map(config: Config) -> ControlMap:
    """Which controller moves what, and how pedals are meant."""
    midi = config.midi
    return ControlMap(
        config.controllers, half_pedal=midi.half_pedal, invert_pedals=midi.invert_pedals
    )


def with_values(config: Config, values: Mapping[str, Value]) -> Config:
    """The same settings but for some, by the ids of their parameters; they fit."""
    sections: dict[str, dict[str, Value]] = {}
    for name, value in values.items():
        parameter = PARAMETERS[name]
        sections.setdefault(parameter.section, {})[parameter.key] = value
    changed = {name: replace(getattr(config, name), **keys) for name, keys in sections.items()}
    return replace(config, **changed)

"""Settings without the effects."""

from msgspec.structs import replace

from gansynth_live.config.tables import Config, with_values
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.table import keys_of

# Nothing is sent to any effect, and no key stands apart from the middle: by the ids of parameters.
DRY: dict[str, Value] = {each.id: 0.0 for each in keys_of("effects").values() if each.is_of_part}


def without_effects(config: Config) -> Config:
    """The same settings but for the effects: none is heard, whatever parts and controllers say."""
    parts = [
        replace(part, own={name: value for name, value in part.own.items() if name not in DRY})
        for part in config.part
    ]
    controllers = {
        name: bindings for name, bindings in config.controllers.items() if name not in DRY
    }
    return with_values(replace(config, part=tuple(parts), controllers=controllers), DRY)

"""Settings: where they come from (`load`), and all of them by section (`tables`).

What there is to set, with ranges and defaults, says the table of `parameters`.
"""

from gansynth_live.config.dry import DRY, without_effects
from gansynth_live.config.load import load_config, with_parts
from gansynth_live.config.tables import Config, control_map, values_of, with_values

__all__ = [
    "DRY",
    "Config",
    "control_map",
    "load_config",
    "values_of",
    "with_parts",
    "with_values",
    "without_effects",
]

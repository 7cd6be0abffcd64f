"""A preset as people name it."""

from pathlib import Path

from gansynth_live.presets.file import SUFFIX, read
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.share import from_code, is_code
from gansynth_live.presets.store import Store


def named_preset(name: str) -> Preset:
    """The preset of a name, a file or a code.

    Raises:
        UsageError: there is none of that name.
        ConfigError: the file or the code holds none.
    """
    if is_code(name):
        return from_code(name)
    if name.endswith(SUFFIX):
        return read(Path(name))
    return Store.of_user().find(name).preset

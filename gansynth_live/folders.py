"""Where settings, models, logs and what can be made again live, by each system's own rules.

No folder is made here. Where the system knows no home of the user, each of them is a place in which
nothing is found and nothing can be put.
"""

import os
from pathlib import Path

from platformdirs import PlatformDirs

APPLICATION = "gansynth-live"
CONFIG_VARIABLE = "GANSYNTH_LIVE_CONFIG_DIR"
CACHE_VARIABLE = "GANSYNTH_LIVE_CACHE_DIR"
DATA_VARIABLE = "GANSYNTH_LIVE_DATA_DIR"
LOG_VARIABLE = "GANSYNTH_LIVE_LOG_DIR"
NOWHERE = Path(os.devnull)


def user_config_dir() -> Path:
    """Folder for the user's own settings and instruments."""
    return _folder(CONFIG_VARIABLE, "user_config_path")


def user_cache_dir() -> Path:
    """Folder for what can be made again: compiled code, ONNX graphs, downloads."""
    return _folder(CACHE_VARIABLE, "user_cache_path")


def user_data_dir() -> Path:
    """Folder for the user's models: too large to follow him from machine to machine."""
    return _folder(DATA_VARIABLE, "user_data_path", roaming=False)


def user_log_dir() -> Path:
    """Folder for the program's log."""
    return _folder(LOG_VARIABLE, "user_log_path")


def _folder(variable: str, kind: str, *, roaming: bool = True) -> Path:
    if override := os.environ.get(variable):
        return Path(override)
    try:
        usual: Path = getattr(PlatformDirs(APPLICATION, appauthor=False, roaming=roaming), kind)
    except RuntimeError:  # no HOME, and the system does not know the user
        return NOWHERE / APPLICATION
    # Older versions keep the tilde, which would become a folder of that name right here.
    return usual if usual.is_absolute() else NOWHERE / APPLICATION

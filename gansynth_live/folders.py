"""Where the user's settings, logs and what can be made again live, by each system's own rules.

No folder is made here. Where the system knows no home of the user, each of them is a place in which
nothing is found and nothing can be put.
"""

import os
from pathlib import Path

from platformdirs import PlatformDirs

APPLICATION = "gansynth-live"
CONFIG_VARIABLE = "GANSYNTH_LIVE_CONFIG_DIR"
CACHE_VARIABLE = "GANSYNTH_LIVE_CACHE_DIR"
LOG_VARIABLE = "GANSYNTH_LIVE_LOG_DIR"
NOWHERE = Path(os.devnull)


def user_config_dir() -> Path:
    """Folder for the user's own settings and instruments."""
    return _folder(CONFIG_VARIABLE, _of_system().user_config_path)


def user_cache_dir() -> Path:
    """Folder for what can be made again: compiled code, ONNX graphs."""
    return _folder(CACHE_VARIABLE, _of_system().user_cache_path)


def user_log_dir() -> Path:
    """Folder for the program's log."""
    return _folder(LOG_VARIABLE, _of_system().user_log_path)


def _of_system() -> PlatformDirs:
    return PlatformDirs(APPLICATION, appauthor=False, roaming=True)


def _folder(variable: str, usual: Path) -> Path:
    if override := os.environ.get(variable):
        return Path(override)
    # A user without a home keeps the tilde, which would become a folder of that name right here.
    return usual if usual.is_absolute() else NOWHERE / APPLICATION

"""Models that have a name: bundles in the user's folder, which every command finds by it."""

import re
from pathlib import Path

from gansynth_live.errors import ModelError, UsageError
from gansynth_live.folders import user_data_dir
from gansynth_live.model.bundle import SPEC, default_bundle_path

FIT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
MAGENTAS = ("acoustic_only", "all_instruments")  # those that Magenta published


def models_folder() -> Path:
    """The folder of the models that have a name; it need not exist."""
    return user_data_dir() / "models"


def installed() -> list[str]:
    """Names of the models that are there."""
    try:
        found = sorted(path.parent.name for path in models_folder().glob(f"*/{SPEC}"))
    except OSError:
        return []
    return [name for name in found if FIT_NAME.fullmatch(name)]


def model_path(model: Path | str | None) -> Path:
    """Folder of a model: the shipped one (none), the one of this name, or the folder itself.

    Raises:
        ModelError: it is a mere name, but neither a model's nor a folder's.
    """
    if not model:
        return default_bundle_path()
    name = str(model)
    if FIT_NAME.fullmatch(name):
        if name in (known := installed()):
            return models_folder() / name
        if not Path(name).is_dir():
            raise ModelError(f"no model {name!r}: {_cure(name, known)}")
    return Path(model)


def new_model_path(name: str) -> Path:
    """Folder for a new model of this name; its parent is there.

    Raises:
        UsageError: the name is unfit or taken, or the folder cannot be made.
    """
    if not FIT_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r:.80} cannot name a model; use --name and 1 to 64 letters, digits, _, - and ."
        )
    path = models_folder() / name
    if path.exists():
        raise UsageError(
            f"you have a model {name!r} already, in {path}; choose another --name, or remove it: "
            f"gansynth-live model remove {name}"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {path.parent}: {error.strerror or error}") from error
    return path


def _cure(name: str, known: list[str]) -> str:
    if name in MAGENTAS:
        return f"get it with gansynth-live model get {name}"
    yours = f"yours are {', '.join(known)}" if known else "you have none yet"
    return f"{yours}, and there is no folder of that name"

"""What an import has read: a note that stays with the model."""

from pathlib import Path

import msgspec

from gansynth_live.errors import ModelError
from gansynth_live.files import read_bounded
from gansynth_live.model.bundle import IMPORT_NOTE, LARGEST


class ImportNote(msgspec.Struct, frozen=True):
    """What an import read; kept in the bundle as import.json.

    Attributes:
        checkpoint: the file that names the variables, by its path within the source.
        stage, global_step: how far the training had come, where the source says so.
        raw: variables that had no moving average, so that the trained value itself was taken.
        quantised: variables that the source holds in 8 or 16 bits a number.
        sha256: of every file that was read, by its path within the source.
        address: where the source was fetched from, if it was.
    """

    source: str
    checkpoint: str
    stage: int | None
    global_step: int | None
    progress: float
    alphas: tuple[float, ...]
    averaged: list[str]
    raw: list[str]
    sha256: dict[str, str]
    quantised: list[str] = []
    address: str | None = None

    @property
    def origin(self) -> str:
        """Where the model comes from, in a few words."""
        images = "" if self.global_step is None else f", {self.global_step} images"
        return f"{self.source}/{self.checkpoint}{images}"


def read_note(bundle: Path) -> ImportNote | None:
    """Where the model of a bundle came from; None where that was not an import.

    Raises:
        ModelError: the note is damaged.
    """
    path = bundle / IMPORT_NOTE
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(read_bounded(path, LARGEST[IMPORT_NOTE]), type=ImportNote)
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: {error}; the file is damaged") from error

"""A lock file: one process at a time does what it stands for. It ends with its process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gansynth_live.errors import DownloadError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock `path` while the context lasts; `DownloadError` if another process does."""
    try:
        file = path.open("ab")
    except OSError as error:
        raise DownloadError(f"cannot write {path}: {error.strerror or error}") from error
    with file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise DownloadError("this model is being fetched by another gansynth-live") from error
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

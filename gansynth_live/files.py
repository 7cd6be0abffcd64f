"""How files are written (beside, then renamed, never half) and read."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gansynth_live import unfinished
from gansynth_live.errors import UsageError

DISK_REFUSES = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO),
    *(errno.EROFS, errno.EISDIR, errno.EACCES),
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it becomes `path`, on failure it is removed.

    The temporary name keeps the suffix, so writers that choose a format by it work. Where `path`
    is a symbolic link, it stays one: the file that it leads to is replaced.

    Raises:
        UsageError: the directory is missing or not writable, `path` is one or a device, or the disk
            is full.
    """
    path = _followed(path)
    beside = _fresh_file_beside(path)
    try:
        yield beside
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in DISK_REFUSES:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
        raise
    finally:
        unfinished.discard(beside)


def require_place(path: Path) -> None:
    """Raise `UsageError` now if `replacing(path)` would: before long work, not after it."""
    unfinished.discard(_fresh_file_beside(_followed(path)))


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read; `OSError` for pipes and devices too, which might never end."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "no regular file")
    return path.open("rb")


def read_bounded(path: Path, most: int) -> bytes:
    """The contents of a regular file; `OSError` if it cannot be read or has over `most` bytes."""
    with open_regular(path) as file:
        content = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    if content is None or len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most} bytes")
    return content


def _followed(path: Path) -> Path:
    """Where a symbolic link leads; any other path as it was given, since errors name it."""
    # Not `path.is_symlink()`, which raises for names that are too long.
    return Path(os.path.realpath(path)) if os.path.islink(path) else path  # noqa: PTH114


def _fresh_file_beside(path: Path) -> Path:
    try:
        if path.is_dir():
            raise UsageError(f"cannot write {path}: it is a folder; name a file in it")
        if path.exists() and not path.is_file():
            raise UsageError(f"cannot write {path}: it is no regular file; name another")
        return unfinished.create(path.parent, path.suffix)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"cannot write {path}: {reason}; choose a folder that exists and is writable"
        ) from error


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask

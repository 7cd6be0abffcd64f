"""What can be made again, kept on disk with a checksum: a help, never a condition."""

import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing
from gansynth_live.folders import CACHE_VARIABLE, user_cache_dir

DIGEST_BYTES = 32

log = logging.getLogger(__name__)
_refused: set[Path] = set()


def load(path: Path) -> bytes | None:
    """What `store` put at `path`; None if there is nothing, or not one byte less or other."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    digest, content = kept[:DIGEST_BYTES], kept[DIGEST_BYTES:]
    if _digest(path, content) != digest:
        log.info("%s is damaged; it is made again", path)
        return None
    with suppress(OSError):
        path.touch()  # what is not used is forgotten first
    return content


def store(path: Path, content: bytes) -> None:
    """Keep `content` at `path`. What the disk refuses costs time at the next start, and a line."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside:
            beside.write_bytes(_digest(path, content) + content)
    except (OSError, UsageError) as error:
        _warn(user_cache_dir(), error)


def oldest(folder: Path, pattern: str, spared: int) -> list[Path]:
    """What of a folder fits `pattern`, but the `spared` that were used last."""
    with suppress(OSError):
        found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
        return found[spared:]
    return []  # another process tidies up too


def forget(folder: Path, spared: Path, seconds: float, most: int) -> None:
    """Remove folders in `folder` that nobody has loaded from or stored in for `seconds`, and of the
    others those unused for longest, as long as all hold over `most` bytes; but never `spared`.
    """
    now, held = time.time(), 0
    for used, size, path in sorted(_uses(folder), reverse=True):
        held += size
        if path != spared and (now - used > seconds or held > most):
            held -= size
            shutil.rmtree(path, ignore_errors=True)


def _uses(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each folder in `folder` was last used, how many bytes its files have, and its path."""
    with suppress(OSError):  # another process tidies up too
        for path in folder.iterdir():
            with suppress(OSError):
                files = [file.stat() for file in path.iterdir()]
                used = max((file.st_mtime for file in files), default=path.stat().st_mtime)
                yield used, sum(file.st_size for file in files), path


def _digest(path: Path, content: bytes) -> bytes:
    """Of the name too: what was kept under another one is as good as damaged."""
    return hashlib.sha256(path.name.encode() + b"\0" + content).digest()


def _warn(folder: Path, error: Exception) -> None:
    """Say so once, however many files cannot be kept."""
    level = logging.DEBUG if folder in _refused else logging.WARNING
    _refused.add(folder)
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    log.log(
        level,
        "nothing can be kept in %s (%s), so each start takes longer; name another folder in %s",
        folder,
        getattr(cause, "strerror", None) or cause,
        CACHE_VARIABLE,
    )

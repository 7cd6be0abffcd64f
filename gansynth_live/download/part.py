"""One file from a server, whole: what is there already is kept, and after a cut it goes on."""

import hashlib
import re
import shutil
import time
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPResponse
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from gansynth_live.download.web import BrokenOffError, opened
from gansynth_live.errors import DownloadError
from gansynth_live.folders import CACHE_VARIABLE

PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds before each try that follows one that brought nothing
CHUNK = 1 << 18
MIB = 1 << 20
MD5 = re.compile(r"\bmd5=([A-Za-z0-9+/]+=*)")
RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")

Report = Callable[[int, int | None], None]  # bytes that are there, bytes in all if that is known


class Remote(NamedTuple):
    """What a server says of a file.

    Attributes:
        size: its bytes.
        version: changes when the file does; empty if the server does not say.
        md5: its sum, as Google's storage tells it.
    """

    size: int | None
    version: str
    md5: bytes | None

    @classmethod
    def of(cls, answer: HTTPResponse) -> "Remote":
        """As the headers of an answer say."""
        part = RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        length = part[2] if part else answer.headers.get("Content-Length", "")
        version = answer.headers.get("ETag", "")
        return cls(
            size=int(length) if length.isdecimal() else None,
            version="" if version.startswith("W/") else version,
            md5=_md5(answer),
        )


def fetch(url: str, stem: Path, most: int, report: Report) -> Path:
    """The whole file at an address, with the sum that its server tells.

    It is kept beside `stem`, under a name for each version of it, and so is what arrived of it when
    this fails, for the next time.

    Raises:
        DownloadError: it cannot be had, or has over `most` bytes.
    """
    with opened(url) as answer:
        remote = Remote.of(answer)
    path = stem.with_name(f"{stem.name}.{hashlib.sha256(remote.version.encode()).hexdigest()[:8]}")
    if not remote.version or _size(path) > (remote.size or 0):
        path.unlink(missing_ok=True)
    _require_room(url, remote, path, most)
    path.touch()
    pauses = iter(PAUSES)
    while (have := _size(path)) != remote.size:
        try:
            _go_on(url, remote, path, most, report)
        except BrokenOffError as error:
            pauses = iter(PAUSES) if _size(path) > have else pauses
            if (pause := next(pauses, None)) is None:
                raise DownloadError(
                    f"{error}; run the command again to go on from there"
                ) from error
            time.sleep(pause)
        else:
            break
    report(_size(path), remote.size)
    _check_sum(url, path, remote.md5)
    return path


def _go_on(url: str, remote: Remote, path: Path, most: int, report: Report) -> None:
    """Get what is still missing; all of it if the server cannot begin in the middle."""
    have = _size(path) if remote.version else 0
    headers = {"Range": f"bytes={have}-", "If-Range": remote.version} if have else {}
    with opened(url, headers) as answer:
        told = Remote.of(answer)
        if told.version != remote.version or told.size != (size := remote.size or told.size):
            raise DownloadError(f"{url} has just been changed; run the command again")
        if answer.status != HTTPStatus.PARTIAL_CONTENT:
            have = 0
        elif not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            raise DownloadError(f"{url}: the server sends another part than it was asked for")
        with _opened_to_write(path, have) as file:
            report(have, size)
            while chunk := answer.read1(CHUNK):
                have += len(chunk)
                if have > most:
                    raise DownloadError(
                        f"{url} does not end; a model has at most {most // MIB} MiB"
                    )
                _write(file, chunk)
                report(have, size)
    if size is not None and have < size:
        raise BrokenOffError(f"{url} was cut off after {have} of {size} bytes")


def _require_room(url: str, remote: Remote, path: Path, most: int) -> None:
    if remote.size is None:
        return
    if remote.size > most:
        raise DownloadError(
            f"{url} has {remote.size // MIB} MiB; a model has at most {most // MIB}"
        )
    free = shutil.disk_usage(path.parent).free
    if remote.size - _size(path) > free:
        raise DownloadError(
            f"{url} has {remote.size // MIB} MiB, but {path.parent} only {free // MIB} free; set "
            f"{CACHE_VARIABLE} to a folder on another disk"
        )


def _check_sum(url: str, path: Path, md5: bytes | None) -> None:
    if md5 is None:
        return
    with path.open("rb") as file:
        # It guards against accidents; who could change the file could change the sum too.
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).digest()
    if found != md5:
        path.unlink()
        raise DownloadError(f"{url} was damaged on its way; run the command again")


def _opened_to_write(path: Path, have: int) -> FileIO:
    """The file, cut to `have` bytes, without a buffer: what was written is in it."""
    try:
        file = FileIO(path, "ab")
        file.truncate(have)
    except OSError as error:
        raise DownloadError(f"cannot write {path}: {error.strerror or error}") from error
    return file


def _write(file: FileIO, chunk: bytes) -> None:
    try:
        written = file.write(chunk)
    except OSError as error:
        raise DownloadError(f"cannot write {file.name}: {error.strerror or error}") from error
    if written != len(chunk):
        raise DownloadError(f"cannot write {file.name}: the disk is full")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _md5(answer: HTTPResponse) -> bytes | None:
    if answer.headers.get("x-goog-stored-content-encoding", "identity") != "identity":
        return None  # the sum is of what the storage unpacks before it sends it
    sums = ",".join(answer.headers.get_all("x-goog-hash", []))
    try:
        return b64decode(match[1]) if (match := MD5.search(sums)) else None
    except BadBase64:
        return None

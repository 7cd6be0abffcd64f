"""Models in zip archives: unpacked as far as an import needs them, refused whole if not safe."""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from gansynth_live import unfinished
from gansynth_live.errors import CheckpointError, UsageError
from gansynth_live.folders import user_cache_dir
from gansynth_live.model.checkpoint.contents import model_files, path_within

MOST_MEMBERS = 10_000
MOST_BYTES = 4 << 30  # of all members, unpacked; the largest model known takes 0.5
MOST_SWELLING = 200  # times that a member may grow; weights hardly do, text up to 30 times
SMALL = 1 << 20  # bytes that may grow as they like
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError)


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """The model directory of an archive, in a folder that is there while the context lasts.

    Raises:
        CheckpointError: it is damaged, holds no model, or could do harm.
        UsageError: there is no place to unpack it.
    """
    place = user_cache_dir() / "unpacked"
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = unfinished.create_folder(place)
    except OSError as error:
        raise UsageError(f"cannot unpack into {place}: {error.strerror or error}") from error
    try:
        _unpack(archive, folder)
        yield folder
    finally:
        unfinished.discard(folder)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with ZipFile(archive) as opened:
            members = _members(opened.infolist())
            root, wanted = model_files(map(str, members))
            for path in wanted:
                _extract(opened, members[root / path], folder / path)
    except CheckpointError as error:
        raise CheckpointError(f"{archive}: {error}") from error
    except DAMAGED as error:
        raise CheckpointError(f"{archive}: {error}; is it a whole zip file?") from error
    except OSError as error:
        raise CheckpointError(f"{archive}: cannot unpack it: {error.strerror or error}") from error


def _members(infos: list[ZipInfo]) -> dict[PurePosixPath, ZipInfo]:
    members: dict[PurePosixPath, ZipInfo] = {}
    for info in _bounded(infos):
        path = _safe_path(info)
        if path in members:
            raise CheckpointError(f"{info.filename!r} is in it twice; pack it again")
        if not info.is_dir():
            members[path] = info
    return members


def _bounded(members: list[ZipInfo]) -> list[ZipInfo]:
    """The same members, if unpacking them takes no more than a model does."""
    if len(members) > MOST_MEMBERS:
        raise CheckpointError(f"{len(members)} files in it; no model has over {MOST_MEMBERS}")
    if (size := sum(member.file_size for member in members)) > MOST_BYTES:
        raise CheckpointError(f"{size >> 20} MiB in it; no model has over {MOST_BYTES >> 20}")
    for member in members:
        if member.file_size > max(SMALL, MOST_SWELLING * member.compress_size):
            raise CheckpointError(f"{member.filename!r} grows too much when unpacked; not a model")
    return members


def _safe_path(member: ZipInfo) -> PurePosixPath:
    """Where a member goes within the folder; links and devices go nowhere."""
    name = member.filename
    path = path_within(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise CheckpointError(f"{name!r} in it is a link or a device; refused")
    if member.flag_bits & 1:
        raise CheckpointError(f"{name!r} in it is encrypted; unpack it and import the folder")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise CheckpointError(f"{name!r} in it is packed in a rare way; unpack it otherwise")
    return path


def _extract(opened: ZipFile, member: ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # What is not as long as announced, or has another checksum, raises; nothing is overwritten.
    with opened.open(member) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)

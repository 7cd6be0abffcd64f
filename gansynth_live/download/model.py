"""A model from an address: an archive, or the files of a folder that an import reads."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from gansynth_live import disk_cache
from gansynth_live.download.address import beneath, is_archive, suggested_name
from gansynth_live.download.lock import locked
from gansynth_live.download.part import MIB, Report, fetch
from gansynth_live.download.storage import is_stored, listed
from gansynth_live.download.web import ABSENT, AnsweredError, read_small
from gansynth_live.errors import CheckpointError, DownloadError
from gansynth_live.folders import CACHE_VARIABLE, user_cache_dir
from gansynth_live.model.checkpoint.archive import MOST_BYTES
from gansynth_live.model.checkpoint.contents import MANIFEST, model_files, path_within
from gansynth_live.model.checkpoint.manifest import LARGEST_MANIFEST, parse_manifest, shard_paths

KEPT_ATTEMPTS = 4  # downloads that were broken off, of which the parts are kept


class Folder(NamedTuple):
    """What an import reads of a folder at an address."""

    paths: list[str]
    size: int  # bytes of them all


@contextmanager
def downloaded(url: str, shown: AbstractContextManager[Report]) -> Iterator[Path]:
    """The archive or the folder from an address, there while the context lasts.

    What has arrived is kept for the next time if it is broken off. `shown` is told how much has
    arrived, while it does.

    Raises:
        DownloadError: it cannot be had; the message says how to get it by hand.
        CheckpointError: there is no GANSynth model at the address.
    """
    place = _place(url)
    with locked(place / "lock"):
        try:
            with shown as report:
                source = _fetched(url, place, report)
        except DownloadError as error:
            raise DownloadError(f"{error}; {_by_hand(url)}") from error
        except CheckpointError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise CheckpointError(f"{url}: {error}") from error
        try:
            yield source
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _place(url: str) -> Path:
    """Folder for what arrives from an address; those of the oldest attempts are removed."""
    folder = user_cache_dir() / "downloads"
    place = folder / hashlib.sha256(url.encode()).hexdigest()[:16]
    try:
        place.mkdir(parents=True, exist_ok=True)
        place.touch()
    except OSError as error:
        raise DownloadError(
            f"cannot make {place}: {error.strerror or error}; set {CACHE_VARIABLE} to a folder of "
            "yours"
        ) from error
    for forgotten in disk_cache.oldest(folder, "*", KEPT_ATTEMPTS):
        shutil.rmtree(forgotten, ignore_errors=True)
    return place


def _fetched(url: str, place: Path, report: Report) -> Path:
    folder = None if is_archive(url) else _folder(url)
    if folder is not None:
        return _fetch_folder(url, folder, place, report)
    archive = fetch(url, place / "archive", MOST_BYTES, report)
    if not zipfile.is_zipfile(archive):
        raise CheckpointError("no zip archive, and no folder with a GANSynth model")
    return archive


def _folder(url: str) -> Folder | None:
    """The folder at an address; None if nothing says that there is one."""
    manifest = beneath(url, MANIFEST)
    try:
        content = read_small(manifest, LARGEST_MANIFEST)
        groups = parse_manifest(content)
    except AnsweredError as error:
        if error.status not in ABSENT:
            raise
    except CheckpointError:
        if is_stored(url):
            raise
        # Any server may answer to any address, with a page for people.
    else:
        shards = [str(path) for path in shard_paths(groups)]
        return Folder([MANIFEST, *shards], len(content) + sum(group.size for group in groups))
    if not is_stored(url):
        return None
    sizes = {path_within(file.path): file.size for file in listed(url)}
    root, paths = model_files(map(str, sizes))
    wanted = [root / path for path in paths]
    return Folder(list(map(str, wanted)), sum(sizes[path] for path in wanted))


def _fetch_folder(url: str, folder: Folder, place: Path, report: Report) -> Path:
    if folder.size > MOST_BYTES:
        raise DownloadError(
            f"{url} has {folder.size // MIB} MiB; a model has at most {MOST_BYTES // MIB}"
        )
    arrived: dict[str, Path] = {}
    done = 0

    def tell(have: int, _size: int | None) -> None:
        report(done + have, folder.size)

    for path in folder.paths:
        stem = place / hashlib.sha256(path.encode()).hexdigest()[:16]
        arrived[path] = fetch(beneath(url, path), stem, MOST_BYTES - done, tell)
        done += arrived[path].stat().st_size
    source = place / "source"
    shutil.rmtree(source, ignore_errors=True)
    for path, part in arrived.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        part.replace(source / path)
    return source


def _by_hand(url: str) -> str:
    name = suggested_name(url)
    if is_archive(url):
        return f"or get {url} by other means, and then: gansynth-live model import {name}.zip"
    return f"or copy the folder {url} by other means, and then: gansynth-live model import {name}"

"""A file arrives whole, whatever the connection does, or one line says why not."""

import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.download import part
from gansynth_live.download.part import fetch
from gansynth_live.errors import DownloadError
from tests.download.storage import Storage

CONTENT = bytes(range(256)) * 400
PATH = "/bucket/file"
MOST = 1 << 20


class Heard:
    """What a progress bar is told."""

    def __init__(self) -> None:
        self.reports: list[tuple[int, int | None]] = []

    def __call__(self, there: int, total: int | None) -> None:
        self.reports.append((there, total))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(autouse=True)
def stored(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.objects[PATH] = CONTENT
    monkeypatch.setattr(part, "CHUNK", 10_000)


def got(storage: Storage, folder: Path, report: part.Report, most: int = MOST) -> bytes:
    return fetch(storage.url + PATH, folder / "file", most, report).read_bytes()


def refused(storage: Storage, folder: Path, reason: str, most: int = MOST) -> None:
    with pytest.raises(DownloadError, match=reason) as caught:
        got(storage, folder, lambda *_: None, most)
    assert "\n" not in str(caught.value)


def test_a_file_arrives(storage: Storage, tmp_path: Path, heard: Heard) -> None:
    assert got(storage, tmp_path, heard) == CONTENT
    assert heard.reports[0] == (0, len(CONTENT))
    assert heard.reports[-1] == (len(CONTENT), len(CONTENT))
    assert storage.ranges(PATH) == [None, None]


@pytest.mark.parametrize("cut", [1000, 1001, 50_000, 50_001])
def test_a_cut_connection_goes_on(storage: Storage, tmp_path: Path, heard: Heard, cut: int) -> None:
    storage.cuts.extend([0, cut])
    assert got(storage, tmp_path, heard) == CONTENT
    *_, last = storage.ranges(PATH)
    if cut % 2 == 0:  # of what is cut abruptly, some may be lost
        assert last == f"bytes={cut}-"
    there = [have for have, _ in heard.reports]
    assert there == sorted(there)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 30_000), max_size=12))
def test_however_often_it_is_cut(storage: Storage, tmp_path: Path, cuts: list[int]) -> None:
    for left in tmp_path.iterdir():
        if left.is_file():
            left.unlink()
    storage.cuts.clear()
    storage.cuts.extend([0, *(2 * cut for cut in cuts)])
    assert got(storage, tmp_path, lambda *_: None) == CONTENT


def test_a_later_run_goes_on(storage: Storage, tmp_path: Path, heard: Heard) -> None:
    storage.cuts.extend([0, 40_000, 0, 0, 0, 0])
    refused(storage, tmp_path, r"cut off after 40000 of 102400 bytes; run the command again")
    storage.cuts.clear()
    storage.requests.clear()
    assert got(storage, tmp_path, heard) == CONTENT
    assert storage.ranges(PATH) == [None, "bytes=40000-"]
    assert heard.reports[0] == (40_000, len(CONTENT))


def test_another_version_begins_anew(storage: Storage, tmp_path: Path) -> None:
    storage.cuts.extend([0, 40_000, 0, 0, 0, 0])
    refused(storage, tmp_path, "cut off")
    storage.cuts.clear()
    storage.objects[PATH] = CONTENT[::-1]
    assert got(storage, tmp_path, lambda *_: None) == CONTENT[::-1]


def test_a_file_that_changes_meanwhile(storage: Storage, tmp_path: Path) -> None:
    def change() -> None:
        if len(storage.requests) == 3:
            storage.objects[PATH] = CONTENT[::-1]

    storage.cuts.extend([0, 40_000])
    storage.before_answer = change
    refused(storage, tmp_path, "has just been changed")
    assert got(storage, tmp_path, lambda *_: None) == CONTENT[::-1]


@pytest.mark.parametrize("lacking", ["has_ranges", "has_versions", "has_sums"])
def test_servers_that_cannot_do_much(storage: Storage, tmp_path: Path, lacking: str) -> None:
    setattr(storage, lacking, False)
    storage.cuts.extend([0, 40_000])
    assert got(storage, tmp_path, lambda *_: None) == CONTENT


def test_a_server_that_says_no_length(storage: Storage, tmp_path: Path, heard: Heard) -> None:
    storage.has_lengths = False
    assert got(storage, tmp_path, heard) == CONTENT
    assert heard.reports[0] == (0, None)
    storage.cuts.extend([0, 40_000, 0, 0, 0, 0, 0])
    storage.objects[PATH] += b"more"
    refused(storage, tmp_path, "connection to 127.0.0.1:[0-9]+ broke")


def test_a_length_that_is_too_long(storage: Storage, tmp_path: Path) -> None:
    storage.longer_by = 10
    refused(storage, tmp_path, "cut off|416")


def test_bytes_that_change_on_their_way(storage: Storage, tmp_path: Path) -> None:
    storage.spoils = True
    refused(storage, tmp_path, "damaged on its way")
    storage.spoils = False
    assert got(storage, tmp_path, lambda *_: None) == CONTENT


def test_a_server_that_is_busy_for_a_moment(storage: Storage, tmp_path: Path) -> None:
    storage.cuts.extend([0, 40_000])
    storage.before_answer = lambda: (
        storage.excuses.append(503) if len(storage.requests) in (3, 4) else None
    )
    assert got(storage, tmp_path, lambda *_: None) == CONTENT


def test_more_than_a_model_has(storage: Storage, tmp_path: Path) -> None:
    refused(storage, tmp_path, "at most 0", most=len(CONTENT) - 1)
    assert len(storage.requests) == 1
    storage.has_lengths = False
    refused(storage, tmp_path, "does not end", most=len(CONTENT) - 1)


def test_a_disk_that_is_too_small(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    refused(storage, tmp_path, "GANSYNTH_LIVE_CACHE_DIR")


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of a process there")
def test_a_disk_that_takes_no_more(storage: Storage, tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        refused(storage, tmp_path, "cannot write .*: File too large|the disk is full")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert got(storage, tmp_path, lambda *_: None) == CONTENT
    assert storage.ranges(PATH)[-1] == "bytes=50000-"


def test_an_empty_file(storage: Storage, tmp_path: Path) -> None:
    storage.objects[PATH] = b""
    assert got(storage, tmp_path, lambda *_: None) == b""

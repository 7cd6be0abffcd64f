"""Compiled code on disk: whole or made again, never a condition; the user hears of compiling."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from numba import int64

from gansynth_live import disk_cache
from gansynth_live.kernel import code_cache, compile  # noqa: A004 - the module's name
from gansynth_live.kernel.code_cache import FIRST_START, KEPT_VERSIONS, code_folder
from gansynth_live.kernel.compile import compile_all, compiled_entry, is_kept


@pytest.fixture(autouse=True)
def fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """A cache of the test's own, and a program that has just started."""
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(compile, "_pending", [])
    monkeypatch.setattr(disk_cache, "_refused", set())
    code_cache._tell_of_compiling.cache_clear()
    yield
    code_cache._tell_of_compiling.cache_clear()


def start() -> Any:
    """What a start of the program does: declare the function, and have all compiled."""
    code_cache._tell_of_compiling.cache_clear()

    @compiled_entry(int64)
    def doubled(number: int) -> int:
        return 2 * number

    compile_all()
    assert doubled(4) == 8
    return doubled


def hits(entry: Any) -> int:
    """How many of its versions were loaded."""
    return sum(entry._cache_hits.values())


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]
    caplog.clear()
    return lines


def test_the_first_start_says_that_it_compiles_and_the_second_loads(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert hits(start()) == 0
    assert said(caplog) == [FIRST_START]
    assert hits(start()) == 1
    assert said(caplog) == []


@pytest.mark.parametrize("damage", ["zeroed", "halved", "emptied", "one bit", "a folder"])
def test_damaged_code_is_not_run_but_made_again(
    caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    start()
    (file,) = code_folder().iterdir()
    content = bytearray(file.read_bytes())
    if damage == "one bit":
        content[-9] ^= 1
    kept: dict[str, bytes] = {
        "zeroed": bytes(len(content)),
        "halved": bytes(content[: len(content) // 2]),
        "emptied": b"",
    }
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    else:
        file.write_bytes(kept.get(damage, bytes(content)))
    said(caplog)
    assert hits(start()) == 0
    assert said(caplog)[0] == FIRST_START
    if damage != "a folder":
        assert hits(start()) == 1


def test_what_is_whole_but_strange_is_made_again() -> None:
    start()
    (file,) = code_folder().iterdir()
    disk_cache.store(file, b"no pickle at all")
    assert hits(start()) == 0


def test_without_a_place_all_works_and_one_line_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").touch()
    start()
    start()
    lines = said(caplog)
    assert lines.count(FIRST_START) == 2
    (warning,) = set(lines) - {FIRST_START}
    assert warning.startswith(f"nothing can be kept in {tmp_path / 'cache'}")
    assert "GANSYNTH_LIVE_CACHE_DIR" in warning


def test_whether_all_is_kept_is_known_without_compiling() -> None:
    @compiled_entry(int64)
    def tripled(number: int) -> int:
        return 3 * number

    assert not is_kept()
    compile_all()

    (file,) = code_folder().iterdir()
    compile._pending.append(compile._Pending(tripled._cache, (int64,), lambda: None))  # type: ignore[attr-defined]
    assert is_kept()
    file.write_bytes(b"damaged")
    assert not is_kept()


def test_old_versions_are_forgotten() -> None:
    for number in range(KEPT_VERSIONS + 2):
        (code_folder().parent / f"old{number}").mkdir(parents=True)
    start()
    versions = list(code_folder().parent.iterdir())
    assert len(versions) == KEPT_VERSIONS
    assert code_folder() in versions

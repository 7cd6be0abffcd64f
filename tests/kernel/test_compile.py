"""Compiled code on disk: whole or made again, never a condition; the user hears of compiling."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from numba import int64

from gansynth_live import disk_cache
from gansynth_live.kernel import code_cache, compile  # noqa: A004 - the module's name
from gansynth_live.kernel.code_cache import FIRST_START, KEPT_SECONDS, code_folder
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
    code_cache.tell_of_compiling.cache_clear()
    yield
    code_cache.tell_of_compiling.cache_clear()


def start() -> Any:
    """What a start of the program does: declare the function, and have all compiled."""
    code_cache.tell_of_compiling.cache_clear()

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


def test_a_start_that_only_loads_leaves_the_compiler_alone() -> None:
    program = (
        "import sys; import gansynth_live.kernel.machine as machine;"
        "from gansynth_live.kernel.compile import compile_all; compile_all();"
        "machine.Machine(slots=1).panic(); print('numba.np.npyimpl' in sys.modules)"
    )
    starts = [
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        for _ in range(2)
    ]
    assert [start.stdout for start in starts] == ["True\n", "False\n"]


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


def another_version(name: str, unused: float, size: int = 1) -> Path:
    """Compiled code of other sources, last used so many seconds ago."""
    folder = code_folder().parent / name
    folder.mkdir(parents=True)
    (folder / "code").write_bytes(bytes(size))
    then = time.time() - unused
    os.utime(folder / "code", (then, then))
    return folder


def test_any_number_of_installations_may_take_turns() -> None:
    others = [another_version(f"other{number}", unused=3600) for number in range(20)]
    start()
    assert set(code_folder().parent.iterdir()) == {*others, code_folder()}


def test_versions_that_nobody_uses_are_forgotten() -> None:
    another_version("old", unused=KEPT_SECONDS + 60)
    recent = another_version("recent", unused=KEPT_SECONDS - 60)
    (code_folder().parent / "empty").mkdir()
    start()
    assert set(code_folder().parent.iterdir()) >= {recent, code_folder()}
    assert not (code_folder().parent / "old").exists()


def test_of_too_much_code_what_is_unused_for_longest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(code_cache, "KEPT_BYTES", 1 << 20)
    used = another_version("used", unused=60, size=500_000)
    another_version("unused", unused=3600, size=600_000)
    small = another_version("small", unused=7200, size=1000)
    start()
    assert set(code_folder().parent.iterdir()) == {used, small, code_folder()}


def test_loading_is_using() -> None:
    start()
    (file,) = code_folder().iterdir()
    os.utime(file, (0, 0))
    start()
    assert file.stat().st_mtime > time.time() - 60

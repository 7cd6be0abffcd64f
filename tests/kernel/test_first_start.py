"""The first start compiles in another process; without a place to keep code it compiles itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from gansynth_live.kernel.code_cache import FIRST_START

START = """
import logging, sys
from gansynth_live.kernel import packed
from gansynth_live.kernel.first_start import compile_or_load
logging.basicConfig(level=logging.WARNING - 5, format="%(message)s")
compile_or_load()
assert packed.pack.signatures
print("numba.np.npyimpl" in sys.modules)  # numba's compiler
"""


def start() -> tuple[bool, list[str]]:
    """Whether this start needed a compiler of its own, and what it said."""
    ended = subprocess.run(
        [sys.executable, "-c", START], check=True, capture_output=True, text=True
    )
    return ended.stdout == "True\n", ended.stderr.splitlines()


def test_the_compiler_runs_in_another_process_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    assert start() == (False, [FIRST_START])
    assert start() == (False, [])


def test_where_nothing_can_be_kept_each_start_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").touch()
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    compiles, said = start()
    assert compiles
    assert said[0] == FIRST_START

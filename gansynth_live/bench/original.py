"""Magenta's original GANSynth as a peer: another process, in an environment of its own.

`benchmarks/original/install.py` makes that environment and puts the timing program in it.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gansynth_live.files import user_cache_dir

CURE = "python benchmarks/original/install.py (in the source tree)"


def original_environment() -> Path:
    """Folder of the environment: $GANSYNTH_LIVE_ORIGINAL, or one in the user's cache."""
    return Path(os.environ.get("GANSYNTH_LIVE_ORIGINAL") or user_cache_dir() / "original")


def python_of(environment: Path) -> Path:
    """Interpreter of the virtual environment in a folder."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_installed() -> bool:
    """Whether the original can be timed on this machine."""
    environment = original_environment()
    return python_of(environment).exists() and (environment / "time_note.py").exists()


class OriginalProcess:
    """The original's process; it waits without using the processor between notes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.report = self._read()  # arrives once the model is built

    def note_seconds(self) -> float:
        """Let it render one note; return its own count of the time, in seconds."""
        assert self._process.stdin is not None  # noqa: S101: opened with a pipe
        self._process.stdin.write("note\n")
        self._process.stdin.flush()
        return float(self._read()["note_ms"]) / 1e3

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101: opened with a pipe
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the original's process ended: run its time_note.py to see why")
        report: dict[str, Any] = json.loads(line)
        return report


@contextmanager
def original_process(threads: int) -> Iterator[OriginalProcess]:
    """Run the original with a number of threads (0: all cores) for the duration of the block."""
    environment = original_environment()
    command = [python_of(environment), environment / "time_note.py", "--serve"]
    with subprocess.Popen(  # noqa: S603: our own program in our own environment
        [*command, "--threads", str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield OriginalProcess(process)
        finally:
            process.kill()

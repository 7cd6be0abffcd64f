"""Magenta's original GANSynth as a peer: another process, in an environment of its own.

`benchmarks/original/install.py` makes that environment and puts the timing program in it.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from gansynth_live.errors import GansynthError
from gansynth_live.folders import user_cache_dir

CURE = "python benchmarks/original/install.py, from the source tree"


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

    def __init__(self, requests: IO[str], replies: IO[str]) -> None:
        self._requests = requests
        self._replies = replies
        self.report = self._read()  # arrives once the model is built

    def note_seconds(self, processor: bool) -> float:
        """Let it render one note; return its own count of the time, in seconds.

        `processor`: what its threads spent on processors, instead of what passed on the clock.
        """
        self._requests.write("note\n")
        self._requests.flush()
        return float(self._read()["cpu_ms" if processor else "note_ms"]) / 1e3

    def _read(self) -> dict[str, Any]:
        line = self._replies.readline()
        if not line:
            raise GansynthError(f"the original GANSynth ended early; install it again: {CURE}")
        report: dict[str, Any] = json.loads(line)
        return report


@contextmanager
def original_process(threads: int) -> Iterator[OriginalProcess]:
    """Run the original with a number of threads (0: all cores) for the duration of the block."""
    environment = original_environment()
    program = [str(python_of(environment)), str(environment / "time_note.py")]
    with subprocess.Popen(  # noqa: S603
        [*program, "--serve", "--threads", str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield OriginalProcess(cast(IO[str], process.stdin), cast(IO[str], process.stdout))
        finally:
            process.kill()

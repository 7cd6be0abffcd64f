"""A synth in a process of its own: started until `ready`, stopped as a user would."""

import os
import subprocess
import sys
from pathlib import Path
from signal import SIGTERM, Signals
from types import TracebackType
from typing import Self

from tests.conftest import REPOSITORY

STOP_SECONDS = 10


class Program:
    """`python -m MODULE ARGUMENTS`, which says a line that begins with `ready` once it plays.

    Args:
        folder: where its standard error is kept.
        terminal: file descriptor that it reads its standard input from.
    """

    def __init__(
        self, folder: Path, module: str, *arguments: str, terminal: int = subprocess.DEVNULL
    ) -> None:
        self._errors = folder / "errors.txt"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=REPOSITORY,
                env=os.environ.copy(),
                stdin=terminal,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.ready = ""
        self.last_words = ""

    @property
    def errors(self) -> str:
        """What it has said on standard error."""
        return self._errors.read_text(errors="replace")

    def signal(self, number: Signals) -> None:
        """Send a signal and go on."""
        self._process.send_signal(number)

    def stop(self, number: Signals = SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end; the exit code."""
        self.last_words = self._process.communicate(timeout=STOP_SECONDS)[0]
        return self._process.returncode

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        self.ready = self._process.stdout.readline()
        if not self.ready.startswith("ready"):
            self._process.kill()
            self._process.communicate()
            raise AssertionError(f"not ready but {self.ready!r}: {self.errors}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.communicate()


def tone_synth(folder: Path, driver: str, block: int, hogs: int = 0) -> Program:
    """The instrument without a network, on a driver, beside `hogs` threads that compute."""
    return Program(folder, "tests.e2e.tone_synth", driver, str(block), str(hogs))

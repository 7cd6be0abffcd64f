"""A player in a process of its own, as a user would start it, and stopped as one would."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, cast

from gansynth_live.errors import GansynthError

STOP_SECONDS = 10


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], errors: IO[str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a program for the duration of the block; what it says on standard error to `errors`."""
    with subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if errors is None else errors,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.terminate()
            try:
                program.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                program.kill()


def require_ready(program: subprocess.Popen[str], name: str) -> None:
    """Wait for the line that says `ready`.

    Raises:
        GansynthError: the program says something else, or has ended.
    """
    if not cast(IO[str], program.stdout).readline().startswith("ready"):
        raise GansynthError(f"{name} does not play; run it to see why")

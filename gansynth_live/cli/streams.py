"""Standard streams as they may be: closed, gone, full, or unable to spell a file name."""

import os
import sys
from io import TextIOWrapper

STANDARD = 3  # input, output, errors


def open_streams() -> None:
    """Put nothing in the place of a stream that is missing: services and windows have none.

    A file that is opened later would else take its number, and what libraries say would go into it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) < STANDARD:
        pass
    os.close(number)
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115, PTH123
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names may be no text at all


def flush_streams() -> bool:
    """Write what is still held back; False if output was lost that somebody would have read."""
    complete = True
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            # `gansynth-live instruments | head -1` closes our output early: nobody is left to tell.
            complete &= isinstance(error, BrokenPipeError)
            # Python itself would try again when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return complete

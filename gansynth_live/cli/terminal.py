"""The terminal that `play` is started from, which listens to it only in the foreground."""

import os
import signal
import sys
import time
from collections.abc import Iterator

LOOK_SECONDS = 0.25


def survive_the_background() -> None:
    """Go on in `play &`, or after Ctrl-Z and `bg`, where reading and writing would stop a process.

    Thread: main.
    """
    for name in ("SIGTTIN", "SIGTTOU"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def entered_lines() -> Iterator[str]:
    """Each line that is entered; ends with the terminal, or at once if there is none.

    What is typed while the program is in the background is the shell's, and is left to it.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        return
    while True:
        if not is_in_foreground():
            time.sleep(LOOK_SECONDS)
            continue
        try:
            typed = os.read(sys.stdin.fileno(), 4096)
        except OSError:  # it went into the background meanwhile, or the terminal has gone
            time.sleep(LOOK_SECONDS)
            continue
        if not typed:
            return
        yield from typed.decode(errors="replace").split("\n")[:-1]


def is_in_foreground() -> bool:
    """Whether the terminal is ours now, and not the shell's or another program's."""
    if not hasattr(os, "tcgetpgrp"):  # Windows has no background
        return True
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:  # not the terminal that jobs are controlled from: nothing stops us there
        return True

"""The command line. One file per command, and what several of them share.

`main` is light: the commands themselves are in `app`, which is imported once a signal is safe.
"""

import os
import signal
import sys
from typing import NoReturn

from gansynth_live import unfinished

OUTPUT_REFUSED = 2
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # not every system has every one
SIGNALLED = 128  # and the number of the signal, as shells say of a process that one ended
SHOW_CURSOR = b"\x1b[?25h"  # progress bars hide it


def main() -> None:
    """Run the program and exit: as `run` says, or with 128 + n after signal n."""
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # `nohup`
            signal.signal(number, leave_now)
    from gansynth_live.cli.streams import flush_streams, open_streams

    open_streams()
    from gansynth_live.cli.logs import open_log
    from gansynth_live.cli.program import run

    with open_log():
        code = run()
    if not flush_streams():
        code = code or OUTPUT_REFUSED
    sys.exit(code)


def leave_now(number: int, _frame: object = None) -> NoReturn:
    """End the process at once and leave nothing half-written: what Ctrl-C does.

    An exception instead could strike in the middle of compiling or loading a library; threads that
    work on would then trip over what is half there, or wait for it for ever.
    """
    unfinished.discard_all()
    if sys.stderr is not None and sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)
    os._exit(SIGNALLED + number)

"""The command line. One file per command, and what several of them share.

`main` is light: the commands themselves are in `app`, which is imported once Ctrl-C is safe.
"""

import os
import signal
import sys
from io import TextIOWrapper
from typing import NoReturn

from gansynth_live.errors import GansynthError
from gansynth_live.files import discard_unfinished

PROGRAM = "gansynth-live"
USER_ERROR = 2
INTERRUPTED = 130  # as shells say of a process that Ctrl-C ended
LONGEST_LINE = 1000
SHOW_CURSOR = b"\x1b[?25h"  # progress bars hide it


def main() -> None:
    """Run the program and exit: 0, 2 for a user's mistake, 130 after Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave_now)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names may be no text at all
    from typer import TyperException

    from gansynth_live.cli.app import app

    try:
        sys.exit(app(prog_name=PROGRAM, standalone_mode=False))
    except TyperException as error:
        _refuse(_wrong_option(error))
    except GansynthError as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or 'the system'}: {error.strerror or error}")
    finally:
        _let_the_reader_go()


def _refuse(reason: str) -> NoReturn:
    """Say in one line what is wrong; a name with a line break in it does not make two."""
    from textwrap import shorten

    line = shorten(reason, LONGEST_LINE, placeholder=" ...")
    print(f"{PROGRAM}: error: {line}", file=sys.stderr)  # noqa: T201 - the program's voice
    sys.exit(USER_ERROR)


def _wrong_option(error: Exception) -> str:
    """What Typer says in four lines."""
    reason = str(getattr(error, "format_message", error.__str__)())
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    return f"{reason.rstrip('.')} (see {command} --help)"


def leave_now(*_: object) -> NoReturn:
    """End the process at once and leave nothing half-written: what Ctrl-C does.

    An exception instead could strike in the middle of compiling or loading a library; threads that
    work on would then trip over what is half there, or wait for it for ever.
    """
    discard_unfinished()
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)
    os._exit(INTERRUPTED)


def _let_the_reader_go() -> None:
    # `gansynth-live instruments | head -1` closes our output early: nobody is left to tell.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

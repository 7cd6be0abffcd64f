"""The program's log: a small file in the user's log folder, and what of it is shown at once.

Nothing depends on it: a log that cannot be written is none.
"""

import logging
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from textwrap import shorten

from gansynth_live import __version__
from gansynth_live.errors import printable
from gansynth_live.folders import user_log_dir
from gansynth_live.log import SHOWN

PROGRAM = "gansynth-live"
MOST_BYTES, OLDER_FILES = 1 << 20, 1
LONGEST_LINE = 1000
LINE = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"

log = logging.getLogger("gansynth_live")


def log_file() -> Path:
    """Where the log is, or would be."""
    return user_log_dir() / f"{PROGRAM}.log"


class LogFile(RotatingFileHandler):
    """Begins to write with the first message, and says then what the program runs on."""

    def __init__(self, path: Path) -> None:
        """Write to `path`, once there is something to write."""
        super().__init__(path, "a", MOST_BYTES, OLDER_FILES, "utf-8", True, "backslashreplace")
        self.setFormatter(logging.Formatter(LINE))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Do without."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        stream = super()._open()
        stream.write(
            f"--- {PROGRAM} {__version__}, Python {platform.python_version()}, "
            f"{platform.platform()}: {sys.argv[1:]}\n"
        )
        return stream


class ToUser(logging.Handler):
    """Standard error: one line a message; warnings and errors say whose they are."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, if there is somebody to read it."""
        line = record.getMessage()
        if record.levelno >= logging.WARNING:
            told = f"{PROGRAM}: {record.levelname.lower()}: {line}"
            line = printable(shorten(told, LONGEST_LINE, placeholder=" ..."))
        with suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - the program's voice


@contextmanager
def open_log() -> Iterator[None]:
    """Keep a log, and show the user what concerns him, until the end of the context."""
    handlers = (LogFile(log_file()), ToUser(SHOWN))
    thread_hook = threading.excepthook
    threading.excepthook = _log_end_of_thread
    log.setLevel(logging.INFO)
    for handler in handlers:
        log.addHandler(handler)
    try:
        yield
    finally:
        threading.excepthook = thread_hook
        for handler in handlers:
            log.removeHandler(handler)
            with suppress(OSError):
                handler.close()


def be_verbose() -> None:
    """Show and keep everything."""
    log.setLevel(logging.DEBUG)
    for handler in log.handlers:
        handler.setLevel(logging.DEBUG)


def _log_end_of_thread(end: threading.ExceptHookArgs) -> None:
    if isinstance(end.exc_value, Exception):
        name = end.thread.name if end.thread else "unknown"
        log.error("the thread %r has ended: %r", name, end.exc_value, exc_info=end.exc_value)

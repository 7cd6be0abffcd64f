"""C libraries that chatter on standard error while they look for devices."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STANDARD_ERROR = 2


class _Silence:
    """Standard error, sent to nowhere while anybody wants it so."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._kept: int | None = None

    def begin(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._kept = _divert()

    def end(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._kept is not None:
                os.dup2(self._kept, STANDARD_ERROR)
                os.close(self._kept)


_silence = _Silence()


@contextmanager
def quiet() -> Iterator[None]:
    """Send the process's standard error to nowhere for a moment.

    ALSA and JACK print several lines for each thing that they do not find; what was found out is
    said once, by the caller. Several threads may do so at a time: standard error is back when the
    last of them has finished.
    """
    _silence.begin()
    try:
        yield
    finally:
        _silence.end()


def _divert() -> int | None:
    """Point standard error at nowhere; a copy of what it was, or None if it was closed."""
    try:
        kept = os.dup(STANDARD_ERROR)
    except OSError:
        return None
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_ERROR)
    os.close(nowhere)
    return kept

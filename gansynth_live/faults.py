"""Faults in a loop that must go on: told once a cause, logged, counted, survived."""

import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType

from gansynth_live.errors import GansynthError

log = logging.getLogger(__name__)


class Faults:
    """Catches what goes wrong in one step of a thread's loop, so that the next step is made.

        while playing:
            with faults:
                step()

    Any number of threads may share one. The log gets the traceback of each cause once, as does
    `say` its one line: what fails hundreds of times a second must fill neither a disk nor a screen.

    Args:
        task: what fails, for people: "the MIDI inputs".
        say: is told in one line; what it raises is lost.

    Attributes:
        count: faults so far.
    """

    def __init__(self, task: str, say: Callable[[str], None]) -> None:
        self.count = 0
        self._task = task
        self._say = say
        self._told: set[object] = set()
        self._lock = Lock()

    def __enter__(self) -> None:
        """Begin a step."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """End a step. True: its fault has been dealt with."""
        if not isinstance(error, Exception):
            return False
        place = traceback.extract_tb(trace)[-1]
        is_ours = isinstance(error, GansynthError)
        if self._is_news(str(error) if is_ours else (kind, place.filename, place.lineno)):
            log.error("a fault in %s", self._task, exc_info=error)
            reason = str(error) if is_ours else _in_words(error, place)
            with suppress(Exception):
                self._say(f"a fault in {self._task}, which go on: {reason}")
        return True

    def _is_news(self, cause: object) -> bool:
        with self._lock:
            self.count += 1
            if cause in self._told:
                return False
            self._told.add(cause)
            return True


def _in_words(error: Exception, place: traceback.FrameSummary) -> str:
    """One line with the place that it comes from."""
    reason = " ".join(str(error).split())
    return f"{type(error).__name__}: {reason} ({Path(place.filename).name}:{place.lineno})"

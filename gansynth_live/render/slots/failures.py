"""What could not be made: when it is tried again, and what the player hears of it.

One policy for keys and for sounding voices. After a failure its owner's next try waits, after each
further one twice as long, so that nothing spins and everything comes back when it is well again.
A cause is told once, however many renders it breaks.
"""

import re
from collections.abc import Callable, Iterator
from math import inf
from typing import NamedTuple

from gansynth_live.render.slots.render import Owner

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 60.0  # seconds
MOST_OWNERS, MOST_CAUSES = 1024, 64  # that are remembered; of owners the newest


class Failure(NamedTuple):
    """The last failure of an owner."""

    error: Exception
    tries: int  # without success
    until: float  # time of the next try


class Failures:
    """Failed renders by their owners. Not locked: the scheduler does that.

    Args:
        clock: seconds, rising.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed: dict[Owner, Failure] = {}
        self._causes: set[str] = set()

    def __len__(self) -> int:
        return len(self._failed)

    def __iter__(self) -> Iterator[Owner]:
        return iter(self._failed)

    def error_of(self, owner: Owner) -> Exception | None:
        """What the newest try failed with, while no later one has succeeded."""
        failure = self._failed.get(owner)
        return None if failure is None else failure.error

    def is_paused(self, owner: Owner) -> bool:
        """Whether it is too early for another try."""
        failure = self._failed.get(owner)
        return failure is not None and self._clock() < failure.until

    @property
    def seconds_to_next_try(self) -> float:
        """Until the first of those that wait may be tried again; infinite: none waits."""
        now = self._clock()
        waiting = (failure.until - now for failure in self._failed.values())
        return min((left for left in waiting if left > 0.0), default=inf)

    def add(self, owner: Owner, error: Exception) -> None:
        """Another try has failed."""
        before = self._failed.pop(owner, None)
        tries = 1 if before is None else before.tries + 1
        pause = min(FIRST_PAUSE * 2.0 ** min(tries - 1, 30), LONGEST_PAUSE)
        self._failed[owner] = Failure(_without_frames(error), tries, self._clock() + pause)
        if len(self._failed) > MOST_OWNERS:
            del self._failed[next(iter(self._failed))]

    def forget(self, owner: Owner) -> None:
        """It has been made."""
        self._failed.pop(owner, None)

    def is_news(self, error: Exception) -> bool:
        """Whether a cause is met for the first time, which is remembered.

        Causes differ in more than their numbers.
        """
        cause = type(error).__name__ + re.sub(r"\d+", "0", _first_line(error))
        if cause in self._causes or len(self._causes) >= MOST_CAUSES:
            return False
        self._causes.add(cause)
        return True


def reason(error: BaseException) -> str:
    """An error in one line; one that is not the program's own says what kind it is."""
    line, kind = _first_line(error), type(error)
    own = kind.__module__.startswith("gansynth_live")
    return line if own and line else f"{kind.__name__}: {line}".rstrip(": ")


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")


def _without_frames(error: Exception) -> Exception:
    """The error, without the frames that it passed: they hold all that the render was made of."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)

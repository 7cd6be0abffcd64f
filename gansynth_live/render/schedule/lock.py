"""The scheduler's lock, and how threads wait: for something to do, and for what others do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, RLock

WOKEN = 2  # workers by a change: one of them may be on call, and not allowed to do what there is


class Lock:
    """One lock for all that render threads, control and others share.

    Workers that have nothing to do look again after a while, since the machine tells nobody how far
    its voices have come. (Where only one of them did, it was often busy when a voice ran dry.)
    """

    def __init__(self) -> None:
        lock = RLock()
        self._news = Condition(lock)  # for those who wait for something certain
        self._idle = Condition(lock)  # for workers without work
        self._changes = 0
        self._is_closed = False

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; afterwards everybody who waits looks again."""
        with self._news:
            yield
            self._changes += 1
            self._news.notify_all()
            self.wake()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hold the lock; nobody is woken."""
        with self._news:
            yield

    @property
    def changes(self) -> int:
        """How often something has changed."""
        return self._changes

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until `predicate` (called with the lock held) is true; False on timeout."""
        with self._news:
            return self._news.wait_for(predicate, timeout)

    def wake(self) -> None:
        """Let some idle workers look; each that finds something wakes others. Lock held."""
        self._idle.notify(WOKEN)

    @property
    def is_closed(self) -> bool:
        """Whether workers are to end."""
        return self._is_closed

    def close(self) -> None:
        """Let workers end after the slice that they are in."""
        with self.changing():
            self._is_closed = True
            self._idle.notify_all()

    def is_closed_within(self, seconds: float) -> bool:
        """Wait so long, unless it is closed before."""
        return self.wait_for(lambda: self._is_closed, seconds)

    def rest(self, seen: int, patience: Callable[[], float | None]) -> None:
        """Wait for something to do, unless `changes` is no longer what was `seen`.

        Args:
            patience: seconds until another look; None: after a change.
        """
        with self._idle:
            if self._changes != seen:
                return
            self._idle.wait(patience())

"""Worker threads: each takes the most urgent slice, makes it, and takes the next.

What fails in a render is the scheduler's business. What fails outside is told and counted, and the
worker tries again after a while; when it fails again and again, the thread ends. The last one to
end takes the scheduler with it, so that nobody waits for ever.
"""

import os
import sys
import time
from contextlib import suppress
from threading import Event, Thread

from gansynth_live.heap import give_back
from gansynth_live.render.schedule.scheduler import Scheduler

NICENESS = 5  # MIDI and control threads come first
TRIES = 6  # failures in a row that end a worker
FIRST_REST = 0.05  # seconds after the first of them; twice as long after each further one
TIDY_SECONDS = 5.0  # between two times that freed memory is given back


class Workers:
    """Threads that work for a scheduler until they are stopped.

    Args:
        on_call: threads beside the `count` that make nothing but what sounding notes wait for: the
            others may be busy for longer than a player should wait for a knob.
    """

    def __init__(self, scheduler: Scheduler, count: int, on_call: int = 0) -> None:
        self._scheduler = scheduler
        self._left = on_call + count  # that have not given up
        self._threads = [
            Thread(target=self._run, args=[number < on_call], name=f"render-{number}", daemon=True)
            for number in range(on_call + count)
        ]
        self._threads.append(Thread(target=self._tidy, name="tidy", daemon=True))
        self._over = Event()
        self._slices = 0  # made so far, more or less

    def start(self) -> None:
        """Start every thread. Once only."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 5.0) -> bool:
        """End the threads after the slices that they are in; False if one did not end in time."""
        self._over.set()
        self._scheduler.lock.close()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, on_call: bool) -> None:
        yield_to_others()
        try:
            self._serve(on_call)
        except BaseException as error:  # else nobody would ever hear of it
            self._give_up(error)

    def _serve(self, on_call: bool) -> None:
        failed = 0
        while failed == 0 or not self._scheduler.lock.is_closed_within(
            FIRST_REST * 2 ** (failed - 1)
        ):
            try:
                while (render := self._scheduler.take(on_call)) is not None:
                    self._scheduler.work(render)
                    self._slices += 1
                    failed = 0
            except Exception as error:
                failed += 1
                self._scheduler.stumble(error)
                if failed == TRIES:
                    raise
            else:
                return

    def _give_up(self, error: BaseException) -> None:
        with self._scheduler.changing():
            self._left -= 1
            if self._left == 0:
                self._scheduler.abandon(error)

    def _tidy(self) -> None:
        """Give back what rendering has freed: by a thread of its own, since nobody waits for it."""
        yield_to_others()
        tidied = 0
        while not self._over.wait(TIDY_SECONDS):
            if tidied != self._slices:
                tidied = self._slices
                try:
                    give_back()
                except Exception as error:  # memory stays where it is; the sound does not need it
                    self._scheduler.stumble(error)


def yield_to_others() -> None:
    """Lower the priority of the calling thread, where threads have one of their own (Linux)."""
    if sys.platform == "linux":
        with suppress(OSError):  # where that is forbidden they all have the same
            os.nice(NICENESS)

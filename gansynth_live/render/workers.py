"""Worker threads: each takes the most urgent slice, makes it, and takes the next."""

import os
import sys
import time
from threading import Thread

from gansynth_live.render.cache import NoteCache

NICENESS = 5  # MIDI and control threads come first


class Workers:
    """Threads that keep a cache supplied until they are stopped.

    Args:
        on_call: threads beside the `count` that make nothing but what sounding notes wait for: the
            others may be busy for longer than a player should wait for a knob.
    """

    def __init__(self, cache: NoteCache, count: int, on_call: int = 0) -> None:
        self._cache = cache
        self._threads = [
            Thread(target=self._run, args=[number < on_call], name=f"render-{number}", daemon=True)
            for number in range(on_call + count)
        ]

    def start(self) -> None:
        """Start every thread. Once only."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 5.0) -> bool:
        """End the threads after the slices that they are in; False if one did not end in time."""
        self._cache.close()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, on_call: bool) -> None:
        yield_to_others()
        while (render := self._cache.take(on_call)) is not None:
            self._cache.work(render)


def yield_to_others() -> None:
    """Lower the priority of the calling thread, where threads have one of their own (Linux)."""
    if sys.platform == "linux":
        os.nice(NICENESS)

"""The control thread: it passes on what the callback noticed, and looks after the devices."""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

from gansynth_live.errors import GansynthError
from gansynth_live.faults import Faults

LISTEN_SECONDS = 0.002  # between two steps of a glide or LFO: little of the 40 ms to its sound
EXPORT_SECONDS = 0.0001  # the same while an export waits
TEND_SECONDS = 0.05  # between two looks at the devices: a share of the 500 ms in which a loss shows

T = TypeVar("T")


class Control:
    """A thread that goes on whatever one of its steps meets, from `start` until `stop`.

    Args:
        export: prepares what an export waits for; True while one runs. Nothing else is done then:
            the audio server waits for us, and must not be asked anything.
        listen: passes on what was noticed; called when there is news, and every 2 ms while it says
            that something moves on by itself.
        wait: sleeps until there is news, at most for so many seconds.
        tend: looks after the devices; called every 50 ms.
        faults: counts and tells errors, but for a `GansynthError` of `export` or `tend`: that ends
            everything, as does what is no fault of a step.

    Attributes:
        ended: set once it was stopped, or has failed.
        failure: why it ended, if it was not stopped.
    """

    def __init__(
        self,
        export: Callable[[], bool],
        listen: Callable[[], bool],
        wait: Callable[[float], None],
        tend: Callable[[], None],
        faults: Faults,
    ) -> None:
        self.ended = Event()
        self.failure: BaseException | None = None
        self._export = export
        self._listen = listen
        self._wait = wait
        self._tend = tend
        self._faults = faults
        self._thread = Thread(target=self._run, name="control", daemon=True)

    def start(self) -> None:
        """Start the thread. Once only."""
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """End the thread after the step that it is in; False if that takes longer than `seconds`.

        A step may be inside an audio library that does not come back.
        """
        self.ended.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._serve()
        except BaseException as error:  # else nobody would ever hear of it
            self._fail(error)

    def _serve(self) -> None:
        next_tend = 0.0
        while not self.ended.is_set():
            if self._or_end(self._export):
                time.sleep(EXPORT_SECONDS)
                continue
            moves = True
            with self._faults:
                moves = self._listen()
            if (now := time.monotonic()) >= next_tend:
                next_tend = now + TEND_SECONDS
                self._or_end(self._tend)
            self._wait(LISTEN_SECONDS if moves else TEND_SECONDS)

    def _or_end(self, step: Callable[[], T]) -> T | None:
        """Result of a step without which nothing goes on; None if it has failed."""
        with self._faults:
            try:
                return step()
            except GansynthError as error:
                self._fail(error)
        return None

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.ended.set()

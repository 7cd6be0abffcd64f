"""The control thread: it passes on what the callback noticed, and looks after the devices."""

import time
from collections.abc import Callable
from threading import Event, Thread

from gansynth_live.errors import GansynthError
from gansynth_live.faults import Faults

LISTEN_SECONDS = 0.002  # between two looks at the notices: a knob's share of its 40 ms
TEND_SECONDS = 0.02  # between two looks at the devices: a share of the 500 ms in which a loss shows


class Control:
    """A thread that goes on whatever one of its steps meets, from `start` until `stop`.

    Args:
        listen: passes on what was noticed; called every 2 ms.
        tend: looks after the devices; called every 20 ms. A `GansynthError` ends everything.
        faults: counts and tells all other errors.

    Attributes:
        ended: set once it was stopped, or has failed.
        failure: why it ended, if it was not stopped.
    """

    def __init__(
        self, listen: Callable[[], None], tend: Callable[[], None], faults: Faults
    ) -> None:
        self.ended = Event()
        self.failure: GansynthError | None = None
        self._listen = listen
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
        next_tend = 0.0
        while not self.ended.is_set():
            with self._faults:
                self._listen()
            if (now := time.monotonic()) >= next_tend:
                next_tend = now + TEND_SECONDS
                with self._faults:
                    self._look_after_the_devices()
            time.sleep(LISTEN_SECONDS)  # a wait for `ended` would cost several times as much

    def _look_after_the_devices(self) -> None:
        try:
            self._tend()
        except GansynthError as error:
            self.failure = error
            self.ended.set()

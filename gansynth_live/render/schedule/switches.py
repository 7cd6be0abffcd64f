"""Telling of voices that went on in another render, without holding anybody up."""

from collections import deque
from threading import Lock

from gansynth_live.render.voices.tracker import OnVoiceSwitch, VoiceSwitch


class SwitchTeller:
    """Keeps what is to be told until somebody has time to tell it; in order, one at a time.

    Args:
        tell: is told.
    """

    def __init__(self, tell: OnVoiceSwitch) -> None:
        self._tell = tell
        self._waiting: deque[VoiceSwitch] = deque()
        self._telling = Lock()

    def add(self, switch: VoiceSwitch) -> None:
        """To be told soon."""
        self._waiting.append(switch)

    def tell(self) -> None:
        """Tell what waits, unless another thread is doing so. To be called without any lock."""
        while self._waiting and self._telling.acquire(blocking=False):
            try:
                while self._waiting:
                    self._tell(self._waiting.popleft())
            finally:
                self._telling.release()

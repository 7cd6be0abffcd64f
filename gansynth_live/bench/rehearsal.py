"""The whole instrument on a clock instead of a sound card."""

import time
from threading import Event as Signal
from threading import Thread
from typing import Self

import numpy as np

from gansynth_live.config import Config
from gansynth_live.errors import GansynthError
from gansynth_live.instrument import Instrument
from gansynth_live.midi.messages import Event
from gansynth_live.synth import Synth

BLOCK = 256  # frames
ATTEND_SECONDS = 0.002


class Rehearsal:
    """Sounds, in real time, between entering and leaving it.

    Attributes:
        synth: what sounds.
        heard_at: frame of the first sample that was not silent; None: all was.
    """

    def __init__(self, config: Config, instrument: Instrument) -> None:
        self._said: list[str] = []
        self.synth = Synth(config, instrument, self._said.append)
        self.heard_at: int | None = None
        self._over = Signal()
        self._threads = [Thread(target=run, daemon=True) for run in (self._sound, self._attend)]

    def __enter__(self) -> Self:
        self.synth.start()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self.synth.close()
        if self._said:
            raise GansynthError(self._said[0])

    def send(self, event: Event) -> int:
        """Let a message act now; the frame."""
        self.synth.send(event.status, event.data1, event.data2)
        return self.synth.frame

    def _sound(self) -> None:
        rate, began, frame = self.synth.machine.sample_rate, time.monotonic(), 0
        while not self._over.wait(max(began + frame / rate - time.monotonic(), 0.0)):
            block = self.synth.advance(BLOCK)
            if self.heard_at is None and block.any():
                self.heard_at = frame + int(np.argmax(block.any(axis=0)))
            frame += BLOCK

    def _attend(self) -> None:
        while not self._over.wait(ATTEND_SECONDS):
            self.synth.attend()

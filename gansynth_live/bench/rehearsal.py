"""The whole instrument on a clock instead of a sound card."""

import time
from threading import Event as Signal
from threading import Thread
from typing import Self

import numpy as np

from gansynth_live.config import Config
from gansynth_live.engine.process import process_block
from gansynth_live.errors import GansynthError
from gansynth_live.faults import Faults
from gansynth_live.instrument import Instrument, make_controls, make_machine, path_instruments
from gansynth_live.kernel.machine import NOW
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.foresight import Foresight
from gansynth_live.latent.path import MorphPath
from gansynth_live.listener import Listener
from gansynth_live.midi.messages import Event
from gansynth_live.render.live import LiveCache

BLOCK = 256  # frames
LISTEN_SECONDS = 0.002


class Rehearsal:
    """Sounds, in real time, between entering and leaving it.

    Attributes:
        heard_at: frame of the first sample that was not silent; None: all was.
    """

    def __init__(self, config: Config, instrument: Instrument) -> None:
        library = instrument.library
        path = MorphPath(path_instruments(config.morph.instruments, library))
        controls, ahead = (make_controls(config, path, library) for _ in range(2))
        self.machine = make_machine(config, instrument.renderer)
        self.renders: LiveCache[Blend] = LiveCache(
            self.machine,
            instrument.renderer,
            library.latent,
            controls.blend_at(0.0),
            report=_fail,
            workers=config.render.workers,
            vibrato=library.vibrato,
        )
        self.heard_at: int | None = None
        self._said: list[str] = []
        faults = Faults("the controls", self._said.append)
        self._listener = Listener(self.machine, controls, Foresight(ahead), self.renders, faults)
        self._over = Signal()
        self._threads = [Thread(target=run, daemon=True) for run in (self._sound, self._listen)]

    def __enter__(self) -> Self:
        self.renders.start()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self.renders.stop()
        if self._said:
            _fail(self._said[0])

    def send(self, event: Event) -> int:
        """Let a message act now; the frame."""
        self.machine.send(NOW, event.status, event.data1, event.data2)
        return int(self.machine.memory.status["frame"][0])

    def _sound(self) -> None:
        rate, began, frame = self.machine.sample_rate, time.monotonic(), 0
        while not self._over.wait(max(began + frame / rate - time.monotonic(), 0.0)):
            block = process_block(self.machine, BLOCK)
            if self.heard_at is None and block.any():
                self.heard_at = frame + int(np.argmax(block.any(axis=0)))
            frame += BLOCK

    def _listen(self) -> None:
        while not self._over.wait(LISTEN_SECONDS):
            self._listener.listen()


def _fail(line: str) -> None:
    raise GansynthError(line)

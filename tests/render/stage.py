"""A live cache and its machine, stepped by hand: without threads, any order of events is tried."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.schedule.live import LiveCache
from tests.render.conftest import latent


class Stage:
    """A live cache and its machine, with a clock that is turned by hand."""

    def __init__(
        self, machine: Machine, renderer: NoteRenderer, firsts: Sequence[Hashable] = ("flute",)
    ) -> None:
        self.now = 100.0
        self.reports: list[str] = []
        self.broken: set[object] = set()
        self.asked: list[tuple[Hashable, int]] = []
        self.machine = machine
        self.live = LiveCache[Hashable](
            machine,
            renderer,
            self.latent,
            firsts,
            report=self.reports.append,
            clock=lambda: self.now,
        )

    def latent(self, timbre: Hashable, pitch: int) -> NDArray[np.float32]:
        if timbre in self.broken:
            raise ValueError("no such latent")
        self.asked.append((timbre, pitch))
        return latent(timbre, pitch)

    def play(self, frames: int = 64) -> NDArray[np.float32]:
        """A block; what the hands did goes to the cache."""
        block = process_block(self.machine, frames)
        for event in self.machine.performed():
            if event.serial > 0:
                self.live.note_on(event.data1)
        return block

    def press(self, key: int) -> None:
        self.machine.send(-1, 0x90, key, 100)
        self.play()

    def work(self, slices: int = 1000) -> list[tuple[object, int]]:
        """Work off so many slices while the music plays; (timbre, pitch) of each."""
        done: list[tuple[object, int]] = []
        while len(done) < slices and (render := self.live.scheduler.poll()) is not None:
            self.live.scheduler.work(render)
            done.append((render.timbre, render.pitch))
            self.play(1)
        return done

    def listed(self) -> dict[int, object]:
        """Timbre that the machine's keys start from."""
        self.play()
        pool = self.live.scheduler.pool
        slots = self.machine.memory.keys["slot"]
        renders = {key: pool.at(int(slot)) for key, slot in enumerate(slots) if slot >= 0}
        return {key: render.timbre for key, render in renders.items() if render is not None}

    def sounding(self) -> dict[int, object]:
        """Timbre that each sounding key is heard in."""
        pool = self.live.scheduler.pool
        heard = {int(voice["key"]): pool.at(int(voice["slot"])) for voice in self.machine.voices()}
        return {key: render.timbre for key, render in heard.items() if render is not None}

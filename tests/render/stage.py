"""A live cache and its machine, stepped by hand: without threads, any order of events is tried."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel import layout
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.live import LiveCache
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.roster import timbre_of
from tests.render.conftest import latent


class Stage:
    """A live cache and its machine, with a clock that is turned by hand."""

    def __init__(self, machine: Machine, renderer: NoteRenderer) -> None:
        self.now = 100.0
        self.reports: list[str] = []
        self.broken: set[object] = set()
        self.asked: list[tuple[str, int]] = []
        self.machine = machine
        self.live = LiveCache[str](
            machine,
            renderer,
            self.latent,
            "flute",
            report=self.reports.append,
            clock=lambda: self.now,
        )

    def latent(self, timbre: str, pitch: int) -> NDArray[np.float32]:
        if timbre in self.broken:
            raise ValueError("no such latent")
        self.asked.append((timbre, pitch))
        return latent(timbre, pitch)

    def play(self, frames: int = 64) -> NDArray[np.float32]:
        """A block; what the hands did goes to the cache."""
        block = process_block(self.machine, frames)
        for notice in self.machine.notices():
            if notice["kind"] == layout.NOTE_ON:
                self.live.note_on(int(notice["a"]))
        return block

    def press(self, key: int) -> None:
        self.machine.send(-1, 0x90, key, 100)
        self.play()

    def work(self, slices: int = 1000) -> list[tuple[object, int]]:
        """Work off so many slices while the music plays; (timbre, pitch) of each."""
        done: list[tuple[object, int]] = []
        while len(done) < slices and (render := self.live.cache.poll()) is not None:
            self.live.cache.work(render)
            done.append((render.timbre, render.pitch))
            self.play(1)
        return done

    def listed(self) -> dict[int, object]:
        """Timbre that the machine's keys start from."""
        self.play()
        pool = self.live.cache.pool
        slots = self.machine.memory.keys["slot"]
        renders = {key: pool.at(int(slot)) for key, slot in enumerate(slots) if slot >= 0}
        return {key: render.timbre for key, render in renders.items() if render is not None}

    def sounding(self) -> dict[int, object]:
        """Timbre that each sounding key is heard in."""
        pool = self.live.cache.pool
        heard = {int(voice["key"]): pool.at(int(voice["slot"])) for voice in self.machine.voices()}
        return {key: timbre_of(render) for key, render in heard.items() if render is not None}

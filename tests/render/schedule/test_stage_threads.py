"""Audio, control and render threads at once: every slot that is emptied was at rest."""

from functools import partial
from threading import Event, Thread

import numpy as np
import pytest

from gansynth_live.config import DRY
from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.kernel.slots import Slots
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.schedule.live import LiveCache
from tests.render.conftest import HIGH, LOW, RATE, SAMPLES, latent

DEADLINE = 60.0
PITCHES = HIGH - LOW + 1
ALL_SOUND_OFF = 120


class WatchedSlots(Slots):
    """Notes every slot that was emptied while something still used it."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.memory, machine.slots.frames)
        self.disturbed: list[int] = []
        self._machine = machine

    def begin(self, slot: int, vibrato: Vibrato = NO_VIBRATO) -> None:
        if self._machine.memory.users[slot] or self._machine.memory.listed[slot]:
            self.disturbed.append(slot)
        super().begin(slot, vibrato)


def moved_on(live: LiveCache[str], renders: int) -> bool:
    """Whether so many notes have been rendered, or nothing is left to do."""
    return live.scheduler.counts.rendered > renders or live.snapshot().fresh == PITCHES


def test_a_wild_performance(renderer: NoteRenderer) -> None:
    machine = Machine(RATE, DRY, slots=PITCHES + 6, slot_seconds=SAMPLES / RATE)
    machine.slots = slots = WatchedSlots(machine)
    live = LiveCache[str](machine, renderer, latent, ["flute"], report=pytest.fail, workers=2)
    over = Event()

    def play() -> None:
        while not over.is_set():
            process_block(machine, 32)

    audio = Thread(target=play, daemon=True)
    live.start()
    assert live.wait_until_ready(timeout=DEADLINE)
    audio.start()
    hands = np.random.default_rng(4)
    for step in range(400):
        machine.send(-1, int(hands.choice([0x80, 0x90])), int(hands.integers(LOW, HIGH + 1)), 100)
        live.aim(f"blend {hands.integers(10)}")
        assert live.scheduler.wait_for(partial(moved_on, live, step), DEADLINE)
    machine.send(-1, 0xB0, ALL_SOUND_OFF)
    live.aim("the end")
    assert live.scheduler.wait_for(lambda: live.snapshot().fresh == PITCHES, DEADLINE)
    assert live.stop(DEADLINE)
    over.set()
    audio.join(DEADLINE)
    snapshot = machine.snapshot()
    assert (snapshot.bad, snapshot.missing) == (0, 0)
    assert slots.disturbed == []
    assert live.snapshot().failed == 0

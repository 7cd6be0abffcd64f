"""A performance while renders arrive whenever they do, and the same offline: the same samples."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.layout import SEGMENT
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.kernel.snapshot import Snapshot
from gansynth_live.midi.messages import Event
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.notes.timbre import VibratoOf, no_vibrato
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.render.schedule.offline import Lookahead, PlannedPart, as_it_was, plan_notes
from gansynth_live.render.voices.tracker import VoiceSwitch
from tests.render.conftest import HIGH, LOW, RATE, latent, small_machine

BLOCK, BLOCKS = 32, 300
SLOTS = 150
BLENDS = ("flute", "bell", "organ", "reed")
TOLD = np.s_[:, : -2 * SEGMENT]  # where voices went on after that, nobody heard


def swinging(timbre: str) -> Vibrato:
    """A swing of its own for each blend, none for the first."""
    return Vibrato(5.0 + len(timbre), 5.0 * BLENDS.index(timbre), 0.01)


@dataclass
class Take:
    """What was played, what arrived when, and what was heard."""

    events: list[tuple[int, Event]] = field(default_factory=list)
    arrivals: list[VoiceSwitch] = field(default_factory=list)
    sound: list[NDArray[np.float32]] = field(default_factory=list)


def perform(
    renderer: NoteRenderer, seed: int, busy: float, vibrato: VibratoOf = no_vibrato
) -> tuple[Take, Snapshot]:
    """Held notes and a moving knob; in a share `busy` of the blocks the renderer does nothing."""
    take, chance = Take(), np.random.default_rng(seed)
    machine = small_machine(SLOTS)
    live = LiveCache[str](
        machine,
        renderer,
        latent,
        BLENDS[:1],
        report=lambda _: None,
        clock=lambda: int(machine.memory.status[0].frame) / RATE,
        switched=take.arrivals.append,
        vibrato=vibrato,
    )
    while (render := live.scheduler.poll()) is not None:
        live.scheduler.work(render)
    for block in range(BLOCKS):
        if block % 8 == 5:
            take.events.append(play_something(machine, block * BLOCK, chance))
        if block % 5 == 0:
            live.aim(BLENDS[chance.integers(len(BLENDS))])
        take.sound.append(process_block(machine, BLOCK))
        for event in machine.performed():
            if event.serial > 0:
                live.note_on(event.data1)
        while chance.random() > busy and (render := live.scheduler.poll()) is not None:
            live.scheduler.work(render)
    return take, machine.snapshot()


def play_something(machine: Machine, frame: int, chance: np.random.Generator) -> tuple[int, Event]:
    """Press or release a key at `frame`; what was sent."""
    status = 0x90 if chance.random() < 0.7 else 0x80
    event = Event(frame / RATE, status, int(chance.integers(LOW, HIGH + 1)), 100)
    assert machine.send(frame, *event[1:])
    return frame, event


def again(
    renderer: NoteRenderer, take: Take, workers: int, vibrato: VibratoOf = no_vibrato
) -> NDArray[np.float32]:
    """The same events, with everything arriving where it did."""
    machine = small_machine(SLOTS)
    began = {arrival.serial: arrival.timbre for arrival in take.arrivals if arrival.start <= 0}
    timbres = (timbre for _, timbre in sorted(began.items()))
    part = PlannedPart(lambda event: next(timbres) if event.is_note_on else None)
    plan = plan_notes(take.events, [part], machine.tunings)
    blocks = []
    coming = as_it_was(take.arrivals)
    with Lookahead(machine, renderer, latent, plan, coming, workers, vibrato) as ahead:
        for start in range(0, BLOCKS * BLOCK, BLOCK):
            ahead.follow(start)
            ahead.reach(start + BLOCK)
            for frame, event in take.events:
                if start <= frame < start + BLOCK:
                    assert machine.send(frame, *event[1:])
            blocks.append(process_block(machine, BLOCK))
    assert machine.snapshot().refused == 0
    return np.concatenate(blocks, axis=1)


@pytest.mark.parametrize("seed", range(4))
def test_live_is_offline_with_the_arrivals_of_the_renders(
    renderer: NoteRenderer, seed: int
) -> None:
    take, snapshot = perform(renderer, seed, busy=0.03)
    assert snapshot.swapped > 100
    assert snapshot.refused > 0
    assert snapshot.starved == 0  # what fades for want of samples is not told
    heard = np.concatenate(take.sound, axis=1)
    replay = again(renderer, take, workers=1 + seed % 3)
    np.testing.assert_array_equal(replay[TOLD], heard[TOLD])


@pytest.mark.parametrize("seed", range(2))
def test_vibrato_comes_with_the_renders(renderer: NoteRenderer, seed: int) -> None:
    take, snapshot = perform(renderer, seed, 0.0, swinging)
    assert snapshot.swapped > 100
    heard = np.concatenate(take.sound, axis=1)
    replay = again(renderer, take, 1, swinging)
    np.testing.assert_array_equal(replay[TOLD], heard[TOLD])
    assert np.abs(again(renderer, take, 1) - heard).max() > 0.01

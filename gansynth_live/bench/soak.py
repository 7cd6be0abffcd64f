"""Memory of an instrument that is played on and on, with a knob that never rests."""

import time
from collections.abc import Iterable, Iterator

import numpy as np

from gansynth_live.bench.figures import Figure, Finding
from gansynth_live.bench.improvise import melody, programs, sweeps
from gansynth_live.bench.rehearsal import Rehearsal
from gansynth_live.bench.resident import resident_mib
from gansynth_live.bench.waiting import is_warm, wait_for
from gansynth_live.config import load_config
from gansynth_live.instrument import open_instrument
from gansynth_live.midi.messages import CONTROL_CHANGE, PROGRAM_CHANGE, Event

GROUP = "soak"
DEVICE_RATE = 48_000
MINUTES, TRY_OUT = 2.0, 0.05  # of playing
WARM_GOAL, PLAYED_GOAL, SLOPE_GOAL = 400.0, 450.0, 1.0  # MiB, MiB, MiB an hour
PEDAL_CC = 64
SWEEP_SECONDS = 2.0  # for the knob's whole way
PEDAL_SECONDS = 4.0  # from one pedal to the next; it is held for half of them
CHANGES = 4  # turns of the pedal from one program to the next
SEED = 4
STAGES = 10  # of the playing, of which each is told
SETTLED = 0.5  # share of the playing after which memory should grow no more


def measure(quick: bool, minutes: float = MINUTES) -> Iterator[Finding]:
    """Memory when it is ready, when it is warm and while it is played; how fast that grows."""
    config = load_config()
    instrument = open_instrument(
        config.model.path,
        config.model.inversion,
        DEVICE_RATE,
        config.model.threads,
        config.air.amount,
        config.life.amount,
    )
    seconds = 60.0 * (TRY_OUT if quick else minutes)
    with Rehearsal(config, instrument) as rehearsal:
        synth = rehearsal.synth
        wait_for(lambda: synth.renders.snapshot().ready == synth.renders.snapshot().keys)
        yield _memory("all keys rendered")
        wait_for(lambda: is_warm(synth), pause=0.1)
        yield _memory("all that is kept warm rendered", WARM_GOAL)
        played = np.array(list(_resident(rehearsal, playing(seconds), seconds)))
        starved = synth.snapshot().engine.starved
    for number, stage in enumerate(np.array_split(played, STAGES), 1):
        name = f"up to {number * seconds / STAGES / 60:.3g} min of playing, the most"
        yield Figure(GROUP, name, float(stage[:, 1].max()), "MiB", at_most=PLAYED_GOAL)
    settled = played[int(SETTLED * len(played)) :]
    slope = 3600.0 * float(np.polyfit(settled[:, 0], settled[:, 1], 1)[0])
    yield Figure(GROUP, "growth in the second half", slope, "MiB an hour", at_most=SLOPE_GOAL)
    yield Figure(GROUP, "notes that starved", starved, "notes", at_most=0)


def playing(seconds: float) -> list[Event]:
    """Hands that follow a scale, a knob, the sustain pedal and programs, in order of time."""
    turns = np.arange(0.0, seconds, PEDAL_SECONDS).tolist()
    pedals = [
        Event(turn + half * PEDAL_SECONDS / 2, CONTROL_CHANGE, PEDAL_CC, 127 * (1 - half))
        for turn in turns
        for half in (0, 1)
    ]
    changes = [
        Event(turn, PROGRAM_CHANGE, event.data1, 0)
        for turn, event in zip(turns[::CHANGES], programs(seconds), strict=False)
    ]
    knob = sweeps(SEED, seconds, SWEEP_SECONDS)
    events = [*melody(SEED, seconds), *knob, *pedals, *changes]
    return sorted(events, key=lambda event: event.time)


def _resident(
    rehearsal: Rehearsal, events: Iterable[Event], seconds: float
) -> Iterator[tuple[float, float]]:
    """Seconds, and MiB that are resident then: about twice a second while it is played."""
    began = told = time.monotonic()
    yield 0.0, resident_mib() or 0.0
    for event in events:
        time.sleep(max(began + event.time - time.monotonic(), 0.0))
        rehearsal.send(event)
        if time.monotonic() - told >= min(0.5, seconds / STAGES / 2):
            told = time.monotonic()
            yield told - began, resident_mib() or 0.0


def _memory(when: str, goal: float | None = None) -> Figure:
    return Figure(GROUP, f"memory with {when}", resident_mib() or 0.0, "MiB", at_most=goal)

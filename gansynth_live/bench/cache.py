"""What keys find that are struck while the timbre moves: in real time, without a sound card."""

import statistics
import time
from collections.abc import Iterable, Iterator

import numpy as np

from gansynth_live.bench.figures import Figure, Finding
from gansynth_live.bench.improvise import POSITION_CC, PROGRAMS, melody, programs, sweeps
from gansynth_live.bench.rehearsal import Rehearsal
from gansynth_live.bench.waiting import PATIENCE, is_warm, wait_for
from gansynth_live.config import Config, load_config, with_parts
from gansynth_live.errors import GansynthError
from gansynth_live.instrument import Instrument, open_instrument
from gansynth_live.latent.blend import Blend
from gansynth_live.midi.messages import CONTROL_CHANGE, NOTE_ON, PROGRAM_CHANGE, Event

DEVICE_RATE = 48_000
SECONDS, TRY_OUT = 20.0, 1.0  # of playing
ROUNDS = 15
SWEEPS = {"slow": 8.0, "medium": 2.0, "fast": 0.5}  # seconds for the knob's whole way
PARTS = 4, 16
SEED = 4


def measure(quick: bool) -> Iterator[Finding]:
    """Cold keys, keys under a moving knob and between programs, and a change to what is warm."""
    config = load_config()
    instrument = open_instrument(
        config.model.path,
        config.model.inversion,
        DEVICE_RATE,
        config.model.threads,
        config.air.amount,
        config.life.amount,
    )
    yield from _cold_figures(config, instrument, 1 if quick else ROUNDS)
    seconds = TRY_OUT if quick else SECONDS
    with Rehearsal(config, instrument) as rehearsal:
        if not rehearsal.synth.renders.wait_until_ready(timeout=PATIENCE):
            raise GansynthError("the keys were not ready in time; is the machine busy?")
        if not quick:
            end = Event(0.0, CONTROL_CHANGE, POSITION_CC, 127)
            yield _change_figure(rehearsal, "the knob to its end stop", end)
        yield from _found_figures(rehearsal, "programs", programs(seconds), seconds)
        for name, whole in SWEEPS.items():
            knob = sweeps(SEED, seconds, whole)
            yield from _found_figures(rehearsal, f"{name} sweeps ({whole:g} s)", knob, seconds)
        if not quick:
            back = Event(0.0, PROGRAM_CHANGE, PROGRAMS[0], 0)
            yield _change_figure(rehearsal, "back to a program", back)
    for count in () if quick else PARTS:
        yield from _part_figures(config, instrument, count, seconds)


def _cold_figures(config: Config, instrument: Instrument, rounds: int) -> Iterator[Finding]:
    random = np.random.default_rng(SEED)
    seconds = []
    for _ in range(rounds):
        with Rehearsal(config, instrument) as rehearsal:
            wait_for(lambda: rehearsal.synth.renders.snapshot().cached > 0)
            struck = rehearsal.send(Event(0.0, NOTE_ON, int(random.integers(36, 84)), 100))
            wait_for(lambda: rehearsal.heard_at is not None)
        seconds.append(((rehearsal.heard_at or 0) - struck) / DEVICE_RATE)
    for name, share in (("half", 0.5), ("nine of ten", 0.9)):
        value = 1e3 * float(np.quantile(seconds, share))
        yield Figure("cache", f"a cold key's first sound, {name} within", value, "ms")


def _part_figures(
    config: Config, instrument: Instrument, count: int, seconds: float
) -> Iterator[Finding]:
    """Melodies on all parts at once, while the knob of the first one moves."""
    names = instrument.library.names
    tables = [
        {"channels": [number + 1], "instruments": [names[2 * number], names[2 * number + 1]]}
        for number in range(count)
    ]
    events = [
        event._replace(status=event.status | number)
        for number in range(count)
        for event in melody(SEED + number, seconds)
    ]
    knob = sweeps(SEED, seconds, SWEEPS["medium"])
    with Rehearsal(with_parts(config, tables, "bench"), instrument) as rehearsal:
        if not rehearsal.synth.renders.wait_until_ready(timeout=PATIENCE):
            raise GansynthError("the keys were not ready in time; is the machine busy?")
        _play(rehearsal, [*events, *knob])
        found = rehearsal.synth.snapshot().renders
    name, kept = f"{count} parts", rehearsal.synth.renders.keys / count
    notes = found.found_newest + found.found_older + found.found_nothing
    yield Figure("cache", f"{name}: keys kept of each", kept, "keys")
    nothing = 100 * found.found_nothing / notes
    yield Figure("cache", f"{name}: note-ons that found nothing", nothing, "%", at_most=0.0)
    older = 100 * found.found_older / notes
    yield Figure("cache", f"{name}: note-ons that found an older blend", older, "%")


def _found_figures(
    rehearsal: Rehearsal, name: str, knob: Iterable[Event], seconds: float
) -> Iterator[Finding]:
    distances = _play(rehearsal, [*melody(SEED, seconds), *knob])
    there = [distance for distance in distances if distance is not None]
    newest = sum(distance == 0.0 for distance in there)
    for what, count, most in (
        ("the newest blend", newest, None),
        ("an older one", len(there) - newest, None),
        ("nothing", len(distances) - len(there), 0.0),
    ):
        share = 100 * count / len(distances)
        yield Figure("cache", f"{name}: note-ons that found {what}", share, "%", at_most=most)
    off = 100 * statistics.mean(there)
    yield Figure("cache", f"{name}: how far from the newest", off, "% of two instruments")


def _play(rehearsal: Rehearsal, events: Iterable[Event]) -> list[float | None]:
    """What each note-on found: how far it is from the newest blend; None: nothing."""
    found = []
    began = time.monotonic()
    for event in sorted(events, key=lambda event: event.time):
        time.sleep(max(began + event.time - time.monotonic(), 0.0))
        if event.is_note_on:
            found.append(_distance(rehearsal, event.data1))
        rehearsal.send(event)
    return found


def _distance(rehearsal: Rehearsal, key: int) -> float | None:
    """Between the blend that a key would start in and the newest; 1: nothing in common."""
    renders, part = rehearsal.synth.renders, rehearsal.synth.renders.parts[0]
    with renders.scheduler.holding():
        listed = part.table.of(part.table.pitch_of(key))
    if listed is None:
        return None
    if not isinstance(listed.timbre, Blend):
        raise TypeError(listed.timbre)
    old, new = dict(listed.timbre.weights), dict(part.target.weights)
    return sum(abs(old.get(name, 0.0) - new.get(name, 0.0)) for name in old | new) / 2


def _change_figure(rehearsal: Rehearsal, name: str, event: Event) -> Figure:
    """Time that all keys take to follow, after a rest in which the anchors are made."""
    wait_for(lambda: is_warm(rehearsal.synth))
    before, began = rehearsal.synth.renders.targets, time.monotonic()
    rehearsal.send(event)
    wait_for(lambda: _has_changed(rehearsal, before))
    value = 1e3 * (time.monotonic() - began)
    return Figure("cache", f"{name}, until all keys are new", value, "ms")


def _has_changed(rehearsal: Rehearsal, before: list[Blend]) -> bool:
    snapshot = rehearsal.synth.renders.snapshot()
    return rehearsal.synth.renders.targets != before and snapshot.fresh == snapshot.keys

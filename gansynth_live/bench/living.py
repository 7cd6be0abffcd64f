"""The living voice: notes that change while they sound, and notes that are held for minutes.

The shipped model is played by the whole instrument, without vibrato and in simulated time.
Instruments, keys and velocities are drawn at random, the same for every run.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import numpy as np

from gansynth_live.bench import smooth
from gansynth_live.bench.figures import Figure, Finding
from gansynth_live.bench.held_note import held_note, only, sweep
from gansynth_live.bench.hold import CLICK_GOAL, DRIFT_GOAL, LOOP_GOAL, Hold, hold
from gansynth_live.bench.partials import Floats, Wave
from gansynth_live.bench.smooth import Smoothness, smoothness
from gansynth_live.instrument import Instrument, open_instrument

SAMPLE_RATE = 48_000
SEED = 1
SWEEP_SECONDS = (0.1, 0.3, 1.0, 2.0, 5.0)
SWEEPS = 16  # of each
BEGIN = 1.0  # seconds after the note-on when a sweep starts
BEFORE, AFTER = 0.05, 0.5  # seconds around a sweep that are judged with it
ONSET = 0.4  # seconds of a note that every timbre plays at its own pace
FADE_IN = 0.1  # seconds, in which the onset of what is compared with goes unheard
LATER = 0.5  # seconds between those moments of a sweep from which on a new end may die away
LONG_BEFORE = (0.2, 0.45)  # seconds: notes that changed there have other phases, and peaks, each
HOLDS = 24
HOLD_SECONDS = 600.0
GROUP = "living"


class Draw(NamedTuple):
    """A note to play."""

    first: str
    last: str
    key: int
    velocity: int


def measure(quick: bool) -> Iterator[Finding]:
    """How smooth sweeps of different speed are, and how held notes hold out."""
    instrument = open_instrument(None, "phase-locked", SAMPLE_RATE)
    yield from _sweep_figures(instrument, 1 if quick else SWEEPS)
    holds = 2 if quick else HOLDS
    yield from _hold_figures(instrument, holds, 20.0 if quick else HOLD_SECONDS)


def draws(instrument: Instrument, count: int) -> Iterator[Draw]:
    """Notes drawn at random, always the same."""
    random = np.random.default_rng(SEED)
    spec, names = instrument.bundle.spec, instrument.library.names
    for _ in range(count):
        first, last = (names[i] for i in random.permutation(len(names))[:2])
        key = int(random.integers(spec.low_pitch, spec.high_pitch + 1))
        yield Draw(first, last, key, int(random.integers(1, 128)))


def swept(instrument: Instrument, note: Draw, seconds: float) -> Smoothness:
    """Judge a sweep of so many seconds on a sounding note."""
    first, last, key, velocity = note
    end = BEGIN + seconds
    blends = (
        sweep(first, last, BEGIN, end),
        only(first),
        only(last),
        *(sweep(first, last, moment, moment + 0.1) for moment in LONG_BEFORE),
    )
    wave, old, new, *settled = (
        held_note(instrument, key, velocity, blend_at, end + 2 * AFTER) for blend_at in blends
    )
    span = (BEGIN - BEFORE, end + AFTER)
    later = [_begun_later(new, moment) for moment in moments(seconds)]
    return smoothness(wave, (old, new), key, SAMPLE_RATE, span, [*settled, *later])


def moments(seconds: float) -> Floats:
    """When a new end may have begun that dies away: at any time in a sweep of so many seconds."""
    return BEGIN + np.linspace(0.0, seconds, 1 + ceil(seconds / LATER))


def _begun_later(wave: Wave, moment: float) -> Wave:
    """A note as it sounds if it is past its onset at a moment (seconds), and no older."""
    late = round((moment - ONSET) * SAMPLE_RATE)
    seconds = np.arange(len(wave)) / SAMPLE_RATE
    fade = np.clip(1 + (seconds - moment) / FADE_IN, 0, 1)
    return np.asarray(np.pad(wave, (late, 0))[: len(wave)] * fade, np.float32)


def _sweep_figures(instrument: Instrument, count: int) -> Iterator[Finding]:
    found: dict[float, list[Smoothness]] = defaultdict(list)
    notes = list(draws(instrument, count * len(SWEEP_SECONDS)))
    for number, note in enumerate(notes):
        seconds = SWEEP_SECONDS[number % len(SWEEP_SECONDS)]
        found[seconds].append(swept(instrument, note, seconds))
    for seconds, some in found.items():
        name = f"{len(some)} sweeps in {seconds:g} s"
        partials = np.concatenate([one.dips_db for one in some])
        dipping = 100 * float(np.mean(partials > smooth.DIP_GOAL)) if partials.size else 0.0
        yield Figure(GROUP, f"{name}: partials that dip over 6 dB", dipping, "%", at_most=0.0)
        for what, values, unit, goal in (
            ("sample step over the unswept", [one.step_db for one in some], "dB", smooth.STEP_GOAL),
            ("pitch off", [one.cents for one in some], "cents", smooth.CENTS_GOAL),
            ("level outside its ends", [one.level_db for one in some], "dB", smooth.LEVEL_GOAL),
        ):
            yield Figure(GROUP, f"{name}: {what}, worst", max(values), unit, at_most=goal)
            middle, high = np.percentile(values, (50, 95))
            yield Figure(GROUP, f"{name}: {what}, median", float(middle), unit)
            yield Figure(GROUP, f"{name}: {what}, 95th percentile", float(high), unit)


def _hold_figures(instrument: Instrument, count: int, seconds: float) -> Iterator[Finding]:
    found: list[Hold] = []
    for first, _, key, velocity in draws(instrument, count):
        wave = held_note(instrument, key, velocity, only(first), seconds)
        found.append(hold(wave, key, SAMPLE_RATE))
    name = f"{count} notes held for {seconds:g} s"
    clicks = sum(one.click_db > CLICK_GOAL for one in found)
    uneven = sum(not one.is_even for one in found)
    loops = sum(one.loop > LOOP_GOAL for one in found)
    drift = max(one.drift for one in found)
    yield Figure(GROUP, f"{name}: that click", clicks, "notes", at_most=0)
    yield Figure(
        GROUP, f"{name}: that neither stay level nor only fall", uneven, "notes", at_most=0
    )
    yield Figure(GROUP, f"{name}: that repeat themselves", loops, "notes", at_most=0)
    yield Figure(GROUP, f"{name}: drift, worst", drift, "cents", at_most=DRIFT_GOAL)

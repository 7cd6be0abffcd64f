"""Held chords while a knob is turned: what is sent, and when the notes followed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import ceil
from typing import NamedTuple

import numpy as np

from gansynth_live.config import Config, control_map
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.programs import ProgramMap
from gansynth_live.midi.messages import CONTROL_CHANGE, NOTE_ON
from gansynth_live.parameters.controllers import controller_of
from gansynth_live.render.voices.tracker import VoiceSwitch

SAMPLE_RATE = 48_000
CHORDS = ((60,), (48, 55, 64, 72), (36, 43, 48, 55, 60, 64, 67, 76))
SETTLED = 1.0  # seconds from the chord to the first step
STEPS = {"turn": 32, "jump": 16}  # single steps: as a hand turns, and anywhere
SPACING, JITTER = 0.4, 0.05  # seconds from one to the next
FARTHEST_TURN = 6  # values
FIRST_TURN = 10  # from where it is turned: not where a sweep has left it
SWEEP, VALUES_A_SECOND = 3.0, 85  # seconds there and back; about every value once each way
REST = 0.5
HIGHEST = 127
KNOB = controller_of("morph.position")

Message = tuple[int, tuple[int, int, int]]  # frame after the start, status and data


class Step(NamedTuple):
    """A single control change; frames after the start."""

    frame: int
    end: int  # of its time: the next step
    value: int


class Passage(NamedTuple):
    """One chord and what the knob does to it; frames after the start."""

    on: int
    keys: tuple[int, ...]
    steps: dict[str, list[Step]]  # by their kind
    sweep: tuple[int, int]

    @property
    def messages(self) -> Iterator[Message]:
        """What to send, in order."""
        for key in self.keys:
            yield self.on, (NOTE_ON, key, 100)
        for frame, _, value in chain(*self.steps.values()):
            yield frame, (CONTROL_CHANGE, KNOB, value)
        start, stop = self.sweep
        for frame in range(start, stop, SAMPLE_RATE // VALUES_A_SECOND):
            share = (frame - start) / (stop - start)
            value = round(HIGHEST * (1.0 - abs(2.0 * share - 1.0)))
            yield frame, (CONTROL_CHANGE, KNOB, value)
        yield stop + _frames(REST), (CONTROL_CHANGE, 120, 0)


class Delays(NamedTuple):
    """How a chord followed single steps.

    Attributes:
        first, last: seconds from each step until its first and its last note had followed, or until
            the next step.
        overtaken: steps that some note did not follow before the next.
    """

    first: list[float]
    last: list[float]
    overtaken: int


class Followed(NamedTuple):
    """How one chord followed.

    Attributes:
        steps: by their kind.
        updates: of each note in the sweep, a second.
    """

    steps: dict[str, Delays]
    updates: list[float]


def passages(quick: bool) -> list[Passage]:
    """The whole performance."""
    random, at, performance = np.random.default_rng(1), 0, []
    for keys in CHORDS:
        end, steps = at + _frames(SETTLED), {}
        for kind, number in STEPS.items():
            values = _values(kind, 4 if quick else number, random)
            begin, end = end, end + _frames(len(values) * SPACING)
            waits = SPACING * np.arange(len(values)) + JITTER * random.random(len(values))
            frames = [begin + _frames(wait) for wait in waits]
            ends = [*frames[1:], end]
            steps[kind] = [Step(*step) for step in zip(frames, ends, values, strict=True)]
        sweep = end, end + _frames(SWEEP / 3 if quick else SWEEP)
        performance.append(Passage(at, keys, steps, sweep))
        at = sweep[1] + _frames(2 * REST)
    return performance


def _values(kind: str, number: int, random: np.random.Generator) -> list[int]:
    """Where the knob goes: each value differs from the one before."""
    if kind == "jump":
        return [int(value) for value in random.permutation(HIGHEST + 1)[:number]]
    values, value, way = [], FIRST_TURN, 1
    for stride in map(int, random.integers(1, FARTHEST_TURN + 1, number)):
        way = way if 0 <= value + way * stride <= HIGHEST else -way
        value += way * stride
        values.append(value)
    return values


def follow(
    passages: Iterable[Passage], arrivals: Iterable[VoiceSwitch], rate: int
) -> Iterator[Followed]:
    """How each chord of a performance followed, of which all `arrivals` are told, at `rate` Hz."""
    changes: dict[int, list[VoiceSwitch]] = defaultdict(list)
    for arrival in arrivals:
        changes[arrival.serial].append(arrival)
    serial = 0  # notes are numbered from 1
    for passage in passages:
        notes = []
        for _ in passage.keys:
            serial += 1
            notes.append(_Note(passage.on, changes[serial], rate))
        yield Followed(
            {kind: _delays(notes, steps) for kind, steps in passage.steps.items()},
            [note.updates(*passage.sweep) for note in notes],
        )


class _Note:
    """When one note changed, and to what."""

    def __init__(self, on: int, arrivals: Sequence[VoiceSwitch], rate: int) -> None:
        self.frames = [on + first_heard(arrival, rate) for arrival in arrivals]
        self.timbres = [arrival.timbre for arrival in arrivals]

    def delay(self, step: Step) -> float:
        """Seconds until it had followed a step; at most until the next."""
        place = bisect_right(self.frames, step.frame)
        for frame, timbre in zip(self.frames[place:], self.timbres[place:], strict=True):
            if timbre == blend_of(step.value):
                return _seconds(min(frame, step.end) - step.frame)
        return _seconds(step.end - step.frame)

    def updates(self, start: int, stop: int) -> float:
        """Changes a second."""
        changed = bisect_right(self.frames, stop) - bisect_right(self.frames, start)
        return changed / _seconds(stop - start)


def _delays(notes: Sequence[_Note], steps: Sequence[Step]) -> Delays:
    delays = [[note.delay(step) for note in notes] for step in steps]
    last = [max(delay) for delay in delays]
    overtaken = sum(
        delay >= _seconds(step.end - step.frame) for delay, step in zip(last, steps, strict=True)
    )
    return Delays([min(delay) for delay in delays], last, overtaken)


def first_heard(arrival: VoiceSwitch, rate: int) -> int:
    """The first changed frame, counted from the note-on, of a note at its own pitch.

    Args:
        rate: that the arrival's samples are counted at, Hz.
    """
    return max(ceil(arrival.start * SAMPLE_RATE / rate), 0)


def blend_of(value: int) -> Blend:
    """What the knob's value stands for."""
    config = Config()
    names = config.morph.instruments
    controls = MorphControls(
        MorphPath(names), ProgramMap(names), config.morph, config.motion, control_map(config)
    )
    controls.feed(0.0, CONTROL_CHANGE, KNOB, value)
    return controls.blend_at(0.0)


def _frames(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _seconds(frames: int) -> float:
    return frames / SAMPLE_RATE

"""Random playing with a seed: hands that follow a scale, and knobs that are moved meanwhile."""

from collections.abc import Iterator
from math import ceil

import numpy as np

from gansynth_live.midi.messages import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, PROGRAM_CHANGE, Event

MAJOR = (0, 2, 4, 5, 7, 9, 11)
SCALE = [12 * octave + step for octave in range(3, 7) for step in MAJOR]  # C2 up
STEPS = (-3, -2, -1, -1, 0, 1, 1, 2, 3)  # of the scale, from one note to the next
LENGTHS = (0.12, 0.2, 0.25, 0.4)  # seconds
LEAPS, CHORDS, STRANGERS = 0.08, 0.2, 0.06  # shares of the notes
POSITION_CC = 1
TICK = 0.01  # seconds between two messages of a knob
LONGEST_REST = 0.3  # seconds between two movements
PROGRAMS = (14, 36, 53)
PROGRAM_SECONDS = 3.0


def melody(seed: int, seconds: float) -> Iterator[Event]:
    """Notes and chords: small steps, repeated notes, some leaps, some notes out of the scale."""
    random = np.random.default_rng(seed)
    place, time = len(SCALE) // 2, 0.0
    while time < seconds:
        place = int(np.clip(place + random.choice(STEPS), 4, len(SCALE) - 1))
        if random.random() < LEAPS:
            place = int(random.integers(4, len(SCALE)))
        places = (place, place - 2, place - 4) if random.random() < CHORDS else (place,)
        length, off = float(random.choice(LENGTHS)), int(random.random() < STRANGERS)
        for key in {SCALE[tone] + off for tone in places}:
            yield Event(time, NOTE_ON, key, 90)
            yield Event(time + 0.8 * length, NOTE_OFF, key, 0)
        time += length


def sweeps(seed: int, seconds: float, whole: float) -> Iterator[Event]:
    """The position knob goes here and there at an even speed: its whole way in `whole` seconds."""
    random = np.random.default_rng(seed)
    time, value = 0.0, 0
    while time < seconds:
        goal = int(random.choice([0, 127, *random.integers(0, 128, 3)]))
        ticks = max(round(abs(goal - value) / 127 * whole / TICK), 1)
        way = np.linspace(value, goal, ticks + 1).round().astype(int).tolist()
        for tick in range(1, ticks + 1):
            if way[tick] != way[tick - 1]:
                yield Event(time + tick * TICK, CONTROL_CHANGE, POSITION_CC, way[tick])
        time += ticks * TICK + float(random.uniform(0.0, LONGEST_REST))
        value = goal


def programs(seconds: float) -> Iterator[Event]:
    """From one program to the next, round and round."""
    for turn in range(ceil(seconds / PROGRAM_SECONDS)):
        yield Event(turn * PROGRAM_SECONDS, PROGRAM_CHANGE, PROGRAMS[turn % len(PROGRAMS)], 0)

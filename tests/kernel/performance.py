"""Random performances: keys, controllers and swaps, drawn by hypothesis and played on a machine."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.layout import PART_NUMBERS, SETTINGS
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from tests.kernel.reference import Sound
from tests.kernel.reference_voice import Swap
from tests.kernel.small import (
    KEY_PRESSURE,
    PRESSURE,
    bend,
    kept,
    lift,
    load,
    play,
    press,
    small_machine,
    turn,
)

FRAMES = 6000
BEND, CHANNEL_PRESSURE, KEYS_PRESSURE = 128, 129, 130  # beside control changes
CONTROLS = (7, 10, 11, 64, 76, 77, 78, BEND, CHANNEL_PRESSURE, KEYS_PRESSURE)
LENGTHS = (4800, 3000, 6000)
RENDERS = [
    kept(np.random.default_rng(7 + slot).uniform(-0.4, 0.4, length).astype(np.float32))
    for slot, length in enumerate(LENGTHS)
]
VIBRATOS = (Vibrato(5.5, 11.0, 0.02), NO_VIBRATO, Vibrato(9.0, 40.0, 0.2))  # of the renders

frame_numbers = st.integers(1, FRAMES - 1)
block_sizes = st.one_of(st.integers(1, 300), st.sampled_from([64, 65, 512, 4096, 8193]))


@dataclass(frozen=True)
class Key:
    """One key pressed and let go."""

    key: int
    velocity: int
    start: int
    length: int


@dataclass(frozen=True)
class Move:
    """A controller moves to `value`. BEND is in units of 64; KEYS_PRESSURE is on every key."""

    frame: int
    number: int
    value: int


@dataclass(frozen=True)
class Wish:
    """At a frame: note number `serial` shall go on in `slot`, `ahead` samples from where it is."""

    frame: int
    serial: int
    ahead: int
    slot: int
    start: int
    stale: bool


wishes = st.lists(
    st.builds(
        Wish,
        frame_numbers,
        st.integers(1, 5),
        st.integers(-400, 1500),
        st.integers(0, 2),
        st.integers(0, 2900),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=10,
).map(lambda found: sorted(found, key=lambda wish: wish.frame))
keys = st.lists(
    st.builds(
        Key, st.integers(30, 90), st.integers(1, 127), st.integers(0, 4000), st.integers(1, 4000)
    ),
    max_size=5,
    unique_by=lambda key: key.key,
)
moves = st.lists(
    st.builds(Move, frame_numbers, st.sampled_from(CONTROLS), st.integers(0, 127)),
    max_size=12,
).map(lambda found: sorted(found, key=lambda move: move.frame))
sounds = st.builds(
    Sound,
    attack=st.floats(0.0, 2000.0),
    decay=st.floats(0.0, 4000.0),
    sustain=st.sampled_from([0.0, 0.3, 1.0]),
    release=st.floats(0.0, 8000.0),
    fade=st.integers(1, 600),
    gain=st.sampled_from([0.1, 1.0, 8.0]),
    brightness=st.floats(-1.0, 1.0),
    velocity_brightness=st.sampled_from([0.0, 0.3, 1.0]),
    pressure_brightness=st.sampled_from([0.0, 0.5, 1.0]),
    vibrato=st.sampled_from([0.0, 1.0]),
    half_pedal=st.booleans(),
    air=st.sampled_from([0.0, 1.0]),
)


def machine_of(sound: Sound) -> Machine:
    machine = small_machine(3, max(LENGTHS), half_pedal=sound.half_pedal)
    for name in {*SETTINGS, *PART_NUMBERS} & set(vars(sound)):
        machine.set(name, getattr(sound, name))
    machine.set("master_gain", sound.gain)
    for slot in (2, 1, 0):  # keys start from the one that is loaded last
        load(machine, RENDERS[slot], slot, gain=0.9, vibrato=VIBRATOS[slot])
    return machine


def perform(machine: Machine, played: list[Key], moved: list[Move]) -> None:
    """Send everything in the order of its frames, moves first."""
    for at in sorted({0, *(m.frame for m in moved), *times(played)}):
        for move in moved:
            if move.frame == at:
                make(machine, move, played)
        for key in played:
            if key.start + key.length == at:
                lift(machine, key.key, at)
            if key.start == at:
                press(machine, key.key, key.velocity, at)


def make(machine: Machine, move: Move, played: list[Key]) -> None:
    """Send one move."""
    if move.number == BEND:
        bend(machine, (move.value - 64) * 64, move.frame)
    elif move.number == CHANNEL_PRESSURE:
        machine.send(move.frame, PRESSURE, move.value)
    elif move.number == KEYS_PRESSURE:
        for key in played:
            machine.send(move.frame, KEY_PRESSURE, key.key, move.value)
    else:
        turn(machine, move.number, move.value, move.frame)


def play_and_swap(
    machine: Machine, wanted: list[Wish], block: int
) -> tuple[NDArray[np.float32], dict[int, list[Swap]]]:
    """What is heard, and the swaps that were asked for, by the serial number of their note."""
    swaps: dict[int, list[Swap]] = {serial: [] for serial in range(1, 6)}
    parts, done = [], 0
    for wish in wanted:
        parts.append(play(machine, wish.frame - done, block))
        done = wish.frame
        for voice in machine.voices():
            if voice.serial == wish.serial:
                here = int(voice.position + voice.step * voice.elapsed) >> 32
                source = (int(voice.slot) + wish.stale) % 3
                swap = Swap(done, source, here + wish.ahead, wish.slot, wish.start)
                swaps[wish.serial].append(swap)
                call = (wish.serial, swap.source, swap.at, swap.slot, swap.start)
                assert machine.swap(int(voice.index), *call)
    parts.append(play(machine, FRAMES - done, block))
    return np.concatenate(parts, axis=1), swaps


def silenced(machine: Machine) -> bool:
    """Whether everything is let go of when everything is silenced."""
    machine.send(NOW, 0xFF)
    play(machine, 3000)  # keys may still be let go until then
    return not machine.memory.users.any()


def times(played: list[Key]) -> list[int]:
    return [at for key in played for at in (key.start, key.start + key.length)]

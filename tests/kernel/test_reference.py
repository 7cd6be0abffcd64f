"""Random performances: the compiled path equals the plain reference, however time is cut."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from tests.kernel import reference
from tests.kernel.reference import Channel, Note, Sound
from tests.kernel.small import ROOT, bend, lift, load, play, press, small_machine, turn

FRAMES = 6000
RENDER = np.random.default_rng(7).uniform(-0.4, 0.4, 4800).astype(np.float32)
FULL_PEDAL = 0.75

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
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
    """A controller moves to `value`; number 128 is the bend, in units of 64."""

    frame: int
    number: int
    value: int


keys = st.lists(
    st.builds(
        Key, st.integers(30, 90), st.integers(1, 127), st.integers(0, 4000), st.integers(1, 4000)
    ),
    max_size=5,
    unique_by=lambda key: key.key,
)
moves = st.lists(
    st.builds(Move, frame_numbers, st.sampled_from([7, 10, 11, 64, 128]), st.integers(0, 127)),
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
)


def machine_of(sound: Sound) -> Machine:
    machine = small_machine(1, len(RENDER))
    names = ("attack", "decay", "sustain", "release", "fade", "ceiling", "brightness")
    for name in names:
        machine.set(name, getattr(sound, name))
    machine.set("master_gain", sound.gain)
    load(machine, RENDER, gain=0.9)
    return machine


def perform(machine: Machine, played: list[Key], moved: list[Move]) -> None:
    """Send everything in the order of its frames, moves first."""
    for at in sorted({0, *(m.frame for m in moved), *times(played)}):
        for move in moved:
            if move.frame == at and move.number == 128:
                bend(machine, (move.value - 64) * 64, at)
            elif move.frame == at:
                turn(machine, move.number, move.value, at)
        for key in played:
            if key.start + key.length == at:
                lift(machine, key.key, at)
            if key.start == at:
                press(machine, key.key, key.velocity, at)


def times(played: list[Key]) -> list[int]:
    return [at for key in played for at in (key.start, key.start + key.length)]


def channel_at(moved: list[Move], frame: int) -> Channel:
    """The channel after every move up to and including `frame`."""
    values = {7: 100, 10: 64, 11: 127, 64: 0, 128: 64}
    values.update({move.number: move.value for move in moved if move.frame <= frame})
    offset = (values[128] - 64) * 64
    semitones = 2.0 * offset / (8191.0 if offset > 0 else 8192.0)
    return reference.channel(values[7], values[10], values[11], semitones, values[64] / 127.0)


def let_go(key: Key, moved: list[Move]) -> int:
    """Frame of the release: where neither key nor pedal keeps the note."""
    stop = key.start + key.length
    for at in (stop, *(move.frame for move in moved if move.frame > stop)):
        if channel_at(moved, at).pedal < FULL_PEDAL:
            return at
    return FRAMES + 1


def expected(sound: Sound, played: list[Key], moved: list[Move]) -> NDArray[np.float64]:
    mixed = np.zeros((2, FRAMES))
    render = RENDER.astype(np.float64)
    for key in played:
        speed = 2.0 ** ((key.key - ROOT) / 12.0)
        note = Note(key.start, let_go(key, moved), speed, key.velocity / 127.0 * 0.9)
        mixed += reference.note_alone(
            note, sound, render, lambda frame: channel_at(moved, frame), FRAMES
        )
    return reference.finish(mixed, sound)


@few
@given(sound=sounds, played=keys, moved=moves, block=block_sizes)
def test_random_performances(
    sound: Sound, played: list[Key], moved: list[Move], block: int
) -> None:
    machine = machine_of(sound)
    perform(machine, played, moved)
    heard = play(machine, FRAMES, block)
    assert machine.snapshot().late == 0
    np.testing.assert_allclose(heard, expected(sound, played, moved), atol=4e-6, rtol=0)


def test_one_plain_note() -> None:
    """No randomness: a note at its own pitch, as sharp as float32 allows."""
    sound, key = Sound(), Key(ROOT, 127, 100, 2500)
    machine = machine_of(sound)
    perform(machine, [key], [])
    heard = play(machine, FRAMES)
    assert np.abs(heard).max() > 0.1
    np.testing.assert_allclose(heard, expected(sound, [key], []), atol=2e-7, rtol=0)


PIECE = [Key(60, 90, 3, 3000), Key(67, 127, 500, 40), Key(52, 60, 501, 5000), Key(79, 80, 2000, 9)]
MOVES = [Move(700, 128, 127), Move(900, 7, 20), Move(1200, 64, 127), Move(3600, 64, 60)]


@pytest.fixture(scope="module")
def one_block() -> NDArray[np.float32]:
    machine = machine_of(Sound(gain=3.0, brightness=0.5))
    perform(machine, PIECE, MOVES)
    return play(machine, FRAMES, FRAMES)


@pytest.mark.parametrize("block", [1, 2, 63, 64, 65, 127, 128, 1024, 5999])
def test_block_size_changes_no_bit(one_block: NDArray[np.float32], block: int) -> None:
    machine = machine_of(Sound(gain=3.0, brightness=0.5))
    perform(machine, PIECE, MOVES)
    assert np.array_equal(play(machine, FRAMES, block), one_block)


def test_a_block_larger_than_any_driver_asks() -> None:
    blocks = []
    for size in (8193, 256):
        machine = machine_of(Sound())
        perform(machine, PIECE, MOVES)
        blocks.append(play(machine, 2 * 8193, size))
    assert np.array_equal(blocks[0], blocks[1])


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 900), min_size=1, max_size=30))
def test_uneven_blocks_change_no_bit(one_block: NDArray[np.float32], cuts: list[int]) -> None:
    machine = machine_of(Sound(gain=3.0, brightness=0.5))
    perform(machine, PIECE, MOVES)
    parts: list[NDArray[np.float32]] = []
    done = 0
    while done < FRAMES:
        size = min(cuts[len(parts) % len(cuts)], FRAMES - done)
        parts.append(play(machine, size, size))
        done += size
    assert np.array_equal(np.concatenate(parts, axis=1), one_block)

"""Random performances: the compiled path equals the plain reference, however time is cut."""

from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from tests.kernel import reference
from tests.kernel.performance import (
    BEND,
    CHANNEL_PRESSURE,
    FRAMES,
    KEYS_PRESSURE,
    RENDERS,
    VIBRATOS,
    Key,
    Move,
    Wish,
    block_sizes,
    keys,
    machine_of,
    moves,
    perform,
    play_and_swap,
    silenced,
    sounds,
    wishes,
)
from tests.kernel.reference import Channel, Note, Sound, Swing
from tests.kernel.reference_voice import Swap, note_alone
from tests.kernel.small import ROOT, play

FULL_PEDAL = 0.75
SHORTEST = 480  # frames

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def channel_at(sound: Sound, moved: list[Move], key: Key, frame: int) -> Channel:
    """The channel, as a key feels it, after every move up to and including `frame`."""
    values = {7: 100, 10: 64, 11: 127, 64: 0, 76: 64, 77: 64, 78: 64}
    values |= {BEND: 64, CHANNEL_PRESSURE: 0, KEYS_PRESSURE: 0}
    for move in moved:
        # What comes before a key goes down is not a pressure on it.
        if move.frame <= frame and (move.number != KEYS_PRESSURE or move.frame > key.start):
            values[move.number] = move.value
    offset = (values[BEND] - 64) * 64
    semitones = 2.0 * offset / (8191.0 if offset > 0 else 8192.0)
    pressure = max(values[CHANNEL_PRESSURE], values[KEYS_PRESSURE]) / 127.0
    mix = values[7], values[10], values[11]
    swing = values[76], values[77], values[78]
    sustain = values[64] / 127.0 if sound.half_pedal else float(values[64] >= 64)
    return reference.channel(*mix, semitones, sustain, pressure, swing)


def let_go(sound: Sound, key: Key, moved: list[Move]) -> int:
    """Frame of the release: where neither key nor pedal keeps the note, and it is long enough."""
    stop = key.start + key.length
    for at in (stop, *(move.frame for move in moved if move.frame > stop)):
        if channel_at(sound, moved, key, at).pedal < FULL_PEDAL:
            return max(at, key.start + SHORTEST)
    return FRAMES + 1


def expected(
    sound: Sound, played: list[Key], moved: list[Move], swaps: dict[int, list[Swap]]
) -> NDArray[np.float64]:
    mixed = np.zeros((2, FRAMES))
    renders = [render.astype(np.float64) for render in RENDERS]
    in_order = sorted(played, key=lambda key: key.start)
    for serial, key in enumerate(in_order, start=1):
        speed = 2.0 ** ((key.key - ROOT) / 12.0)
        gain = key.velocity / 127.0 * 0.9
        note = Note(key.key, key.start, let_go(sound, key, moved), speed, gain, key.velocity)
        mixed += note_alone(
            note,
            sound,
            renders,
            [Swing(*vibrato) for vibrato in VIBRATOS],
            swaps.get(serial, []),
            partial(channel_at, sound, moved, key),
            FRAMES,
        )
    return reference.finish(mixed, sound)


@few
@given(sound=sounds, played=keys, moved=moves, wanted=wishes, block=block_sizes)
def test_random_performances(
    sound: Sound, played: list[Key], moved: list[Move], wanted: list[Wish], block: int
) -> None:
    machine = machine_of(sound)
    perform(machine, played, moved)
    heard, swaps = play_and_swap(machine, wanted, block)
    assert machine.snapshot().late == 0
    np.testing.assert_allclose(heard, expected(sound, played, moved, swaps), atol=4e-6, rtol=0)
    assert silenced(machine)


def test_one_plain_note() -> None:
    """No randomness: a note at its own pitch, as sharp as float32 allows."""
    sound, key = Sound(), Key(ROOT, 127, 100, 2500)
    machine = machine_of(sound)
    perform(machine, [key], [])
    heard = play(machine, FRAMES)
    assert np.abs(heard).max() > 0.1
    np.testing.assert_allclose(heard, expected(sound, [key], [], {}), atol=2e-7, rtol=0)


def test_a_pedal_does_not_keep_a_short_note_that_was_let_go_before() -> None:
    sound, key, pedal = Sound(release=0.0), Key(60, 100, 0, 1), Move(2, 64, 96)
    machine = machine_of(sound)
    perform(machine, [key], [pedal])
    heard = play(machine, FRAMES)
    np.testing.assert_allclose(heard, expected(sound, [key], [pedal], {}), atol=4e-6, rtol=0)


def test_a_note_that_is_let_go_too_soon_and_runs_out_of_samples_meanwhile() -> None:
    sound, key = Sound(sustain=0.3, decay=0.0, fade=600, vibrato=1.0), Key(88, 127, 0, 300)
    machine = machine_of(sound)
    perform(machine, [key], [])
    heard = play(machine, FRAMES)
    np.testing.assert_allclose(heard, expected(sound, [key], [], {}), atol=4e-6, rtol=0)


PIECE = [Key(60, 90, 3, 3000), Key(67, 127, 500, 40), Key(52, 60, 501, 5000), Key(79, 80, 2000, 9)]
MOVES = [
    *(Move(700, 128, 127), Move(900, 7, 20), Move(1200, 64, 127), Move(3600, 64, 60)),
    *(Move(50 + 37 * step, 74, step * 29 % 128) for step in range(100)),
    *(Move(1000 + 401 * step, (10, 11)[step % 2], step * 53 % 128) for step in range(12)),
]
GAINS = {410: 2.0, 2222: 0.3, 4097: 3.0}  # master gain, from these frames on


def begin(machine: Machine) -> None:
    """The piece with everything that can move while it sounds."""
    perform(machine, PIECE, sorted(MOVES, key=lambda move: move.frame))
    for frame, gain in GAINS.items():
        machine.set("master_gain", gain, frame)
    machine.set("ceiling", 0.5, 5000)


BRIGHT = Sound(gain=3.0, brightness=0.5, vibrato=1.0)


@pytest.fixture(scope="module")
def one_block() -> NDArray[np.float32]:
    machine = machine_of(BRIGHT)
    begin(machine)
    return play(machine, FRAMES, FRAMES)


@pytest.mark.parametrize("block", [1, 2, 63, 64, 65, 127, 128, 1024, 5999, 8192, 8193])
def test_block_size_changes_no_bit(one_block: NDArray[np.float32], block: int) -> None:
    machine = machine_of(BRIGHT)
    begin(machine)
    assert np.array_equal(play(machine, FRAMES, block), one_block)


def test_a_block_larger_than_any_driver_asks() -> None:
    blocks = []
    for size in (8193, 256):
        machine = machine_of(Sound())
        begin(machine)
        blocks.append(play(machine, 2 * 8193, size))
    assert np.array_equal(blocks[0], blocks[1])


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 900), min_size=1, max_size=30))
def test_uneven_blocks_change_no_bit(one_block: NDArray[np.float32], cuts: list[int]) -> None:
    machine = machine_of(BRIGHT)
    begin(machine)
    parts: list[NDArray[np.float32]] = []
    done = 0
    while done < FRAMES:
        size = min(cuts[len(parts) % len(cuts)], FRAMES - done)
        parts.append(play(machine, size, size))
        done += size
    assert np.array_equal(np.concatenate(parts, axis=1), one_block)

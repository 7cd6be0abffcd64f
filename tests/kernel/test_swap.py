"""Swaps: a sounding voice goes on in another slot, and nothing is heard of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.layout import ATTACK, DECAY, DRAIN, FADE, RELEASE, STARVED
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.packed import PACK
from tests.kernel.small import (
    RATE,
    ROOT,
    bend,
    constant,
    kept,
    lift,
    load,
    play,
    press,
    sine,
    small_machine,
    stages,
    turn,
    used_voices,
)

FRAMES = 94 * PACK
LEVEL = 0.25 * (100 / 127) ** 2
SHIFT = 6 * PACK  # samples that the second slot is ahead of the first
WAVE = kept(sine(441.7, FRAMES + SHIFT))


def put(machine: Machine, slot: int, samples: NDArray[np.float32]) -> None:
    """A whole render into a slot that no key starts from."""
    machine.slots.begin(slot)
    machine.slots.fill(slot, samples)
    machine.slots.finish(slot)


def sounding(frames: int = FRAMES, **set_up: float) -> Machine:
    """A sine on every key, and its continuation, `SHIFT` samples ahead, in slot 1."""
    machine = small_machine(3, FRAMES, RATE, **set_up)
    load(machine, WAVE[:frames])
    put(machine, 1, WAVE[SHIFT:])
    return machine


def swap(
    machine: Machine, at: int, source: int = 0, slot: int = 1, start: int | None = None
) -> None:
    """A swap for the oldest voice that sounds; where the waves agree, unless told otherwise."""
    voice = machine.voices()[0]
    start = at - SHIFT if start is None else start
    assert machine.swap(int(voice.index), int(voice.serial), source, at, slot, start)


def position(machine: Machine) -> int:
    """Sample that the oldest voice has reached."""
    voice = machine.voices()[0]
    return int(voice.position + voice.step * voice.elapsed) >> 32


def counts(machine: Machine) -> tuple[int, int]:
    """Swaps that happened, swaps that were refused."""
    snapshot = machine.snapshot()
    return snapshot.swapped, snapshot.refused


@settings(max_examples=40, deadline=None)
@given(
    key=st.integers(50, 70),
    ahead=st.integers(1, 1000),
    sent=st.integers(1, 500),
    wheel=st.integers(-8192, 8191),
    velocity=st.sampled_from([30, 100, 127]),
    block=st.integers(16, 700),
)
def test_nothing_is_heard_of_a_swap(
    key: int, ahead: int, sent: int, wheel: int, velocity: int, block: int
) -> None:
    """Once level and bend stand still, the same to the bit as if there had been none."""
    heard = []
    for swapped in (False, True):
        machine = sounding(attack=0.001, velocity_brightness=1.0)
        press(machine, key, velocity)
        bend(machine, wheel)
        parts = [play(machine, 2000 + sent, block)]
        if swapped:
            swap(machine, position(machine) + ahead)
        parts.append(play(machine, 2400, block))
        assert counts(machine) == (int(swapped), 0)
        heard.append(np.concatenate(parts, axis=1))
    assert np.array_equal(heard[0], heard[1])


@settings(max_examples=25, deadline=None)
@given(
    at=st.integers(SHIFT + 1, 5000),
    key=st.integers(50, 70),
    attack=st.sampled_from([0.0, 0.02, 0.3]),
    let_go=st.integers(1, 6000),
)
def test_no_step_is_larger_than_without(at: int, key: int, attack: float, let_go: int) -> None:
    """In every stage of a note, attack and release among them."""
    steps = []
    for swapped in (False, True):
        machine = sounding(attack=attack, decay=0.1, sustain=0.5)
        press(machine, key)
        lift(machine, key, frame=let_go)
        play(machine, 1, 1)
        if swapped:
            swap(machine, at)
        steps.append(float(np.abs(np.diff(play(machine, 7000)[0])).max()))
    assert steps[1] <= 1.01 * steps[0]


@pytest.mark.parametrize(("late", "taken"), [(0, True), (1, False), (300, False)])
def test_a_late_swap_is_refused(late: int, taken: bool) -> None:
    """The wave is the same, taken or not."""
    machine, other = sounding(), sounding()
    for each in (machine, other):
        press(each, ROOT)
        play(each, 2000)
    swap(machine, 2000 - late)
    assert np.array_equal(play(machine, 3000), play(other, 3000))
    assert counts(machine) == (int(taken), int(not taken))
    assert machine.memory.users.tolist() == ([0, 1, 0] if taken else [1, 0, 0])


def test_what_became_of_a_swap_is_told_when_it_is_decided() -> None:
    machine = sounding()
    press(machine, ROOT)
    play(machine, 2000)
    serial = int(machine.voices()[0].serial)

    def told() -> tuple[bool, bool]:
        return machine.has_joined(serial, 1), machine.has_refused(serial, 1)

    swap(machine, 1000)
    assert told() == (False, False)
    play(machine, 1)
    assert told() == (False, True)
    swap(machine, 3000)
    assert told() == (False, False)
    play(machine, 500)
    assert told() == (False, False)
    play(machine, 1000)
    assert told() == (True, False)


def test_only_the_note_it_was_made_for() -> None:
    machine = sounding(release=0.01)
    press(machine, ROOT)
    play(machine, 500)
    voice = machine.voices()[0]
    assert (voice.index, voice.serial, voice.slot) == (0, 1, 0)
    machine.swap(0, 2, 0, 3000, 1, 2300)
    machine.swap(0, 1, 2, 3000, 1, 2300)
    machine.swap(1, 1, 0, 3000, 1, 2300)
    play(machine, 64)
    assert counts(machine) == (0, 3)
    lift(machine, ROOT)
    play(machine, 2000)
    machine.swap(0, 1, 0, 3000, 1, 2300)
    play(machine, 64)
    assert counts(machine) == (0, 4)
    press(machine, ROOT)
    play(machine, 64)
    assert machine.voices()[0].serial == 2
    machine.swap(0, 1, 0, 3000, 1, 2300)
    play(machine, 64)
    assert counts(machine) == (0, 5)
    assert machine.memory.users.tolist() == [1, 0, 0]


def test_a_pending_swap_keeps_its_slot_and_can_be_replaced() -> None:
    machine = sounding()
    put(machine, 2, constant(FRAMES))
    press(machine, ROOT)
    play(machine, 500)
    assert machine.is_idle(1)
    swap(machine, 5000)
    assert not machine.is_idle(1), "a command names it"
    play(machine, 500)
    assert not machine.is_idle(1), "a voice waits for it"
    swap(machine, 5000, slot=2)
    play(machine, 500)
    assert machine.is_idle(1)
    assert not machine.is_idle(2)
    heard = play(machine, 4000)[0]
    assert counts(machine) == (1, 0)
    assert heard[-1] == pytest.approx(LEVEL, rel=1e-4), "slot 2 sounds"
    turn(machine, 120, 0)
    play(machine, 1000)
    assert machine.is_idle(2)


def test_a_note_that_ends_lets_go_of_its_pending_swap() -> None:
    machine = sounding(release=0.01)
    press(machine, ROOT)
    play(machine, 500)
    swap(machine, 9000)
    lift(machine, ROOT)
    play(machine, 2000)
    assert used_voices(machine) == 0
    assert machine.is_idle(1)


@pytest.mark.parametrize("control", [120, 123])
def test_a_note_that_fades_or_is_released_goes_on(control: int) -> None:
    machine = sounding(release=10.0, fade=0.05)
    press(machine, ROOT)
    play(machine, 500)
    turn(machine, control, 0)
    play(machine, 64)
    assert stages(machine, ROOT) == [FADE if control == 120 else RELEASE]
    swap(machine, 1500)
    play(machine, 1000)
    assert counts(machine) == (1, 0)
    assert stages(machine, ROOT) == [FADE if control == 120 else RELEASE]


@pytest.mark.parametrize("pending", [True, False])
def test_a_released_note_that_is_over_before_its_render_stays_in_it(pending: bool) -> None:
    asked, left_alone = (sounding(release=0.02, fade=0.001) for _ in range(2))
    for machine in (asked, left_alone):
        press(machine, ROOT)
        play(machine, 500)
        if pending and machine is asked:
            swap(machine, 900)
        lift(machine, ROOT, frame=550)
        play(machine, 100)
    if not pending:
        swap(asked, 900)
    serial = int(asked.voices()[0]["serial"])
    assert np.array_equal(play(asked, 4000), play(left_alone, 4000))
    assert counts(asked) == (0, 0)
    assert asked.has_refused(serial, 1)
    assert not asked.memory.users.any()


@pytest.mark.parametrize(("faint", "swaps"), [(0.009, 0), (0.02, 1)])
def test_only_a_faint_note_stays_when_a_pedal_makes_it_last(faint: float, swaps: int) -> None:
    machine = sounding(release=0.05, fade=0.001)
    press(machine, ROOT)
    play(machine, 500)
    lift(machine, ROOT)
    while machine.voices()[0].level >= faint:
        play(machine, 16)
    turn(machine, 64, 90)  # dampers that half touch: longer than the slot
    play(machine, 64)
    swap(machine, position(machine) + 200)
    play(machine, 400)
    assert counts(machine) == (swaps, 0)


def test_what_a_pending_swap_brings_counts_as_sound_ahead() -> None:
    """No fade before the join, though the first slot is nearly over there."""
    machine, other = sounding(24 * PACK), sounding()
    for each in (machine, other):
        press(each, ROOT)
        play(each, 100)
    swap(machine, 24 * PACK - 10)
    assert np.array_equal(play(machine, 8000), play(other, 8000))
    assert stages(machine, ROOT) == [DECAY]
    assert machine.snapshot().starved == 0


@pytest.mark.parametrize("when", [2700, 2900])
def test_a_note_that_fades_at_its_end_rises_again(when: int) -> None:
    """Its last samples were being faded when the continuation came."""
    machine = small_machine(3, FRAMES, attack=0.02)
    load(machine, constant(3000))
    put(machine, 1, constant(FRAMES))
    press(machine, ROOT)
    heard = [play(machine, when)]
    assert stages(machine, ROOT) == [DRAIN]
    swap(machine, 2980, start=500)
    heard.append(play(machine, 4000))
    assert stages(machine, ROOT) == [DECAY]
    joined = np.concatenate(heard, axis=1)[0]
    assert joined[-1] == pytest.approx(LEVEL, rel=1e-4)
    assert np.abs(np.diff(joined)).max() < 0.01 * LEVEL


def test_a_released_note_that_fades_at_its_end_does_not() -> None:
    machine = sounding(3000, release=10.0)
    press(machine, ROOT)
    lift(machine, ROOT, frame=100)
    play(machine, 2700)
    assert stages(machine, ROOT) == [DRAIN]
    swap(machine, 2980)
    play(machine, 1000)
    assert used_voices(machine) == 0
    assert not machine.memory.users.any()


def test_a_starved_note_is_brought_back() -> None:
    """Its render never got any further; the continuation begins where it stopped."""
    machine = small_machine(3, FRAMES, attack=0.02)
    machine.slots.begin(0)
    machine.slots.fill(0, constant(3000))
    machine.publish(0, ROOT, 0, 127)
    put(machine, 1, constant(FRAMES))
    press(machine, ROOT)
    play(machine, 5000)
    assert stages(machine, ROOT) == [STARVED]
    swap(machine, 2900, start=2900)
    play(machine, 500)
    assert stages(machine, ROOT) == [ATTACK]
    assert play(machine, 2000)[0, -1] == pytest.approx(LEVEL, rel=1e-4)
    assert machine.memory.users.tolist() == [0, 1, 0]


def test_swaps_again_and_again() -> None:
    """A note held for a minute on slots of a quarter of a second."""
    machine = small_machine(2, FRAMES)
    load(machine, constant(FRAMES))
    put(machine, 1, constant(FRAMES))
    press(machine, ROOT)
    heard = [play(machine, 500)[:, 400:]]
    for turn_number in range(300):
        source = turn_number % 2
        swap(machine, 9900, source=source, slot=1 - source, start=400)
        heard.append(play(machine, 9500, 512))
    assert counts(machine) == (300, 0)
    assert np.ptp(np.concatenate(heard, axis=1)) < 1e-6
    assert len(machine.voices()) == 1


def test_a_swap_on_its_frame_is_the_same_in_any_block() -> None:
    heard = []
    for block in (1, 64, 97, 5000):
        machine = sounding(attack=0.2)
        press(machine, ROOT + 3)
        play(machine, 1, 1)
        machine.swap(0, 1, 0, 1000, 1, 300, frame=777)  # waves that do not agree
        heard.append(play(machine, 5000, block))
        assert counts(machine) == (1, 0)
    assert all(np.array_equal(heard[0], other) for other in heard[1:])


def test_voices_that_sound() -> None:
    machine = sounding()
    machine.withdraw(40, 40)
    press(machine, 40)
    press(machine, ROOT, frame=10)
    press(machine, ROOT + 1, frame=20)
    play(machine, 64)
    voices = machine.voices()
    assert voices["serial"].tolist() == [2, 3]
    assert voices["key"].tolist() == [ROOT, ROOT + 1]
    assert voices["index"].tolist() == [1, 2]
    assert voices["correction"].tolist() == [1.0, 1.0]
    voices["slot"] = 99
    assert play(machine, RATE // 100).any(), "it was a copy"

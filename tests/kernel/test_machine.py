"""What Python does to the machine: publish, withdraw, fill, reuse."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gansynth_live.kernel.layout import PENDING, S_MASTER_GAIN, STARVED
from gansynth_live.kernel.machine import NOW
from gansynth_live.kernel.memory import Memory, address_table
from gansynth_live.kernel.settings import machine_numbers, part_numbers, velocity_gains
from gansynth_live.parameters.table import find
from tests.kernel.small import (
    ROOT,
    constant,
    lift,
    load,
    play,
    press,
    small_machine,
    stages,
    used_voices,
)


def test_a_waiting_note_starts_when_its_render_comes() -> None:
    machine = small_machine()
    press(machine, ROOT, frame=100)
    press(machine, 40, frame=100)
    assert not play(machine, 1000).any()
    assert stages(machine, ROOT) == [PENDING]
    assert machine.snapshot().missing == 2
    assert machine.snapshot().voices == 0
    machine.slots.begin(0)
    machine.slots.fill(0, constant(12000))
    machine.publish(0, ROOT, 50, 70, frame=1500)
    heard = play(machine, 1000)
    assert not heard[:, :501].any()
    assert heard[:, 502:].all()
    assert stages(machine, 40) == [PENDING]


def test_a_waiting_note_that_is_let_go_is_missed() -> None:
    machine = small_machine()
    press(machine, ROOT)
    lift(machine, ROOT)
    play(machine, 64)
    assert used_voices(machine) == 0
    assert machine.snapshot().missed == 1


def test_a_new_render_serves_new_notes_only() -> None:
    machine = small_machine(2, 48000)
    load(machine, constant(48000, 0.1), slot=0)
    press(machine, ROOT)
    play(machine, 1000)
    load(machine, constant(48000, 0.2), slot=1)
    old = play(machine, 1000)[0, -1]
    press(machine, ROOT)
    both = play(machine, 1000)[0, -1]
    assert both == pytest.approx(3.0 * old, rel=1e-3)


def test_withdrawn_keys_wait() -> None:
    machine = small_machine()
    load(machine, constant(12000))
    machine.withdraw(50, 60)
    press(machine, 55)
    press(machine, 61)
    play(machine, 64)
    assert stages(machine, 55) == [PENDING]
    assert stages(machine, 61) != [PENDING]


def test_a_slot_is_idle_only_when_nothing_needs_it() -> None:
    machine = small_machine(release=0.01)
    assert machine.is_idle(0)
    load(machine, constant(12000), slot=0)
    assert not machine.is_idle(0), "a command names it"
    press(machine, ROOT)
    play(machine, 64)
    assert not machine.is_idle(0), "keys list it, a voice plays it"
    load(machine, constant(12000), slot=1)
    play(machine, 64)
    assert not machine.is_idle(0), "a voice plays it"
    lift(machine, ROOT)
    play(machine, 2000)
    assert machine.is_idle(0)
    assert not machine.is_idle(1), "keys list it"
    machine.withdraw()
    assert not machine.is_idle(1), "keys still list it"
    play(machine, 1, 1)
    assert machine.is_idle(1)


def test_a_level_correction_and_other_pitches() -> None:
    machine = small_machine()
    render = np.arange(12000, dtype=np.float32) / 12000.0
    load(machine, render, gain=0.5)
    press(machine, ROOT + 12)
    heard = play(machine, 1001)[0]
    assert heard[1000] == pytest.approx(2000 / 12000 * 0.5 * (100 / 127) ** 2, rel=1e-3)


def test_samples_beyond_a_slot_are_left_out() -> None:
    machine = small_machine(2, 1000)
    machine.slots.fill(0, constant(900))
    machine.slots.fill(0, constant(200))
    machine.slots.finish(0)
    assert machine.memory.ready[0] == 1000
    assert np.count_nonzero(machine.memory.packed) == 1000
    assert not machine.slots.samples(1).any()


def test_counters_begin_at_nothing() -> None:
    snapshot = small_machine().snapshot()
    assert (snapshot.frame, snapshot.voices, snapshot.bad, snapshot.reduction) == (0, 0, 0, 1.0)


def test_settings_in_the_kernels_units() -> None:
    assert part_numbers({"voice.attack": 0.5}, 1000)["attack"] == 500.0
    numbers = machine_numbers({"output.gain_db": -20.0}, 1000, 1000)
    assert numbers["master_gain"] == pytest.approx(0.1)
    gains = velocity_gains({"voice.velocity_curve": 2.0})
    assert gains[0] == 0.0
    assert gains[127] == 1.0
    assert np.all(np.diff(gains) > 0.0)


def test_what_was_changed_stays_at_another_rate_and_through_a_reset() -> None:
    machine = small_machine(attack=0.1)
    machine.change(find("voice.attack"), 0.5)
    machine.change(find("output.gain_db"), -20.0)
    machine.send(NOW, 0xFF)
    play(machine, 64)
    for rate in (48_000, 96_000):
        machine.retune(rate)
        assert machine.memory.parts[0].attack == 0.5 * rate
        assert machine.memory.settings[S_MASTER_GAIN] == pytest.approx(0.1)


def test_the_address_table_names_every_array() -> None:
    memory = small_machine().memory
    table = address_table(memory)
    assert len(table) == 2 * len(Memory._fields)
    for number, array in enumerate(memory):
        assert array.flags.c_contiguous
        assert table[2 * number] == array.ctypes.data
        assert table[2 * number + 1] == array.size


class Slots(RuleBasedStateMachine):
    """Renders come and go wildly; the counts behind `is_idle` are always the truth."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = small_machine(4, 1500, rate=8000, release=0.02, polyphony=4)

    @rule(slot=st.integers(0, 3), low=st.integers(55, 65), width=st.integers(0, 8))
    def publish(self, slot: int, low: int, width: int) -> None:
        if self.machine.is_idle(slot):
            self.machine.slots.begin(slot)
            self.machine.slots.fill(slot, constant(700))
        self.machine.publish(slot, ROOT, low, low + width)

    @rule(slot=st.integers(0, 3), count=st.integers(0, 1500))
    def fill(self, slot: int, count: int) -> None:
        if not self.machine.memory.complete[slot]:
            start = int(self.machine.memory.ready[slot])
            self.machine.slots.fill(slot, constant(min(count, 1500 - start)))
            self.machine.slots.finish(slot)

    @rule(
        voice=st.integers(0, 5),
        serial_off=st.sampled_from([0, 0, 0, 1]),
        ahead=st.integers(-500, 700),
        slot=st.integers(0, 3),
        start=st.integers(0, 700),
    )
    def swap(self, voice: int, serial_off: int, ahead: int, slot: int, start: int) -> None:
        record = self.machine.memory.voices[voice]
        at = (int(record.position) >> 32) + ahead
        serial = int(record.serial) + serial_off
        self.machine.swap(voice, serial, int(record.slot), at, slot, start)

    @rule(low=st.integers(50, 70), width=st.integers(0, 20))
    def withdraw(self, low: int, width: int) -> None:
        self.machine.withdraw(low, low + width)

    @rule(key=st.integers(55, 65), velocity=st.integers(0, 127))
    def press(self, key: int, velocity: int) -> None:
        press(self.machine, key, velocity)

    @rule(control=st.sampled_from([64, 66, 120, 123]), value=st.sampled_from([0, 127]))
    def turn(self, control: int, value: int) -> None:
        self.machine.send(-1, 0xB0, control, value)

    @rule(frames=st.integers(1, 600))
    def play(self, frames: int) -> None:
        play(self.machine, frames, 128)

    @invariant()
    @precondition(lambda self: self.machine.memory.status[0].frame > 0)
    def counts_are_true(self) -> None:
        memory = self.machine.memory
        playing = memory.voices[memory.voices["stage"] >= STARVED]
        for slot in range(len(self.machine.slots)):
            plays, waits = playing["slot"] == slot, playing["next_slot"] == slot
            assert memory.users[slot] == np.count_nonzero(plays) + np.count_nonzero(waits)
            assert memory.listed[slot] == np.count_nonzero(memory.keys["slot"] == slot)

    def teardown(self) -> None:
        self.machine.withdraw()
        self.machine.send(-1, 0xFF, 0, 0)
        play(self.machine, 3000)
        assert used_voices(self.machine) == 0
        assert all(map(self.machine.is_idle, range(len(self.machine.slots))))


TestSlots = Slots.TestCase
TestSlots.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)

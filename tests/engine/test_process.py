"""When things happen: frames, order, lateness, silence of a sender; and what Python hears."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.engine.process import process_block
from gansynth_live.engine.restart import restart
from gansynth_live.kernel.layout import JACK_INPUT
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.units import cents_between
from tests.e2e.take import pitch_hz
from tests.e2e.tones import tone_machine
from tests.kernel.small import (
    RATE,
    ROOT,
    constant,
    lift,
    load,
    play,
    press,
    small_machine,
    turn,
    used_voices,
)

SENSING = 0xFE


def heard_by_python(machine: Machine) -> list[tuple[int, ...]]:
    """(frame, status, data1, data2) of each message that was performed."""
    return [event[:4] for event in machine.performed()]


@settings(max_examples=30, deadline=None)
@given(start=st.integers(0, 3000), block=st.integers(1, 1000))
def test_a_note_begins_on_its_frame(start: int, block: int) -> None:
    machine = small_machine(attack=0.0)
    load(machine, constant(12000))
    press(machine, ROOT, frame=start)
    heard = play(machine, 4000, block)
    assert np.flatnonzero(heard[0])[0] == start + 1  # the attack's ramp begins at 0
    assert machine.snapshot().late == 0


def test_the_same_sound_wherever_a_note_begins() -> None:
    """Delayed by any number of frames, a note is the same to the bit."""
    heard = []
    for start in (0, 1, 63, 500):
        machine = small_machine(sustain=0.4, decay=1.0)
        load(machine, np.random.default_rng(3).uniform(-0.3, 0.3, 12000).astype(np.float32))
        press(machine, ROOT + 3, frame=start)
        lift(machine, ROOT + 3, frame=start + 2000)
        heard.append(play(machine, 5000 + start)[:, start:])
    assert all(np.array_equal(heard[0], other) for other in heard[1:])


def test_late_messages_act_at_once_and_are_counted() -> None:
    machine = small_machine(attack=0.0)
    load(machine, constant(12000))
    play(machine, 1000)
    press(machine, ROOT, frame=999)
    press(machine, ROOT + 1, frame=1000)
    lift(machine, ROOT, frame=-1)
    play(machine, 100)
    assert machine.snapshot().late == 1
    assert [event.frame for event in machine.performed()] == [1000, 1000, 1000]


def test_messages_out_of_order_are_late() -> None:
    machine = small_machine()
    press(machine, ROOT, frame=500)
    press(machine, ROOT, frame=100)
    play(machine, 1000)
    assert machine.snapshot().late == 1
    assert [event.frame for event in machine.performed() if event.serial > 0] == [500, 500]


def test_renders_come_before_notes_of_the_same_frame() -> None:
    machine = small_machine()
    press(machine, ROOT, frame=300)
    machine.slots.begin(0)
    machine.slots.fill(0, constant(12000))
    machine.publish(0, ROOT, 0, 127, frame=300)
    play(machine, 1000)
    assert machine.snapshot().missing == 0


def test_both_message_rings_are_merged_by_frame() -> None:
    """The JACK ring and the port ring: by frame; JACK's first at the same one."""
    machine = small_machine()
    memory = machine.memory
    for number, (frame, key) in enumerate([(100, 1), (200, 2), (300, 3)]):
        memory.jack_events[number] = (frame, 0x90, key, 1, JACK_INPUT)
    memory.jack_cursor[0] = 3
    for frame, key in [(50, 11), (200, 12), (250, 13)]:
        press(machine, key, 1, frame)
    play(machine, 1000)
    heard = machine.performed()
    assert [event.data1 for event in heard] == [11, 1, 2, 12, 13, 3]
    assert [event.port == JACK_INPUT for event in heard] == [False, True, True, False, False, True]


def test_an_empty_block() -> None:
    machine = small_machine()
    for _ in range(2):
        assert process_block(machine, 0).shape == (2, 0)
        play(machine, 5)
    assert machine.snapshot().frame == 10


def test_what_python_hears() -> None:
    machine = small_machine()
    machine.slots.begin(0)
    machine.slots.fill(0, constant(12000))
    machine.publish(0, ROOT, ROOT, ROOT)
    press(machine, ROOT, 90, frame=10)
    press(machine, 40, 80, frame=20, channel=2)
    machine.send(30, 0xA1, ROOT, 5)
    turn(machine, 1, 64, frame=40)
    machine.send(50, 0xC3, 7)
    machine.send(60, 0xD0, 8)
    press(machine, ROOT, 0, frame=70)
    lift(machine, 40, frame=80, channel=2)
    machine.send(90, 0xE0, 0, 64)
    machine.send(95, SENSING)
    for frame, status in enumerate((0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD), start=96):
        machine.send(frame, status)
    machine.send(102, 0xF2, 5, 1)
    machine.send(103, 0xF3, 5)
    play(machine, 110)
    assert heard_by_python(machine) == [
        (10, 0x90, ROOT, 90),
        (20, 0x92, 40, 80),
        (30, 0xA1, ROOT, 5),
        (40, 0xB0, 1, 64),
        (50, 0xC3, 7, 0),
        (60, 0xD0, 8, 0),
        (70, 0x90, ROOT, 0),
        (80, 0x82, 40, 0),
        (90, 0xE0, 0, 64),
        (96, 0xF8, 0, 0),
        (98, 0xFA, 0, 0),
        (99, 0xFB, 0, 0),
        (100, 0xFC, 0, 0),
        (102, 0xF2, 5, 1),
    ]
    assert heard_by_python(machine) == []


@pytest.mark.parametrize("message", [(0xB3, 120, 0), (0xB3, 123, 0), (0xFF, 0, 0)])
def test_python_hears_of_keys_that_messages_for_all_let_go(message: tuple[int, int, int]) -> None:
    machine = small_machine()
    load(machine, constant(12000))
    machine.send(0, 0x93, ROOT, 100)
    machine.send(10, *message)
    play(machine, 100)
    assert (10, 0x83, ROOT, 0) in heard_by_python(machine)


def test_a_panic_overtakes_what_waits_and_is_told() -> None:
    machine = small_machine(1, RATE)
    load(machine, constant(RATE))
    press(machine, ROOT, frame=0)
    turn(machine, 74, 127, frame=0)
    machine.send(0, 0xD0, 90)
    play(machine, 1000)
    press(machine, ROOT + 1, frame=6000)  # as when messages piled up in a stall
    machine.panic()
    play(machine, 500)
    assert used_voices(machine) == 0
    assert machine.memory.parts[0].brightness == 0.0
    assert (1000, 0xFF, 0, 0) in heard_by_python(machine)
    press(machine, ROOT + 2, frame=1600)
    play(machine, 6000)
    assert machine.snapshot().notes == 2, "what waited is void, what came after is not"
    machine.panic()
    play(machine, 500)
    assert used_voices(machine) == 0


@pytest.mark.parametrize("seed", range(6))
def test_a_full_queue_leaves_no_note_hanging_and_is_counted(seed: int) -> None:
    """Whatever finds no room, a key whose last message is a note-off is not held."""
    random = np.random.default_rng(seed)
    machine = small_machine(1, RATE)
    load(machine, constant(RATE, 0.01))
    refused = 0
    for _ in range(3):
        for _ in range(int(random.integers(4000, 9000))):
            status = 0x90 if random.random() < 0.2 + 0.2 * (seed % 3) else 0x80
            refused += not machine.send(-1, status, int(random.integers(0, 128)), 100)
        for key in range(128):
            refused += not machine.send(-1, 0x80, key)
        play(machine, 1000)
        assert machine.snapshot().dropped == refused
        voices = machine.memory.voices
        assert not ((voices["stage"] != 0) & (voices["held"] == 1)).any()
    assert refused > 0


@pytest.mark.parametrize("block", [64, 480, 1024])
def test_a_silent_sender_lets_go(block: int) -> None:
    """After the first active sensing, a third of a second without a message ends notes."""
    machine = small_machine(1, 4 * RATE, release=0.01)
    load(machine, constant(4 * RATE))
    press(machine, ROOT)
    turn(machine, 64, 127)
    turn(machine, 66, 127)
    machine.send(-1, SENSING)
    play(machine, int(0.32 * RATE), block)
    assert used_voices(machine) == 1
    machine.send(-1, SENSING)
    play(machine, int(0.32 * RATE), block)
    assert used_voices(machine) == 1
    play(machine, int(0.1 * RATE), block)
    assert used_voices(machine) == 0
    press(machine, ROOT)
    play(machine, RATE, block)
    assert used_voices(machine) == 1, "back to a sender without active sensing"


def test_active_sensing_can_be_ignored() -> None:
    machine = small_machine(1, 2 * RATE, active_sensing=False)
    load(machine, constant(2 * RATE))
    press(machine, ROOT)
    machine.send(-1, SENSING)
    play(machine, RATE)
    assert used_voices(machine) == 1


@pytest.mark.parametrize("block", [1, 64, 480, 8193])
def test_a_silent_sender_lets_go_on_the_same_frame_in_any_block_size(block: int) -> None:
    """The first frame at which more than 330 ms have passed."""
    machine = small_machine(1, RATE, release=0.01)
    load(machine, constant(RATE))
    press(machine, ROOT, frame=5)
    machine.send(100, SENSING)
    heard = play(machine, RATE // 2, block)[0]
    let_go = 100 + int(0.33 * RATE) + 1
    assert (heard[1000 : let_go + 1] == heard[1000]).all()
    assert heard[let_go + 1] < heard[1000]
    assert not heard[let_go + 1000 :].any()


def test_without_active_sensing_notes_last() -> None:
    machine = small_machine(1, 4 * RATE)
    load(machine, constant(4 * RATE))
    press(machine, ROOT)
    play(machine, 2 * RATE)
    assert used_voices(machine) == 1


def test_settings_take_effect_on_their_frame() -> None:
    machine = small_machine(attack=0.0)
    load(machine, constant(12000))
    press(machine, ROOT)
    machine.set("master_gain", 0.5, frame=1000)
    heard = play(machine, 2000, 256)[0]
    assert heard[1999] == pytest.approx(0.5 * heard[500], rel=1e-4)


@pytest.mark.parametrize("rate", [44100, 96000])
def test_times_and_pitches_stay_when_the_device_has_another_rate(rate: int) -> None:
    machine = tone_machine(48000)
    process_block(machine, 4800)
    assert machine.seconds_at(4800) == 0.1
    restart(machine.memory)
    machine.retune(rate)
    assert machine.seconds_at(4800) == 0.1
    assert machine.seconds_at(4800 + rate) == pytest.approx(1.1)
    machine.send(NOW, 0x90, 69, 127)
    sound = process_block(machine, rate)[:, rate // 10 :].sum(axis=0)
    assert abs(cents_between(pitch_hz(sound, rate, 440.0), 440.0)) < 1.0
    machine.send(NOW, 0x80, 69, 0)
    release = process_block(machine, rate)
    assert 0.1 < np.flatnonzero(np.abs(release).max(axis=0))[-1] / rate < 0.6

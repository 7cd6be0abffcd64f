"""Whatever was played: the messages that end everything end everything."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.kernel.machine import NOW, Machine
from tests.kernel.small import CONTROL, ROOT, constant, play, small_machine, used_voices

RATE = 8000
SLOT_FRAMES = 1500
RELEASE = 0.05  # seconds
LONGEST_RELEASE = 0.1 * 8.0  # -100 dB instead of -60, and CC 72 at its end
FADE = 0.008

MESSAGES = (0x80, 0x90, 0x90, 0x90, 0xA0, 0xB0, 0xB0, 0xC0, 0xD0, 0xE0)
CONTROLS = (1, 6, 7, 10, 11, 38, 64, 64, 64, 66, 66, 67, 72, 73, 74, 75, 100, 101, 120, 121, 123)

one_event = st.tuples(
    st.sampled_from(MESSAGES),
    st.integers(0, 2),  # channel
    st.integers(55, 66),
    st.sampled_from([0, 1, 40, 64, 90, 127]),
    st.sampled_from(CONTROLS),
    st.integers(-300, 300),  # frames until the next event; at once if negative
)


def playing_machine() -> Machine:
    """Keys 58..61 have a whole render, 62..64 one that never gets complete, others none."""
    machine = small_machine(3, SLOT_FRAMES, RATE, polyphony=6, release=RELEASE, fade=FADE)
    for slot, ready in ((0, SLOT_FRAMES), (1, 700)):
        machine.begin_slot(slot)
        machine.fill(slot, constant(ready))
    machine.finish(0)
    machine.publish(0, ROOT, 58, 61)
    machine.publish(1, ROOT, 62, 64)
    return machine


def send(machine: Machine, event: tuple[int, int, int, int, int, int]) -> None:
    kind, channel, key, value, control, frames = event
    machine.send(NOW, kind | channel, control if kind == CONTROL else key, value)
    if frames > 0:
        play(machine, frames, 128)


def everything(machine: Machine, control: int, value: int) -> None:
    for channel in range(16):
        machine.send(NOW, CONTROL | channel, control, value)


def let_go_of_everything(machine: Machine) -> float:
    """All notes off, pedals up. Seconds until silence."""
    for control in (123, 64, 66):
        everything(machine, control, 0)
    return LONGEST_RELEASE


def silence_everything(machine: Machine) -> float:
    """All sound off."""
    everything(machine, 120, 0)
    return FADE + 0.01


def reset(machine: Machine) -> float:
    """System reset."""
    machine.send(NOW, 0xFF)
    return FADE + 0.01


def fall_silent(machine: Machine) -> float:
    """A sender with active sensing is unplugged."""
    machine.send(NOW, 0xFE)
    return 0.35 + LONGEST_RELEASE


ENDINGS = [let_go_of_everything, silence_everything, reset, fall_silent]


def assert_over(machine: Machine, seconds: float) -> None:
    play(machine, int(seconds * RATE), 128)
    play(machine, 64)
    assert machine.snapshot().voices == 0
    assert used_voices(machine) == 0
    assert not machine.memory.users.any()
    assert not play(machine, 64).any()


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: str(ending.__name__))
@settings(max_examples=30, deadline=None)
@given(events=st.lists(one_event, max_size=40))
def test_no_note_is_left(
    ending: Callable[[Machine], float], events: list[tuple[int, int, int, int, int, int]]
) -> None:
    machine = playing_machine()
    for event in events:
        send(machine, event)
    assert_over(machine, ending(machine))


@pytest.mark.parametrize("seed", range(60))
def test_no_note_is_left_after_hundreds_of_events(seed: int) -> None:
    """300 events, while renders come and go."""
    random = np.random.default_rng(seed)
    machine = playing_machine()
    for _ in range(300):
        send(
            machine,
            (
                int(random.choice(MESSAGES)),
                int(random.integers(0, 3)),
                int(random.integers(55, 67)),
                int(random.choice([0, 1, 40, 64, 90, 127])),
                int(random.choice(CONTROLS)),
                int(random.integers(-200, 300)),
            ),
        )
        low = int(random.integers(50, 66))
        if random.random() < 0.05:
            machine.publish(int(random.integers(0, 2)), ROOT, low, low + int(random.integers(0, 9)))
        elif random.random() < 0.05:
            machine.withdraw(low, low + int(random.integers(0, 9)))
    ending = ENDINGS[seed % len(ENDINGS)]
    assert_over(machine, ending(machine))


@settings(max_examples=30, deadline=None)
@given(
    messages=st.lists(
        st.tuples(st.integers(0, 255), st.integers(-500, 500), st.integers(-500, 500)), max_size=60
    )
)
def test_bytes_that_are_no_midi(messages: list[tuple[int, int, int]]) -> None:
    """Status and data bytes out of range do no harm."""
    machine = playing_machine()
    for status, data1, data2 in messages:
        machine.send(NOW, status, data1, data2)
        assert np.isfinite(play(machine, 50)).all()
    assert_over(machine, reset(machine))

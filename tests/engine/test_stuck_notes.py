"""Whatever was played: the messages that end everything end everything."""

from collections.abc import Callable, Iterable

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
CONTROLS = (
    *(1, 5, 6, 7, 10, 11, 38, 64, 64, 64, 65, 66, 66, 67, 68, 68, 72, 73, 74, 75, 84),
    *(100, 101, 120, 121, 123, 126, 126, 127),
)
MODES = ("poly", "mono", "legato")

one_event = st.tuples(
    st.sampled_from(MESSAGES),
    st.integers(0, 2),  # channel
    st.integers(55, 66),
    st.sampled_from([0, 1, 40, 64, 90, 127]),
    st.sampled_from(CONTROLS),
    st.integers(-300, 300),  # frames until the next event; at once if negative
)


def playing_machine(
    mode: str = "poly", priority: str = "last", glide: float = 0.0, when: str = "overlap"
) -> Machine:
    """Keys 58..61 have a whole render, 62..64 one that never gets complete, others none."""
    how: dict[str, float | str] = {
        "mode": mode,
        "priority": priority,
        "glide": glide,
        "glide_when": when,
    }
    times = {"release": RELEASE, "fade": FADE}
    machine = small_machine(3, SLOT_FRAMES, RATE, polyphony=6, **times, **how)
    for slot, ready in ((0, SLOT_FRAMES), (1, 700)):
        machine.slots.begin(slot)
        machine.slots.fill(slot, constant(ready))
    machine.slots.finish(0)
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


def lift_every_key_and_pedal(machine: Machine) -> float:
    """As hands and feet do."""
    play(machine, 64)  # on the frame of a stroke, an older one might be meant
    for control in (64, 66, 68):
        everything(machine, control, 0)
    for channel in range(3):
        for key in range(55, 67):
            machine.send(NOW, 0x80 | channel, key)
    return LONGEST_RELEASE


def reset(machine: Machine) -> float:
    """System reset."""
    machine.send(NOW, 0xFF)
    return FADE + 0.01


def fall_silent(machine: Machine) -> float:
    """A sender with active sensing is unplugged."""
    machine.send(NOW, 0xFE)
    return 0.35 + LONGEST_RELEASE


ENDINGS = [let_go_of_everything, lift_every_key_and_pedal, silence_everything, reset, fall_silent]


def assert_over(machine: Machine, seconds: float) -> None:
    play(machine, int(seconds * RATE), 128)
    play(machine, 64)
    assert machine.snapshot().voices == 0
    assert used_voices(machine) == 0
    assert not machine.memory.users.any()
    assert not play(machine, 64).any()


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: str(ending.__name__))
@settings(max_examples=30, deadline=None)
@given(
    events=st.lists(one_event, max_size=40),
    mode=st.sampled_from(MODES),
    priority=st.sampled_from(["last", "low", "high"]),
    glide=st.sampled_from([0.0, 0.05]),
    when=st.sampled_from(["overlap", "always"]),
)
def test_no_note_is_left(
    ending: Callable[[Machine], float],
    events: list[tuple[int, int, int, int, int, int]],
    mode: str,
    priority: str,
    glide: float,
    when: str,
) -> None:
    machine = playing_machine(mode, priority, glide, when)
    for event in events:
        send(machine, event)
    assert_over(machine, ending(machine))


def play_hundreds_of_events(machine: Machine, random: np.random.Generator) -> None:
    """300 events, while renders come and go."""
    drawn = zip(
        random.choice(MESSAGES, 300),
        random.integers(0, 3, 300),
        random.integers(55, 67, 300),
        random.choice([0, 1, 40, 64, 90, 127], 300),
        random.choice(CONTROLS, 300),
        random.integers(-200, 300, 300),
        strict=True,
    )
    for kind, channel, key, value, control, frames in drawn:
        send(machine, (int(kind), int(channel), int(key), int(value), int(control), int(frames)))
        chance = random.random()
        if chance < 0.1:
            low = int(random.integers(50, 66))
            high = low + int(random.integers(0, 9))
            if chance < 0.05:
                machine.publish(int(random.integers(0, 2)), ROOT, low, high)
            else:
                machine.withdraw(low, high)


def assert_no_note_is_left(seeds: Iterable[int]) -> None:
    for seed in seeds:
        machine = playing_machine(MODES[seed // len(ENDINGS) % len(MODES)])
        play_hundreds_of_events(machine, np.random.default_rng(seed))
        ending = ENDINGS[seed % len(ENDINGS)]
        assert_over(machine, ending(machine))


@pytest.mark.parametrize("seed", range(60))
def test_no_note_is_left_after_hundreds_of_events(seed: int) -> None:
    assert_no_note_is_left([seed])


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_note_is_left_in_100_000_sequences() -> None:
    assert_no_note_is_left(range(100, 100_100))


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

"""Which keys of which channels play which part, and where it stands in the mix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.config import DRY
from gansynth_live.kernel.layout import FREE, KEYS
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.settings import PartSettings
from tests.kernel.small import RATE, ROOT, by_id, constant, lift, play, press, turn, used_voices

FRAMES = 12000


def machine_of(*parts: PartSettings, **set_up: float) -> Machine:
    """Each part's keys start from a slot of its own, which holds 0.1, 0.2, ..."""
    plain = {"velocity_curve": 0.0, "velocity_brightness": 0.0, "pressure_brightness": 0.0}
    values = {"attack": 0.0, "polyphony": 32, "gain_db": -12.0, **plain, **set_up}
    machine = Machine(RATE, {**by_id(values), **DRY}, len(parts), FRAMES / RATE, parts)
    for number in range(len(parts)):
        machine.slots.begin(number)
        machine.slots.fill(number, constant(FRAMES, 0.1 * (number + 1)))
        machine.slots.finish(number)
        assert machine.publish(number, ROOT, 0, KEYS - 1, part=number)
    return machine


def slots_played(machine: Machine) -> list[int]:
    voices = machine.memory.voices
    return sorted(int(voice["slot"]) for voice in voices[voices["stage"] != FREE])


def test_each_channel_plays_its_part() -> None:
    machine = machine_of(PartSettings((1,)), PartSettings((2, 3)), PartSettings((16,)))
    press(machine, ROOT, channel=0)
    press(machine, ROOT, channel=2)
    press(machine, ROOT, channel=5)  # nobody's
    play(machine, 100)
    assert slots_played(machine) == [0, 1]
    lift(machine, ROOT, channel=2)
    turn(machine, 120, 0, channel=2)
    play(machine, 4000)
    assert slots_played(machine) == [0]


def test_keys_split_and_layer_parts() -> None:
    machine = machine_of(PartSettings(high=59), PartSettings(low=60), PartSettings(low=72))
    for key, played in ((59, [0]), (60, [1]), (72, [1, 2]), (127, [1, 2])):
        press(machine, key)
        play(machine, 10)
        assert slots_played(machine) == played
        lift(machine, key)
        turn(machine, 120, 0)
        play(machine, 4000)
    assert used_voices(machine) == 0


def test_a_note_that_plays_two_parts_is_told_once() -> None:
    machine = machine_of(PartSettings(), PartSettings(), PartSettings((2,)))
    press(machine, ROOT)
    press(machine, ROOT, channel=1)
    press(machine, ROOT + 1)
    play(machine, 10)
    assert [event.serial for event in machine.performed()] == [1, 3, 6]


def test_a_key_that_plays_no_part_begins_no_note() -> None:
    machine = machine_of(PartSettings((1,)))
    press(machine, ROOT, channel=1)
    play(machine, 10)
    assert [event.serial for event in machine.performed()] == [0]
    assert machine.snapshot().notes == 0


def test_transposed_keys_sound_higher_and_end_by_the_key_that_was_struck() -> None:
    machine = machine_of(PartSettings(transpose=12), PartSettings((2,), transpose=-100))
    press(machine, ROOT)
    press(machine, ROOT, channel=1)
    play(machine, 10)
    voices = machine.memory.voices[machine.memory.voices["stage"] != FREE]
    assert [float(rate) for rate in voices["rate"]] == pytest.approx([2.0, 2.0, 2.0 ** (-60 / 12)])
    lift(machine, ROOT)
    lift(machine, ROOT, channel=1)
    play(machine, 2 * RATE)
    assert used_voices(machine) == 0


def test_level_and_pan_of_a_part() -> None:
    plain = machine_of(PartSettings())
    press(plain, ROOT)
    before = play(plain, 2000)[:, 1000:]
    softer = machine_of(PartSettings(values={"part.level_db": -6.0}))
    press(softer, ROOT)
    assert play(softer, 2000)[:, 1000:] == pytest.approx(before * 10 ** (-6 / 20), rel=1e-4)
    left = machine_of(PartSettings(values={"part.pan": -1.0}))
    press(left, ROOT)
    heard = play(left, 2000)[:, 1000:]
    assert heard[0] == pytest.approx(before[0] * 2**0.5, rel=1e-4)
    assert np.abs(heard[1]).max() < 1e-6


def noisy(*parts: PartSettings) -> Machine:
    """A machine whose parts play noise, which a shelf changes."""
    machine = machine_of(*parts)
    noise = np.random.default_rng(5).uniform(-0.1, 0.1, FRAMES).astype(np.float32)
    for number in range(len(parts)):
        machine.slots.begin(number)
        machine.slots.fill(number, noise)
        machine.slots.finish(number)
    return machine


def brightness(value: float, channel: int) -> PartSettings:
    return PartSettings((channel,), values={"voice.brightness": value})


def heard_from(machine: Machine, *channels: int, block: int = 256) -> NDArray[np.float32]:
    for channel in channels:
        press(machine, ROOT, frame=100, channel=channel - 1)
    return play(machine, 6000, block)


@pytest.mark.parametrize("value", [-1.0, 0.5])
def test_each_part_has_its_own_brightness(value: float) -> None:
    alone = heard_from(noisy(brightness(value, 1)), 1)
    flat = heard_from(noisy(brightness(0.0, 1)), 1)
    pair = brightness(value, 1), brightness(0.0, 2)
    assert not np.allclose(alone, flat, atol=1e-3)
    assert heard_from(noisy(*pair), 1) == pytest.approx(alone, abs=1e-6)
    assert heard_from(noisy(*pair), 2) == pytest.approx(flat, abs=1e-6)
    assert heard_from(noisy(*pair), 1, 2) == pytest.approx(alone + flat, abs=1e-5)


@pytest.mark.parametrize("block", [1, 63, 64, 8192])
def test_brightness_of_parts_in_any_block_size(block: int) -> None:
    heard = []
    for size in (block, 6000):
        machine = noisy(brightness(0.0, 1), brightness(0.3, 2))
        turn(machine, 74, 120, frame=777, channel=0)
        turn(machine, 74, 64, frame=2222, channel=0)
        turn(machine, 74, 64, frame=2300, channel=1)
        heard.append(heard_from(machine, 1, 2, block=size))
    assert np.array_equal(heard[0], heard[1])


def test_parts_that_are_all_flat_are_mixed_at_once() -> None:
    machine = noisy(brightness(0.0, 1), brightness(0.3, 2))
    play(machine, 64)
    assert machine.memory.bus["apart"][0]
    turn(machine, 74, 64, channel=1)
    play(machine, RATE)
    assert not machine.memory.bus["apart"][0]


def test_envelope_touch_and_bend_of_each_part() -> None:
    slow = {"voice.attack": 0.2, "voice.bend_range": 12.0, "voice.velocity_curve": 4.0}
    pair = PartSettings((1,)), PartSettings((2,), values=slow)
    levels = {}
    for channel in (1, 2):
        machine = machine_of(*pair, velocity_curve=0.0)
        press(machine, ROOT, 64, channel=channel - 1)
        machine.send(NOW, 0xE0 | channel - 1, 127, 127)
        levels[channel] = np.abs(play(machine, 1000)).max()
        [voice] = machine.voices()
        assert voice["ratio"] == pytest.approx(2.0 ** ((2, 12)[channel - 1] / 12), rel=0.02)
    assert levels[2] < 0.2 * levels[1]


def test_a_part_in_the_middle_at_full_level_changes_no_bit() -> None:
    heard = []
    for machine in (machine_of(PartSettings()), machine_of(PartSettings(tuple(range(1, 17))))):
        press(machine, ROOT)
        turn(machine, 10, 30, frame=500)
        heard.append(play(machine, 3000))
    assert np.array_equal(heard[0], heard[1])


def test_a_voice_waits_for_its_own_part() -> None:
    machine = Machine(
        RATE, slots=1, slot_seconds=FRAMES / RATE, parts=(PartSettings((1,)), PartSettings((2,)))
    )
    press(machine, ROOT, channel=1)
    machine.slots.begin(0)
    machine.slots.fill(0, constant(FRAMES))
    machine.publish(0, ROOT, 0, KEYS - 1, part=0)
    assert not play(machine, 1000).any()
    machine.publish(0, ROOT, ROOT, ROOT, part=1)
    assert play(machine, 1000).any()
    machine.withdraw(part=0)
    press(machine, ROOT, channel=0)
    play(machine, 10)
    assert machine.snapshot().missing == 2


@st.composite
def parts(draw: st.DrawFn) -> PartSettings:
    low, high = sorted(draw(st.tuples(st.integers(0, 127), st.integers(0, 127))))
    channels = tuple(draw(st.sets(st.integers(1, 16), max_size=4)))
    return PartSettings(channels, low, high, draw(st.integers(-48, 48)))


@settings(max_examples=60, deadline=None)
@given(st.lists(parts(), min_size=1, max_size=16), st.integers(0, 15), st.integers(0, 127))
def test_kernel_and_python_agree_who_plays(
    some: list[PartSettings], channel: int, key: int
) -> None:
    machine = Machine(RATE, {"voice.polyphony": 32, **DRY}, 1, 0.01, some)
    press(machine, key, channel=channel)
    play(machine, 1)
    voices = machine.memory.voices[machine.memory.voices["stage"] != FREE]
    played = {int(voice["part"]): int(voice["row"]) % KEYS for voice in voices}
    assert played == {
        number: machine.tunings.pitch_of(number, key)
        for number, part in enumerate(some)
        if part.plays(channel, key)
    }

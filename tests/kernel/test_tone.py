"""Touch: velocity and pressure darken and brighten a note, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from tests.kernel.small import (
    KEY_PRESSURE,
    PRESSURE,
    RATE,
    ROOT,
    bend,
    constant,
    lift,
    load,
    play,
    press,
    sine,
    small_machine,
    turn,
)

FRAMES = 30000
SETTLED = 6000
NEUTRAL = 100
NOISE = np.random.default_rng(5).uniform(-0.2, 0.2, FRAMES).astype(np.float32)


def touched(
    velocity_brightness: float = 0.0, pressure_brightness: float = 0.0, full_band: bool = False
) -> Machine:
    """A machine whose notes are equally loud, however hard they are struck."""
    return small_machine(
        3,
        FRAMES,
        RATE,
        velocity_curve=0.0,
        velocity_brightness=velocity_brightness,
        pressure_brightness=pressure_brightness,
        air=1.0 if full_band else 0.0,
    )


def pressure(machine: Machine, value: int, key: int | None = None, channel: int = 0) -> None:
    """Pressure on a channel, or on one key."""
    if key is None:
        machine.send(-1, PRESSURE | channel, value)
    else:
        machine.send(-1, KEY_PRESSURE | channel, key, value)


def gain_of(machine: Machine, hz: float) -> float:
    """Level of a sine of `hz` that plays on key ROOT, relative to its render."""
    heard = play(machine, SETTLED)[0]
    circle = np.exp(-2j * np.pi * hz / RATE * np.arange(SETTLED)) * np.hanning(SETTLED)
    return float(abs(heard @ circle) / abs(sine(hz, SETTLED, 0.1) @ circle) * (127 / 100) ** 2)


def struck(hz: float, velocity: int, machine: Machine) -> Machine:
    """A sine of `hz` is playing."""
    load(machine, sine(hz, FRAMES, 0.1))
    press(machine, ROOT, velocity)
    play(machine, SETTLED)
    return machine


@pytest.mark.parametrize("hz", [100.0, 1000.0, 2000.0, 4000.0, 8000.0])
@pytest.mark.parametrize(
    ("velocity", "amount", "weight"),
    [(100, 1.0, 0.0), (50, 1.0, 0.125), (1, 1.0, 0.2475), (127, 1.0, -0.135), (50, 0.3, 0.0375)],
)
def test_velocity(hz: float, velocity: int, amount: float, weight: float) -> None:
    """Soft is dark, hard a little brighter; the more, the higher; lows stay as they are."""
    machine = struck(hz, velocity, touched(velocity_brightness=amount))
    expected = 1.0 - 2.0 * weight * (1.0 - np.cos(2.0 * np.pi * hz / 16000.0))
    assert gain_of(machine, hz) == pytest.approx(expected, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("hz", [100.0, 2000.0, 4000.0, 6000.0, 8000.0, 12000.0, 16000.0, 20000.0])
@pytest.mark.parametrize(("velocity", "weight"), [(1, 0.2475), (50, 0.125), (127, -0.135)])
def test_what_lies_above_8_khz_is_moved_as_8_khz_is(
    hz: float, velocity: int, weight: float
) -> None:
    machine = struck(hz, velocity, touched(velocity_brightness=1.0, full_band=True))
    expected = 1.0 - 2.0 * weight * (1.0 - np.cos(2.0 * np.pi * min(hz, 8000.0) / 16000.0))
    assert gain_of(machine, hz) == pytest.approx(expected, abs=0.055)


@pytest.mark.parametrize("key", [None, ROOT])
@pytest.mark.parametrize(("value", "amount", "gain"), [(127, 1.0, 2.0), (127, 0.5, 1.5), (0, 1, 1)])
def test_pressure(key: int | None, value: int, amount: float, gain: float) -> None:
    """At 4 kHz: doubled at most."""
    machine = struck(4000.0, NEUTRAL, touched(pressure_brightness=amount))
    pressure(machine, value, key)
    play(machine, SETTLED)
    assert gain_of(machine, 4000.0) == pytest.approx(gain, rel=1e-3)


def test_pressure_belongs_to_its_channel_and_key() -> None:
    machine = touched(pressure_brightness=1.0)
    load(machine, NOISE)
    other = touched()
    load(other, NOISE)
    pressure(machine, 127, ROOT)  # before the key goes down: not this note's
    for each in (machine, other):
        press(each, ROOT)
        play(each, 100)
    pressure(machine, 127, ROOT + 1)
    pressure(machine, 127, ROOT, channel=1)
    pressure(machine, 127, channel=1)
    assert np.array_equal(play(machine, 1000), play(other, 1000))


def test_a_note_on_a_pressed_channel_begins_bright() -> None:
    """No glide into it: the same as after a long time."""
    levels = []
    for wait in (0, SETTLED):
        machine = touched(pressure_brightness=1.0)
        load(machine, sine(4000.0, FRAMES, 0.1))
        pressure(machine, 127)
        press(machine, ROOT)
        play(machine, 400 + wait)
        levels.append(float(np.abs(play(machine, 120)).max()))
    assert levels[0] == pytest.approx(levels[1], rel=1e-3)


@pytest.mark.parametrize("message", [(0xB0, 121, 0), (PRESSURE, 0, 0)])
def test_pressure_is_let_go(message: tuple[int, int, int]) -> None:
    """By RP-015 of keys, too; by channel pressure only of the channel."""
    machine = struck(4000.0, NEUTRAL, touched(pressure_brightness=1.0))
    pressure(machine, 127)
    if message[1] == 121:
        pressure(machine, 127, ROOT)
    play(machine, SETTLED)
    machine.send(-1, *message)
    play(machine, SETTLED)
    assert gain_of(machine, 4000.0) == pytest.approx(1.0, rel=1e-4)
    voice = machine.voices()[0]
    assert (voice.tone, voice.weight, voice.weight_slope) == (0.0, 0.0, 0.0), "at no cost again"


def test_pressure_moves_smoothly() -> None:
    machine = struck(3000.0, NEUTRAL, touched(pressure_brightness=1.0))
    pressure(machine, 127)
    heard = play(machine, 4800)[0]
    peaks = np.abs(heard).reshape(-1, 48).max(axis=1)
    assert peaks[-1] > 1.5 * peaks[0]
    assert np.diff(peaks).max() < 0.1 * peaks[0]


def test_neutral_touch_changes_no_bit() -> None:
    heard = []
    for amount in (0.0, 1.0):
        machine = touched(amount, amount)
        load(machine, NOISE)
        press(machine, ROOT, NEUTRAL)
        press(machine, ROOT + 7, NEUTRAL, frame=500)
        lift(machine, ROOT, frame=2000)
        heard.append(play(machine, 5000))
    assert np.array_equal(heard[0], heard[1])


@settings(max_examples=30, deadline=None)
@given(
    key=st.integers(0, 127),
    root=st.sampled_from([24, 60, 84]),
    wheel=st.sampled_from([-8192, 0, 8191]),
    ready=st.integers(1, FRAMES),
    sustain=st.sampled_from([0, 127]),
)
def test_a_filter_never_hears_the_neighbours(
    key: int, root: int, wheel: int, ready: int, sustain: int
) -> None:
    """Slots around it are loud, as is what an older render left there: silence stays silent."""
    machine = touched(velocity_brightness=1.0)
    for slot in range(3):
        machine.slots.begin(slot)
        machine.slots.fill(slot, constant(FRAMES, 1.0))
    machine.slots.begin(1)
    machine.slots.fill(1, np.zeros(ready, np.float32))
    if sustain:
        machine.slots.finish(1)
    machine.publish(1, root, 0, 127)
    turn(machine, 101, 0)
    turn(machine, 100, 0)
    turn(machine, 6, 24)
    bend(machine, wheel)
    press(machine, key, 1)
    assert not play(machine, 8000, 512).any()


def impulse_response(rate: int, air: float) -> NDArray[np.float32]:
    """What a soft note makes of an impulse at frame 1000."""
    machine = small_machine(
        1, 4000, rate, velocity_brightness=1.0, attack=0.0, velocity_curve=0.0, air=air
    )
    impulse: NDArray[np.float32] = np.zeros(4000, np.float32)
    impulse[1000] = 0.5
    load(machine, impulse)
    press(machine, ROOT, 50)
    heard: NDArray[np.float32] = play(machine, 2000)[0] / (0.5 * (100 / 127) ** 2)
    return heard


@pytest.mark.parametrize(("rate", "apart"), [(8000, 1), (44100, 3), (48000, 3), (192000, 12)])
def test_at_any_sample_rate(rate: int, apart: int) -> None:
    heard = impulse_response(rate, air=0.0)
    assert np.flatnonzero(heard).tolist() == [1000 - apart, 1000, 1000 + apart]
    assert heard[1000] == pytest.approx(0.75, rel=1e-4)
    assert heard[1000 + apart] == pytest.approx(0.125, rel=1e-4)


@pytest.mark.parametrize(("rate", "apart"), [(44100, 1), (48000, 1), (96000, 2), (192000, 4)])
def test_with_air_at_any_sample_rate(rate: int, apart: int) -> None:
    heard = impulse_response(rate, air=1.0)
    assert np.flatnonzero(heard).tolist() == [1000 + apart * tap for tap in range(-4, 5)]
    assert heard.sum() == pytest.approx(1.0, rel=1e-4)

"""The end of the chain: shelf, limiter, and nothing that is not a number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from tests.kernel.small import (
    RATE,
    ROOT,
    constant,
    load,
    play,
    press,
    sine,
    small_machine,
    turn,
    used_voices,
)

CEILING = 10.0 ** (-1.0 / 20.0)
TINY = np.float32(1e-42)  # a denormal number


def loud(machine: Machine, keys: int = 1) -> None:
    turn(machine, 7, 127)
    for key in range(keys):
        press(machine, ROOT + key)


@settings(max_examples=20, deadline=None)
@given(
    gain_db=st.floats(-40.0, 60.0),
    keys=st.integers(1, 8),
    brightness=st.floats(-1.0, 1.0),
    block=st.integers(16, 1024),
)
def test_the_ceiling_holds(gain_db: float, keys: int, brightness: float, block: int) -> None:
    machine = small_machine(gain_db=gain_db, brightness=brightness)
    noise = np.random.default_rng(1).uniform(-1.0, 1.0, 12000).astype(np.float32)
    load(machine, noise)
    loud(machine, keys)
    assert np.abs(play(machine, 4000, block)).max() <= CEILING
    assert machine.snapshot().peak <= CEILING


def test_below_the_knee_nothing_is_touched() -> None:
    """A limited and an unlimited machine agree to the bit while the signal stays quiet."""
    blocks = []
    for ceiling_db in (-1.0, 80.0):
        machine = small_machine(ceiling_db=ceiling_db, attack=0.0)
        load(machine, sine(440.0, 12000, 0.44))
        loud(machine)
        blocks.append(play(machine, 4000))
    assert np.abs(blocks[0]).max() == pytest.approx(0.44, abs=1e-3)
    assert np.array_equal(blocks[0], blocks[1])


def test_the_limiter_recovers() -> None:
    machine = small_machine(frames=48000)
    render = np.concatenate([constant(2000, 4.0), constant(46000, 0.1)])
    load(machine, render)
    loud(machine)
    play(machine, 1000)
    assert machine.snapshot().reduction < 0.3
    heard = play(machine, 40000)
    assert machine.snapshot().reduction > 0.999
    assert heard[0, -100] == pytest.approx(0.1, rel=2e-3)


@pytest.mark.parametrize("brightness", [-1.0, -0.5, 0.0, 0.5, 1.0])
@pytest.mark.parametrize("hz", [60.0, 375.0, 1500.0, 6000.0, 15000.0])
def test_the_shelf(brightness: float, hz: float) -> None:
    """Low notes keep their level, high ones get up to 12 dB more or less."""
    machine = small_machine(frames=14400, brightness=brightness, ceiling_db=40.0)
    load(machine, sine(hz, 14400, 0.02))
    loud(machine)
    heard = play(machine, 12800)[0, -6400:]
    circle = np.exp(-2j * np.pi * hz / RATE * np.arange(6400)) * np.hanning(6400)
    gain = abs(np.sum(heard * circle)) / abs(np.sum(sine(hz, 6400, 0.02) * circle))
    z = np.exp(2j * np.pi * hz / RATE)
    pole = 1.0 - np.exp(-2.0 * np.pi * 1500.0 / RATE)
    low_pass = pole / (1.0 - (1.0 - pole) / z)
    assert gain == pytest.approx(abs(1.0 + (4.0**brightness - 1.0) * (1.0 - low_pass)), rel=2e-3)


@pytest.mark.parametrize("block", [1, 64, 1024])
@pytest.mark.parametrize("name", ["CC 74", "brightness", "master_gain", "ceiling"])
def test_what_moves_the_bus_acts_on_its_frame(name: str, block: int) -> None:
    """Before it nothing differs, from it on something does."""
    heard = []
    for moves in (False, True):
        machine = small_machine(attack=0.0)
        load(machine, np.random.default_rng(1).uniform(-0.9, 0.9, 12000).astype(np.float32))
        loud(machine)
        if moves and name == "CC 74":
            turn(machine, 74, 127, frame=500)
        elif moves:
            machine.set(name, 0.2, frame=500)
        heard.append(play(machine, 1024, block))
    first = np.flatnonzero((heard[0] != heard[1]).any(axis=0))[0]
    assert 500 <= first < (510 if name == "ceiling" else 501), "the limiter waits for a loud frame"


def test_brightness_turns_smoothly() -> None:
    machine = small_machine(frames=14400)
    load(machine, sine(8000.0, 14400, 0.05))
    loud(machine)
    play(machine, 4800)
    turn(machine, 74, 127)
    heard = play(machine, 4800)[0]
    peaks = np.abs(heard).reshape(-1, 48).max(axis=1)
    assert peaks[-1] > 3.0 * peaks[0]
    assert np.diff(peaks).max() < 0.3 * peaks[0]


def broken(value: float, at: int = 1000) -> NDArray[np.float32]:
    render = constant(12000)
    render[at] = value
    return render


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("key", [ROOT, ROOT + 7])
def test_a_broken_voice_is_muted_and_counted_once(value: float, key: int) -> None:
    machine = small_machine(voices_per_key=1)
    load(machine, constant(12000), slot=0)
    load(machine, broken(value), slot=1)
    machine.publish(0, ROOT, 0, 50)
    press(machine, 40)
    press(machine, key)
    heard = play(machine, 8000, 128)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= CEILING
    assert machine.snapshot().bad == 1
    assert machine.snapshot().voices == 1  # the other one plays on
    assert np.abs(heard[:, -1]).min() > 0.05
    assert machine.memory.users[1] == 0


@settings(max_examples=20, deadline=None)
@given(
    values=st.lists(st.floats(width=32), min_size=1, max_size=20),
    key=st.integers(40, 80),
    block=st.sampled_from([32, 64, 100, 512]),
)
def test_any_samples_at_all(values: list[float], key: int, block: int) -> None:
    """Whatever a render holds, what leaves is finite and under the ceiling, and the next plays."""
    machine = small_machine(frames=2000, fade=0.001)
    render = np.tile(np.array(values, np.float32), 2000)[:2000]
    load(machine, render)
    press(machine, key)
    press(machine, ROOT)
    heard = play(machine, 3000, block)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= CEILING
    play(machine, 96000, 4096)  # the limiter recovers, too
    assert used_voices(machine) == 0
    load(machine, constant(2000, 0.1), slot=1)
    press(machine, ROOT)
    assert np.abs(play(machine, 1000)).max() == pytest.approx(0.1 * (100 / 127) ** 2, rel=0.05)


@pytest.mark.parametrize("setting", ["master_gain", "brightness", "ceiling"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_setting_that_is_no_number(setting: str, value: float) -> None:
    """Silence or sound, but never NaN; a proper value brings everything back."""
    machine = small_machine()
    load(machine, constant(12000))
    loud(machine)
    machine.set(setting, value)
    heard = play(machine, 1000)
    assert np.isfinite(heard).all()
    usual = {"master_gain": 1.0, "brightness": 0.0, "ceiling": CEILING}[setting]
    machine.set(setting, usual)
    play(machine, 4000)
    assert np.abs(play(machine, 1000)).max() == pytest.approx(0.25, rel=0.01)


def test_denormal_samples_are_only_quiet() -> None:
    machine = small_machine()
    load(machine, np.full(12000, TINY))
    loud(machine)
    heard = play(machine, 4000)
    assert np.abs(heard).max() < 1e-38
    assert machine.snapshot().bad == 0


def test_filters_come_to_rest() -> None:
    """After the last note nothing is left that could go denormal."""
    machine = small_machine(frames=2000, brightness=0.7)
    load(machine, sine(300.0, 2000))
    loud(machine)
    play(machine, 2000)
    play(machine, 100 * RATE, 8192)
    shelf = machine.memory.bus[0].shelves[0]
    assert (shelf.low_left, shelf.low_right) == (0.0, 0.0)
    assert machine.memory.bus[0].peak == 0.0
    assert not play(machine, 64).any()


def test_the_peak_falls_20_db_a_second() -> None:
    machine = small_machine(frames=480)
    load(machine, constant(480))
    loud(machine)
    play(machine, 480)
    before = machine.snapshot().peak
    play(machine, RATE, 333)
    assert machine.snapshot().peak / before == pytest.approx(0.1, rel=0.02)

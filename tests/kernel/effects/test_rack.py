"""Sends, and which effects play: on their frame, in any block size; no bit changes when off."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.engine.restart import restart
from gansynth_live.kernel.effects.taps import DELAY, EFFECTS, ENSEMBLE, PLATE
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.settings import PartSettings
from tests.kernel.effects.wet import wet_machine
from tests.kernel.small import RATE, ROOT, lift, load, play, press, sine, small_machine, turn

SENDS = {PLATE: 91, ENSEMBLE: 93, DELAY: 94}  # their controllers
WET = {"effects.plate": 0.5, "effects.ensemble": 0.4, "effects.delay": 0.3}
ALL = PartSettings(values=WET)
PARTS = (
    PartSettings(channels=(1,), values={**WET, "part.pan": -0.5}),
    PartSettings(channels=(2,), values={"effects.spread": 0.6}),
)
NOISE = np.random.default_rng(3).uniform(-0.4, 0.4, 12000).astype(np.float32)


def noisy(frames: int = 12000, parts: Sequence[PartSettings] = (ALL,)) -> Machine:
    machine = wet_machine(parts, frames, plate_decay=0.3, delay_time=0.05)
    load(machine, np.resize(NOISE, frames))
    return machine


def perform(machine: Machine) -> None:
    """A piece in which all that effects heed moves, between and on the frames of the grid."""
    press(machine, ROOT, 100, frame=3)
    press(machine, ROOT + 5, 90, frame=64, channel=1)
    turn(machine, 91, 127, frame=501)
    lift(machine, ROOT, frame=640)
    turn(machine, 93, 90, frame=1000, channel=1)
    machine.set("plate_size", 1.4, 1111)
    machine.set("delay_time", 0.11, 1500)
    machine.set("plate_decay", 2.0, 1601)
    machine.set("ensemble_depth", 1.0, 1700)
    turn(machine, 94, 0, frame=2000)
    press(machine, ROOT - 9, 90, frame=2001)
    machine.set("delay_feedback", 0.9, 2500)
    machine.set("plate_size", 0.6, 2600)
    turn(machine, 120, 0, frame=5003, channel=1)
    press(machine, ROOT + 2, 90, frame=5500)
    machine.set("plate_predelay", 0.1, 5600)
    for controller in SENDS.values():
        turn(machine, controller, 0, frame=7000)
        turn(machine, controller, 0, frame=7001, channel=1)


def heard_in(block: int) -> NDArray[np.float32]:
    machine = noisy(parts=PARTS)
    perform(machine)
    return play(machine, 40000, block)


@pytest.fixture(scope="module")
def one_block() -> NDArray[np.float32]:
    return heard_in(40000)


@pytest.mark.parametrize("block", [1, 63, 64, 65, 128, 8192])
def test_block_size_changes_no_bit(one_block: NDArray[np.float32], block: int) -> None:
    assert np.array_equal(heard_in(block), one_block)


def test_effects_that_are_not_sent_to_change_no_bit() -> None:
    """Whatever their settings are; and so do parts, each of which is mixed by itself otherwise."""
    dry = [replace(part, values={**part.values, **dict.fromkeys(WET, 0.0)}) for part in PARTS]
    heard = []
    for size in (1.0, 0.5):
        machine = wet_machine(dry, plate_size=size, delay_feedback=size)
        load(machine, NOISE)
        press(machine, ROOT)
        press(machine, ROOT + 3, channel=1)
        heard.append(play(machine, 4000, 4000))
        assert not machine.memory.bus["apart"][0]
    assert np.array_equal(heard[0], heard[1])


def test_sends_of_nothing_leave_the_bits_of_one_part() -> None:
    """A path through the rack with everything turned off is the plain one."""
    heard = []
    for turned in (False, True):
        machine = small_machine()
        load(machine, NOISE)
        press(machine, ROOT)
        if turned:
            turn(machine, 91, 0)
        heard.append(play(machine, 4000))
    assert np.array_equal(heard[0], heard[1])


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_controller_sends_the_parts_of_its_channel(effect: int) -> None:
    dry, other, own = (heard_from(effect, channel) for channel in (None, 1, 0))
    assert np.array_equal(other, dry), "nothing sounds there"
    assert not np.array_equal(own, dry)


def heard_from(effect: int, channel: int | None) -> NDArray[np.float32]:
    """A note on the first of two parts, where a channel turns the send of an effect up."""
    machine = noisy(parts=(PartSettings((1,)), PartSettings((2,))))
    if channel is not None:
        turn(machine, SENDS[effect], 127, channel=channel)
    press(machine, ROOT)
    return play(machine, 6000)


def test_tails_end_and_leave_nothing_behind() -> None:
    """What comes after them is what came first, to the bit."""
    machine = noisy(4800)
    takes = []
    for _ in range(2):
        press(machine, ROOT)
        takes.append(play(machine, 3 * RATE // 64 * 64))
        assert not machine.rings
        assert not takes[-1][:, -64:].any()
    assert np.array_equal(takes[0], takes[1])


def test_all_sound_off_silences_what_rings_and_all_notes_off_does_not() -> None:
    for controller in (120, 123):
        machine = wet_machine((ALL,), release=0.001, delay_feedback=0.9)
        load(machine, NOISE)
        press(machine, ROOT)
        play(machine, 12000)
        turn(machine, controller, 0)
        heard = play(machine, 4800)
        after = np.abs(heard[:, int(0.03 * RATE) :])
        assert after.any() == (controller == 123)
        assert np.abs(np.diff(heard)).max() < 0.5, "no click"
        assert machine.rings == (controller == 123)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_broken_effect_starts_anew(effect: int, value: float) -> None:
    machine = noisy(48000)
    press(machine, ROOT)
    play(machine, 4800)
    machine.memory.rack["lines"] = value
    heard = play(machine, 4800)
    assert np.isfinite(heard).all()
    assert machine.snapshot().bad == len(EFFECTS)
    assert np.abs(heard[:, -64:]).max() > 0.01, "it plays on"
    assert np.isfinite(play(machine, 48000)).all()
    assert machine.snapshot().bad == len(EFFECTS)


def test_a_panic_brings_the_sends_back() -> None:
    machine = noisy()
    for controller in SENDS.values():
        turn(machine, controller, 127)
    play(machine, 1000)
    machine.send(NOW, 0xFF)
    play(machine, 64)
    assert list(machine.memory.rack["sends"]["goal"][0, : len(EFFECTS)]) == [
        WET["effects.plate"],
        WET["effects.ensemble"],
        WET["effects.delay"],
    ]


def test_a_restart_is_silent_at_once() -> None:
    machine = noisy()
    press(machine, ROOT)
    play(machine, 6000)
    restart(machine.memory)
    assert not machine.rings
    assert not play(machine, 4800).any()


def test_a_device_of_another_rate_finds_effects_silent() -> None:
    machine = noisy()
    press(machine, ROOT)
    play(machine, 6000)
    machine.retune(96000)
    turn(machine, 120, 0)
    assert not machine.rings
    press(machine, ROOT)
    assert np.abs(play(machine, 19200)).max() > 0.1
    assert machine.snapshot().bad == 0


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_keys_are_spread_at_constant_power(spread: float) -> None:
    machine = wet_machine((PartSettings(values={"effects.spread": spread}),), attack=0.0)
    load(machine, sine(1000.0, 12000))
    places = []
    for key in range(40, 80):
        press(machine, key)
        heard = play(machine, 480).astype(np.float64)
        turn(machine, 120, 0)
        play(machine, 4800)
        left, right = (float(side @ side) for side in heard)
        places.append((right - left) / (right + left))
        assert 0.25 * (np.sqrt(left) + np.sqrt(right)) ** 2 >= 0.5 * 0.5 * (left + right)
    assert np.abs(places).max() <= np.sin(np.pi / 2.0 * spread) + 1e-6
    assert np.std(places) >= 0.4 * spread
    assert (np.diff(places) != 0.0).all() == (spread > 0.0)

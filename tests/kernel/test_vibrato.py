"""Vibrato: what a render asks for is what its notes do, as far as the controllers let it."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from tests.kernel.small import RATE, ROOT, bend, load, play, press, sine, small_machine, turn

HZ = 1000.0
SECONDS = 4
HOP = 480  # frames, 10 ms, over which the pitch is measured
SPEED, DEPTH, DELAY = 76, 77, 78
SETTLED = slice(250, 380)  # hops: from 2.5 s on
FIVE = Vibrato(5.0, 10.0, 0.5)


class Swing(NamedTuple):
    """What was heard: Hz, cents to either side, cents in the middle."""

    rate: float
    depth: float
    middle: float


def sounding(vibrato: Vibrato, *controls: tuple[int, int], amount: float = 1.0) -> Machine:
    """A 1 kHz note on key ROOT that begins now."""
    machine = small_machine(1, SECONDS * RATE, vibrato=amount)
    load(machine, sine(HZ, SECONDS * RATE), vibrato=vibrato)
    for number, value in controls:
        turn(machine, number, value)
    press(machine, ROOT)
    return machine


def course(machine: Machine) -> NDArray[np.float64]:
    """Cents off 1 kHz in every 10 ms of the note."""
    heard = play(machine, (SECONDS * RATE * 24 // 25) // HOP * HOP)[0]
    turned = heard * np.exp(-2j * np.pi * HZ / RATE * np.arange(len(heard)))
    phases = np.unwrap(np.angle(turned.reshape(-1, HOP) @ np.hanning(HOP)))
    return np.asarray(1200 * np.log2(1 + np.gradient(phases) / HOP * RATE / (2 * np.pi * HZ)))


def heard_swing(cents: NDArray[np.float64]) -> Swing:
    settled = cents[SETTLED]
    middle = settled.mean()
    spectrum = np.abs(np.fft.rfft((settled - middle) * np.hanning(len(settled)), 8192))
    rate = spectrum.argmax() / 8192 * RATE / HOP
    kept = np.sin(2 * np.pi * rate * HOP / RATE) / (2 * np.pi * rate * HOP / RATE)  # by `gradient`
    return Swing(rate, spectrum.max() * 4 / (len(settled) - 1) / kept, middle)


@pytest.mark.parametrize("wanted", [FIVE, Vibrato(3.7, 2.0, 0.0), Vibrato(7.5, 40.0, 0.2)])
def test_a_note_swings_as_its_render_asks(wanted: Vibrato) -> None:
    swing = heard_swing(course(sounding(wanted)))
    assert swing.rate == pytest.approx(wanted.rate, abs=0.05)
    assert swing.depth == pytest.approx(wanted.depth, rel=0.03)
    assert swing.middle == pytest.approx(0.0, abs=0.05 * wanted.depth)


def test_it_grows_around_the_delay() -> None:
    cents = course(sounding(Vibrato(5.0, 20.0, 1.0)))
    assert np.abs(cents[5:75]).max() < 0.1
    assert 5.0 < np.abs(cents[92:112]).max() < 15.0  # a swing, about 1 s
    assert np.abs(cents[130:150]).max() == pytest.approx(20.0, rel=0.1)


@pytest.mark.parametrize(("value", "rate"), [(0, 2.5), (64, 5.0), (127, 10.0)])
def test_rate_control(value: int, rate: float) -> None:
    swing = heard_swing(course(sounding(FIVE, (SPEED, value))))
    assert swing.rate == pytest.approx(rate, abs=0.1)


@pytest.mark.parametrize(("value", "depth"), [(32, 5.0), (64, 10.0), (127, 60.0)])
def test_depth_control(value: int, depth: float) -> None:
    swing = heard_swing(course(sounding(FIVE, (DEPTH, value))))
    assert swing.depth == pytest.approx(depth, rel=0.04)


def test_the_depth_control_gives_vibrato_to_what_has_none() -> None:
    swing = heard_swing(course(sounding(NO_VIBRATO, (DEPTH, 127))))
    assert swing[:2] == pytest.approx((NO_VIBRATO.rate, 50.0), rel=0.04)


@pytest.mark.parametrize(("value", "begins"), [(0, 0.0), (64, 0.3), (127, 2.3)])
def test_delay_control(value: int, begins: float) -> None:
    cents = course(sounding(Vibrato(5.0, 20.0, 0.5), (DELAY, value)))
    first = np.argmax(np.abs(cents[3:]) > 2.0) + 3
    assert first * HOP / RATE == pytest.approx(begins + 0.1, abs=0.1)


@pytest.mark.parametrize(
    ("vibrato", "control", "amount"),
    [(NO_VIBRATO, 64, 1.0), (NO_VIBRATO, 0, 1.0), (FIVE, 0, 1.0), (FIVE, 127, 0.0)],
)
def test_no_depth_changes_no_bit(vibrato: Vibrato, control: int, amount: float) -> None:
    """The render itself comes out, sample for sample."""
    machine = sounding(vibrato, (DEPTH, control), amount=amount)
    plain = small_machine(1, SECONDS * RATE, vibrato=0.0)
    load(plain, sine(HZ, SECONDS * RATE))
    press(plain, ROOT)
    np.testing.assert_array_equal(play(machine, RATE), play(plain, RATE))


def test_the_amount_scales_the_depth() -> None:
    assert heard_swing(course(sounding(FIVE, amount=0.5))).depth == pytest.approx(5.0, rel=0.03)


def test_another_channel_keeps_its_own() -> None:
    machine = sounding(FIVE)
    turn(machine, DEPTH, 0, channel=3)
    assert heard_swing(course(machine)).depth == pytest.approx(10.0, rel=0.03)


def test_it_swings_about_the_bend() -> None:
    machine = sounding(FIVE)
    bend(machine, 1024)
    swing = heard_swing(course(machine))
    assert swing.middle == pytest.approx(25.0, abs=0.5)
    assert swing.depth == pytest.approx(10.0, rel=0.05)


def test_a_note_keeps_its_place_in_the_render() -> None:
    """Whatever it swings, it is where it would be without: what is to go on there comes in time."""
    machine = sounding(Vibrato(5.0, 10.0, 0.0))
    play(machine, 3 * RATE)
    voice = machine.voices()[0]
    position = (voice["position"] + voice["step"] * voice["elapsed"]) / 2**32
    assert position == pytest.approx(3 * RATE, abs=20)


def test_a_chord_does_not_sway_as_one() -> None:
    machine = small_machine(1, 12000)
    load(machine, sine(HZ, 12000), vibrato=FIVE)
    for key in range(ROOT, ROOT + 4):
        press(machine, key)
    play(machine, 64)
    phases = np.sort(machine.voices()["phase"] % 1.0)
    assert np.diff(phases, append=phases[0] + 1.0).min() > 0.1


def test_a_change_of_depth_is_smoothed() -> None:
    machine = sounding(Vibrato(5.0, 0.0, 0.0))
    play(machine, RATE // 2)
    turn(machine, DEPTH, 127)
    cents = course(machine)
    assert np.abs(np.diff(cents[:20])).max() < 20.0

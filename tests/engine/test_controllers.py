"""Controllers, bend and tuning: levels and frequencies, measured in the sound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.config import DRY
from gansynth_live.kernel.layout import S_MASTER_GAIN
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.parameters.controllers import Binding, Bindings, ControlMap
from gansynth_live.units import cents_between
from tests.kernel.small import (
    NOTE_ON,
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
    used_voices,
)

SETTLED = 4800  # frames after which every smoothing is over
HZ = 1000.0
LEVEL = 0.125


def level_of(*controls: tuple[int, int]) -> NDArray[np.float64]:
    """Left and right level of a note under some controllers, relative to its render."""
    machine = small_machine(1, RATE)
    load(machine, constant(RATE, LEVEL))
    press(machine, ROOT)
    for number, value in controls:
        turn(machine, number, value)
    return play(machine, SETTLED)[:, -1].astype(np.float64) / LEVEL


def mapped(bindings: Bindings, *parts: PartSettings) -> Machine:
    """A machine whose controllers move nothing else."""
    some = parts or (PartSettings(),)
    return Machine(RATE, DRY, slots=1, slot_seconds=1.0, parts=some, controls=ControlMap(bindings))


def hz_of(machine: Machine) -> float:
    """Frequency of what sounds: the strongest of the spectrum, refined by the phase's turning."""
    heard = play(machine, 12000)[0]
    near = np.abs(np.fft.rfft(heard * np.hanning(12000))).argmax() * RATE / 12000
    turned = heard * np.exp(-2j * np.pi * near / RATE * np.arange(12000))
    phases = np.unwrap(np.angle(turned.reshape(-1, 480) @ np.hanning(480)))
    slope = np.polyfit(np.arange(len(phases)) * 480, phases, 1)[0]
    return float(near + slope * RATE / (2.0 * np.pi))


@pytest.fixture
def tone() -> Machine:
    """A long 1 kHz note that sounds on key `ROOT`; which bends by 2 semitones."""
    machine = small_machine(1, 4 * RATE, bend_range=2.0)
    load(machine, sine(HZ, 4 * RATE, LEVEL))
    press(machine, ROOT)
    return machine


def parameter(machine: Machine, number: int, coarse: int, fine: int | None = None) -> None:
    """A registered parameter, and deselected afterwards."""
    turn(machine, 101, 0)
    turn(machine, 100, number)
    turn(machine, 6, coarse)
    if fine is not None:
        turn(machine, 38, fine)
    turn(machine, 101, 127)
    turn(machine, 100, 127)


def test_at_power_on() -> None:
    assert level_of() == pytest.approx((100 / 127) ** 2, rel=1e-5)


@settings(max_examples=20, deadline=None)
@given(volume=st.integers(0, 127), expression=st.integers(0, 127), pan=st.integers(0, 127))
def test_volume_expression_and_pan(volume: int, expression: int, pan: int) -> None:
    """Squared volume and expression; panning keeps the power, the centre both sides at 1."""
    left, right = level_of((7, volume), (11, expression), (10, pan))
    gain = (volume / 127.0 * expression / 127.0) ** 2
    assert left**2 + right**2 == pytest.approx(2.0 * gain**2, rel=1e-4, abs=1e-9)
    side = (pan - 64) / (63.0 if pan > 64 else 64.0)
    angle = np.pi / 4.0 * (1.0 + side)
    assert left == pytest.approx(np.sqrt(2.0) * gain * np.cos(angle), rel=1e-4, abs=1e-5)


def test_hard_left_and_hard_right() -> None:
    assert level_of((7, 127), (10, 0))[1] == pytest.approx(0.0, abs=1e-6)
    assert level_of((7, 127), (10, 127))[0] == pytest.approx(0.0, abs=1e-6)
    assert level_of((7, 127), (10, 64)) == pytest.approx([1.0, 1.0], rel=1e-5)


def test_a_volume_step_is_smoothed() -> None:
    machine = small_machine(1, RATE)
    load(machine, constant(RATE, LEVEL))
    turn(machine, 7, 127)
    press(machine, ROOT)
    play(machine, SETTLED)
    turn(machine, 7, 0)
    heard = play(machine, SETTLED)[0] / LEVEL
    assert heard[-1] == pytest.approx(0.0, abs=1e-6)
    assert np.abs(np.diff(heard)).max() < 0.01


def test_a_controller_belongs_to_its_channel() -> None:
    machine = small_machine(1, RATE)
    load(machine, constant(RATE, LEVEL))
    turn(machine, 7, 0, channel=3)
    press(machine, ROOT)
    assert play(machine, SETTLED)[0, -1] > 0.05


@settings(max_examples=12, deadline=None)
@given(value=st.integers(-8192, 8191), semitones=st.integers(0, 24), cents=st.integers(0, 99))
def test_bend_and_its_range(value: int, semitones: int, cents: int) -> None:
    machine = small_machine(1, 4 * RATE)
    load(machine, sine(HZ, 4 * RATE, LEVEL))
    press(machine, ROOT)
    parameter(machine, 0, semitones, cents)
    bend(machine, value)
    play(machine, SETTLED)
    bent = value / (8191.0 if value > 0 else 8192.0) * (semitones + cents / 100.0)
    assert cents_between(hz_of(machine), HZ) == pytest.approx(100.0 * bent, abs=0.1)


@pytest.mark.parametrize(("value", "cents"), [(-8192, -200.0), (0, 0.0), (8191, 200.0)])
def test_the_ends_of_the_bend(tone: Machine, value: int, cents: float) -> None:
    bend(tone, value)
    play(tone, SETTLED)
    assert cents_between(hz_of(tone), HZ) == pytest.approx(cents, abs=0.1)


@pytest.mark.parametrize(
    ("coarse", "fine", "cents"),
    [(64, 0, 0.0), (0, 0, -100.0), (127, 127, 100.0 * 8191 / 8192), (72, 64, 13.28125)],
)
def test_fine_tuning(tone: Machine, coarse: int, fine: int, cents: float) -> None:
    parameter(tone, 1, coarse, fine)
    play(tone, SETTLED)
    assert cents_between(hz_of(tone), HZ) == pytest.approx(cents, abs=0.1)


@pytest.mark.parametrize(("value", "cents"), [(64, 0.0), (52, -1200.0), (71, 700.0)])
def test_coarse_tuning(tone: Machine, value: int, cents: float) -> None:
    parameter(tone, 2, value)
    play(tone, SETTLED)
    assert cents_between(hz_of(tone), HZ) == pytest.approx(cents, abs=0.1)


def test_bend_and_tunings_add_up(tone: Machine) -> None:
    parameter(tone, 2, 63)
    parameter(tone, 1, 96)
    bend(tone, 8191)
    play(tone, SETTLED)
    assert cents_between(hz_of(tone), HZ) == pytest.approx(-100.0 + 50.0 + 200.0, abs=0.1)


@pytest.mark.parametrize("select", [((99, 0), (98, 0)), ((101, 127), (100, 127)), ((101, 5),)])
def test_data_entry_without_a_known_parameter(
    tone: Machine, select: tuple[tuple[int, int], ...]
) -> None:
    turn(tone, 101, 0)
    turn(tone, 100, 0)
    for number, value in select:
        turn(tone, number, value)
    turn(tone, 6, 24)
    bend(tone, 8191)
    play(tone, SETTLED)
    assert cents_between(hz_of(tone), HZ) == pytest.approx(200.0, abs=0.1)


def test_a_bend_glides(tone: Machine) -> None:
    """Phase goes on: no step in the wave is larger than the higher note's own steps."""
    parameter(tone, 0, 12)
    play(tone, SETTLED)
    bend(tone, 8191)
    heard = play(tone, SETTLED)[0]
    steepest = 2.0 * np.pi * 2.0 * HZ / RATE * LEVEL * (100 / 127) ** 2
    assert np.abs(np.diff(heard)).max() < 1.01 * steepest


@pytest.mark.parametrize(("value", "scale"), [(0, 0.125), (64, 1.0), (127, 8.0)])
def test_release_time(value: int, scale: float) -> None:
    machine = small_machine(1, 4 * RATE, attack=0.0, release=0.4)
    load(machine, constant(4 * RATE, LEVEL))
    turn(machine, 72, value)
    press(machine, ROOT)
    before = play(machine, 1000)[0, -1]
    lift(machine, ROOT)
    after = play(machine, int(0.4 * RATE * scale) + 1)[0, -1]
    assert 20.0 * np.log10(before / after) == pytest.approx(60.0, abs=0.2)


@pytest.mark.parametrize(("value", "scale"), [(0, 0.125), (64, 1.0), (127, 8.0)])
def test_attack_time(value: int, scale: float) -> None:
    machine = small_machine(1, 2 * RATE, attack=0.04)
    load(machine, constant(2 * RATE, LEVEL))
    turn(machine, 73, value)
    press(machine, ROOT)
    heard = play(machine, RATE)[0] / (LEVEL * (100 / 127) ** 2)
    assert np.argmax(heard > 1.0 - 1e-5) == pytest.approx(0.04 * RATE * scale, abs=2)


@pytest.mark.parametrize(("value", "scale"), [(0, 0.125), (64, 1.0), (127, 8.0)])
def test_decay_time(value: int, scale: float) -> None:
    machine = small_machine(1, 4 * RATE, attack=0.0, decay=0.4, sustain=0.5)
    load(machine, constant(4 * RATE, LEVEL))
    turn(machine, 75, value)
    press(machine, ROOT)
    at = int(0.4 * RATE * scale) + 1
    heard = play(machine, at + 1)[0] / (LEVEL * (100 / 127) ** 2)
    assert heard[at] == pytest.approx(0.5005, abs=2e-4)


@pytest.mark.parametrize(("value", "decibels"), [(0, -9.7), (64, 0.0), (127, 11.4)])
def test_brightness(value: int, decibels: float) -> None:
    """CC 74 of any channel; the shelf reaches 12 dB below half the sample rate."""
    levels = []
    for brightness in (64, value):
        machine = small_machine(1, RATE)
        load(machine, sine(18000.0, RATE, 0.02))
        turn(machine, 74, brightness, channel=5)
        press(machine, ROOT)
        play(machine, SETTLED)
        levels.append(np.sqrt(np.mean(play(machine, SETTLED)[0].astype(np.float64) ** 2)))
    assert 20.0 * np.log10(levels[1] / levels[0]) == pytest.approx(decibels, abs=0.3)


def test_brightness_on_another_controller() -> None:
    machine = mapped({"voice.brightness": (Binding(20),)})
    turn(machine, 74, 127)
    play(machine, 1)
    assert machine.memory.parts[0].brightness == 0.0
    turn(machine, 20, 127)
    play(machine, 1)
    assert machine.memory.parts[0].brightness == 1.0


def test_a_reset_brings_the_brightness_of_the_settings_back() -> None:
    machine = small_machine(brightness=-0.5)
    turn(machine, 74, 127)
    machine.send(NOW, 0xFF)
    play(machine, 1)
    assert machine.memory.parts[0].brightness == -0.5


def test_reset_controllers(tone: Machine) -> None:
    """RP-015: expression, bend, pedals; not volume, pan, times, vibrato, tuning, bend range."""
    parameter(tone, 0, 12)
    for number, value in ((7, 90), (10, 30), (11, 20), (64, 127), (67, 127), (72, 100)):
        turn(tone, number, value)
    for number, value in ((76, 127), (77, 32), (78, 127)):
        turn(tone, number, value)
    bend(tone, 8191)
    play(tone, 64)
    lift(tone, ROOT)
    turn(tone, 121, 0)
    play(tone, 64)
    state = tone.memory.channels[0]
    assert (state.expression, state.bend, state.sustain, state.soft) == (1.0, 0.0, 0.0, 0.0)
    assert (state.volume, state.pan, state.bend_range) == (90 / 127, (30 - 64) / 64, 12.0)
    assert state.release_scale > 1.0
    assert (state.vibrato_rate, state.vibrato_depth, state.vibrato_delay) == (2.0, -0.5, 1.0)
    assert state.ratio == 1.0
    play(tone, 3 * RATE)
    assert used_voices(tone) == 0


def test_system_reset(tone: Machine) -> None:
    """Everything as at power-on, and silence within the fade."""
    fresh = small_machine(1, 4 * RATE, bend_range=2.0)
    play(fresh, 1)
    parameter(tone, 0, 12)
    parameter(tone, 1, 12)
    for number in (7, 10, 11, 64, 66, 67, 72, 73, 75, 76, 77, 78):
        turn(tone, number, 99)
    bend(tone, 8191)
    tone.send(-1, 0xFF)
    play(tone, 500)
    assert used_voices(tone) == 0
    assert tone.memory.channels.tobytes() == fresh.memory.channels.tobytes()


def test_controllers_without_a_meaning_here(tone: Machine) -> None:
    """Modulation, bank, portamento: passed on, but the sound stays.

    So does it with pressure, where that is not set to brighten.
    """
    other = small_machine(1, 4 * RATE, bend_range=2.0)
    load(other, sine(HZ, 4 * RATE, LEVEL))
    press(other, ROOT)
    for number in (0, 1, 2, 5, 16, 32, 65, 71, 92, 95, 96, 97, 122):
        turn(tone, number, 127)
    for status in (0xA0, 0xC0, 0xD0):
        tone.send(-1, status, 60, 99)
    tone.send(-1, NOTE_ON, 61, 0)
    assert np.array_equal(play(tone, 2000), play(other, 2000))


def test_a_controller_moves_what_the_map_says_between_its_ends() -> None:
    bindings = {
        "voice.attack": (Binding(80, low=0.0, high=1.0, curve="linear"),),
        "output.gain_db": (Binding(80, low=-12.0, high=0.0),),
    }
    machine = mapped(bindings)
    turn(machine, 80, 127)
    play(machine, 1)
    assert machine.memory.parts[0].attack == RATE
    assert machine.memory.settings[S_MASTER_GAIN] == 1.0
    turn(machine, 80, 0, channel=9)
    play(machine, 1)
    assert machine.memory.parts[0].attack == 0.0
    assert machine.memory.settings[S_MASTER_GAIN] == pytest.approx(10 ** (-12 / 20))
    machine.send(NOW, 0xFF)
    play(machine, 1)
    assert machine.memory.parts[0].attack == pytest.approx(0.002 * RATE)
    assert machine.memory.settings[S_MASTER_GAIN] == 1.0


def test_a_channel_of_its_own_takes_no_part_in_the_others() -> None:
    bindings = {"channel.volume": (Binding(7),), "channel.pan": (Binding(7, channel=2),)}
    machine = mapped(bindings)
    for channel in (0, 1):
        turn(machine, 7, 0, channel=channel)
    play(machine, 1)
    channels = machine.memory.channels
    assert (channels[0].volume, channels[0].pan) == (0.0, 0.0)
    assert (channels[1].volume, channels[1].pan) == (100 / 127, -1.0)


def test_a_part_is_moved_by_its_own_channels() -> None:
    parts = PartSettings((1,)), PartSettings((2,)), PartSettings((1, 3))
    machine = mapped({"voice.sustain": (Binding(80),)}, *parts)
    turn(machine, 80, 0)
    play(machine, 1)
    assert list(machine.memory.parts["sustain"][:3]) == [0.0, 1.0, 0.0]


def test_fourteen_bits() -> None:
    machine = mapped({"channel.expression": (Binding(11, fine=True),)})
    heard = []
    for coarse, fine in ((0, None), (64, None), (64, 64), (127, None), (127, 127)):
        turn(machine, 11, coarse)
        if fine is not None:
            turn(machine, 11 + 32, fine)
        play(machine, 1)
        heard.append(float(machine.memory.channels[0].expression))
    assert heard == pytest.approx([0.0, 8192 / 16383, 8256 / 16383, 16256 / 16383, 1.0])


def test_a_controller_that_takes_over_waits_until_it_meets_the_value() -> None:
    machine = mapped({"channel.volume": (Binding(7, takeover=True),)})
    volumes = []
    for value in (10, 90, 105, 50):
        turn(machine, 7, value)
        play(machine, 1)
        volumes.append(round(127 * machine.memory.channels[0].volume))
    assert volumes == [100, 100, 105, 50]


@pytest.mark.parametrize("number", [*range(64), 92, 119])
def test_a_number_that_moves_nothing(number: int) -> None:
    machine = mapped({})
    play(machine, 1)
    before = machine.memory.channels.tobytes(), machine.memory.part_numbers.tobytes()
    if number not in (6, 38):
        turn(machine, number, 99)
        play(machine, 1)
    assert (machine.memory.channels.tobytes(), machine.memory.part_numbers.tobytes()) == before

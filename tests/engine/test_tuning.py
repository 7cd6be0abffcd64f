"""Tuned keys: each at the pitch of its scale, from the render of the nearest whole one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.config import DRY
from gansynth_live.kernel.layout import FREE, KEYS
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.parameters.parameter import Value
from gansynth_live.parameters.table import find
from gansynth_live.tuning.keys import tuned_keys
from gansynth_live.units import cents_between, key_to_hz
from tests.kernel.small import RATE, lift, play, press, sine, turn, used_voices
from tests.tuning.scales import BOHLEN_PIERCE, MEANTONE, equal, keyboard_map

LOW, HIGH = 48, 84  # pitches that a model would have
FRAMES, HEARD = 48_000, 12_000
PLAIN: dict[str, Value] = {"voice.velocity_curve": 0.0, "voice.polyphony": 32, **DRY}
PELOG = keyboard_map((0, None, 1, None, 2, None, 3), octave=4, hertz=430.0)


def tuned_machine(*parts: PartSettings, frames: int = FRAMES, **tuning: Value) -> Machine:
    """Sines of all pitches LOW..HIGH, in a slot each; what lies beyond plays the last one."""
    values = {**PLAIN, **{f"tuning.{key}": value for key, value in tuning.items()}}
    some = parts or (PartSettings(),)
    machine = Machine(RATE, values, HIGH - LOW + 1, frames / RATE, some)
    for slot, pitch in enumerate(range(LOW, HIGH + 1)):
        machine.slots.begin(slot)
        machine.slots.fill(slot, sine(key_to_hz(pitch), frames, 0.1))
        machine.slots.finish(slot)
        low, high = 0 if pitch == LOW else pitch, KEYS - 1 if pitch == HIGH else pitch
        for part in range(len(some)):
            assert machine.publish(slot, pitch, low, high, part=part)
    return machine


def heard(machine: Machine, key: int, channel: int = 0) -> NDArray[np.float32]:
    """One touch of a key, the left side."""
    press(machine, key, channel=channel)
    left: NDArray[np.float32] = play(machine, HEARD)[0]
    return left


def hertz_of(sound: NDArray[np.float32]) -> float:
    """Frequency of a sine: from its phase at two places."""
    steady = sound[1000:].astype(np.float64)
    window = np.hanning(len(steady) // 2)
    first, second = steady[: len(window)], steady[len(window) : 2 * len(window)]
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady)), 8 * len(steady)))
    coarse = spectrum.argmax() * RATE / (8 * len(steady))
    wave = window * np.exp(-2j * np.pi * coarse / RATE * np.arange(len(window)))
    expected = np.exp(-2j * np.pi * coarse / RATE * len(window))
    turned = np.angle((second @ wave) / (first @ wave) * expected)
    return float(coarse + turned / (2 * np.pi) * RATE / len(window))


def fresh(machine: Machine) -> None:
    """Silence what sounds."""
    turn(machine, 120, 0)
    play(machine, 4000)
    assert used_voices(machine) == 0


@pytest.mark.parametrize(
    ("scale", "keyboard", "a4"),
    [
        (MEANTONE, "", 440.0),
        (equal(19), "", 415.0),
        (BOHLEN_PIERCE, keyboard_map(middle=60, reference=60, hertz=300.0), 440.0),
        (equal(5), PELOG, 440.0),
        ("", "", 432.0),
    ],
)
def test_every_key_sounds_within_a_cent_of_its_pitch(scale: str, keyboard: str, a4: float) -> None:
    machine = tuned_machine(scale=scale, map=keyboard, a4=a4)
    for key, pitch in enumerate(tuned_keys(scale, keyboard, a4)):
        if pitch is None or not LOW - 12 < pitch < HIGH + 18:
            continue
        measured = hertz_of(heard(machine, key))
        assert abs(cents_between(measured, key_to_hz(pitch))) < 1.0, key
        [voice] = machine.memory.voices[machine.memory.voices["stage"] != FREE]
        resampled = abs(1200.0 * np.log2(float(voice["rate"])))
        if LOW <= pitch <= HIGH:
            assert resampled <= 50.0 + 1e-9, "from the nearest render"
        fresh(machine)


def test_without_a_tuning_not_one_bit_differs() -> None:
    """Keys between the renders' pitches too, which are resampled."""
    plain, named = tuned_machine(), tuned_machine(scale=equal(12), map=keyboard_map(range(12)))
    for key in (30, 48, 60, 61, 84, 100):
        np.testing.assert_array_equal(heard(plain, key), heard(named, key))
        [voice] = plain.memory.voices[plain.memory.voices["stage"] != FREE]
        root = min(max(key, LOW), HIGH)
        assert float(voice["rate"]) == 2.0 ** ((key - root) / 12.0)
        fresh(plain)
        fresh(named)


def test_a_whole_pitch_is_its_render_bit_for_bit() -> None:
    quarter = tuned_machine(scale=equal(24))
    plain = tuned_machine()
    np.testing.assert_array_equal(heard(quarter, 66), heard(plain, 63))


def test_keys_that_are_left_out_are_silent_and_begin_nothing() -> None:
    machine = tuned_machine(map=keyboard_map((0, None), first=50, last=70, octave=2))
    for key in (49, 50, 61, 62, 71):
        press(machine, key)
    play(machine, 100)
    lift(machine, 61)
    play(machine, 100)
    begun = [event.serial for event in machine.performed()]
    assert begun == [0, 1, 0, 2, 0, 0]
    assert machine.snapshot().notes == 2
    assert used_voices(machine) == 2


def test_each_part_has_a_tuning_of_its_own() -> None:
    parts = (
        PartSettings((1,), values={"tuning.scale": equal(24)}),
        PartSettings((2,), transpose=12),
        PartSettings((3,), values={"tuning.map": keyboard_map((0, None), octave=2)}),
    )
    machine = tuned_machine(*parts, a4=415.0)
    lower = 12 * np.log2(415.0 / 440.0)
    for channel, pitch in enumerate((60.5 + lower, 73 + lower)):
        measured = hertz_of(heard(machine, 61, channel))
        assert abs(cents_between(measured, key_to_hz(pitch))) < 1.0
        for each in range(2):
            turn(machine, 120, 0, channel=each)
        play(machine, 4000)
    assert not heard(machine, 61, 2).any()


def test_bends_are_of_equal_size_in_every_scale() -> None:
    machine = tuned_machine(scale=equal(5))
    machine.send(-1, 0xE0, 127, 127)  # 2 semitones up
    measured = hertz_of(heard(machine, 62))
    assert abs(cents_between(measured, key_to_hz(60 + 2 * 2.4 + 2))) < 1.0


def test_a_new_tuning_is_for_new_notes() -> None:
    machine = tuned_machine()
    press(machine, 60)
    play(machine, 2000)
    machine.change(find("tuning.scale"), equal(24))
    rest = play(machine, 9000)[0]
    assert abs(cents_between(hertz_of(rest), key_to_hz(60))) < 1.0
    fresh(machine)
    assert abs(cents_between(hertz_of(heard(machine, 63)), key_to_hz(61.5))) < 1.0
    fresh(machine)
    machine.change(find("tuning.a4"), 452.8929841231365)  # 50 cents
    assert abs(cents_between(hertz_of(heard(machine, 63)), key_to_hz(62))) < 1.0


def test_a_key_waits_for_the_render_of_its_own_pitch() -> None:
    machine = Machine(RATE, {**PLAIN, "tuning.scale": equal(24)}, 2, FRAMES / RATE)
    for slot in range(2):
        machine.slots.begin(slot)
        machine.slots.fill(slot, sine(440.0, FRAMES))
        machine.slots.finish(slot)
    press(machine, 70)  # sounds at 65
    play(machine, 100)
    machine.publish(0, 70, 70, 70)
    play(machine, 100)
    assert machine.snapshot().voices == 0
    machine.publish(1, 65, 65, 65)
    play(machine, 100)
    assert [int(voice["slot"]) for voice in machine.voices()] == [1]


steps = st.lists(st.integers(-300, 700), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(steps, st.integers(-48, 48), st.lists(st.integers(0, 127), min_size=1, max_size=8))
def test_kernel_and_python_agree_where_a_key_starts(
    cents: list[int], transpose: int, keys: list[int]
) -> None:
    lines = "".join(f"{each}.0\n" for each in np.cumsum(cents).tolist())
    scale = f"any\n{len(cents)}\n{lines}"
    parts = (PartSettings(transpose=transpose),)
    machine = Machine(RATE, {**PLAIN, "tuning.scale": scale}, 1, 0.01, parts)
    for key in keys:
        press(machine, key)
    play(machine, 1)
    voices = machine.memory.voices[machine.memory.voices["stage"] != FREE]
    assert all(
        int(voice["row"]) == machine.tunings.pitch_of(0, int(voice["key"])) for voice in voices
    )
    assert {int(voice["key"]) for voice in voices} == set(keys)
    assert all(abs(np.log2(float(voice["rate"]))) <= 0.5 / 12 + 1e-12 for voice in voices)


@settings(max_examples=20, deadline=None)
@given(
    first=st.integers(50, 70),
    then=st.integers(50, 70),
    scale=st.sampled_from([equal(24), equal(19), equal(7), MEANTONE]),
)
def test_a_voice_that_moves_is_in_tune_too(first: int, then: int, scale: str) -> None:
    """Also where both keys start from one render: it is bent by what is between them."""
    struck = hertz_of(heard(tuned_machine(scale=scale), then))
    machine = tuned_machine(PartSettings(values={"voice.mode": "legato"}), scale=scale)
    press(machine, first)
    play(machine, HEARD // 2)
    press(machine, then)
    play(machine, HEARD // 4)
    assert abs(cents_between(hertz_of(play(machine, HEARD)[0]), struck)) < 1.0

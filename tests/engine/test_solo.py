"""Mono and legato: which key sounds, and how the one voice gets there."""

import numpy as np
import pytest

from gansynth_live.kernel.layout import DECAY, FADE, FREE, RELEASE
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import PartSettings
from tests.kernel.small import (
    RATE,
    ROOT,
    by_id,
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

RENDER = 0.25  # level of the renders
LEVEL = RENDER * (100 / 127) ** 2  # and what is heard of it, at the volume of power-on
GAP = 2000  # frames between two messages
SUSTAIN, SOSTENUTO, LEGATO, MONO, POLY = 64, 66, 68, 126, 127


def solo(mode: str = "mono", priority: str = "last", **others: float | str) -> Machine:
    """A machine with a steady sound for all keys."""
    how: dict[str, float | str] = {"attack": 0.0, "release": 0.1, "mode": mode, **others}
    machine = small_machine(1, 6 * RATE, RATE, priority=priority, **how)
    load(machine, constant(6 * RATE, RENDER))
    return machine


def sounding(machine: Machine) -> list[int]:
    """Keys whose voices are neither released nor fading."""
    play(machine, GAP)
    voices = machine.memory.voices
    found = (voices["stage"] != FREE) & (voices["stage"] != FADE) & (voices["released"] == 0)
    return sorted(int(key) for key in voices[found]["key"])


def perform(machine: Machine, score: str) -> list[list[int]]:
    """What sounds after each of the messages, such as "+60 -60 *64": keys, and pedals up or down.

    A pedal goes down with ``*`` and up with ``.``.
    """
    heard = []
    for word in score.split():
        number = int(word[1:])
        match word[0]:
            case "+":
                press(machine, number)
            case "-":
                lift(machine, number)
            case sign:
                turn(machine, number, 127 if sign == "*" else 0)
        heard.append(sounding(machine))
    return heard


@pytest.mark.parametrize("mode", ["mono", "legato"])
@pytest.mark.parametrize(
    ("priority", "score", "keys"),
    [
        ("last", "+60 +64 +62 -62 -64 -60", [60, 64, 62, 64, 60, 0]),
        ("last", "+60 +64 -60 -64", [60, 64, 64, 0]),
        ("last", "+60 +64 +67 -64 -67 -60", [60, 64, 67, 67, 60, 0]),
        ("high", "+60 +64 +62 -64 -62 -60", [60, 64, 64, 62, 60, 0]),
        ("high", "+64 +60 -60 -64", [64, 64, 64, 0]),
        ("low", "+64 +60 +62 -60 -62 -64", [64, 60, 60, 62, 64, 0]),
        ("low", "+60 +60 -60", [60, 60, 0]),
        ("last", "+60 +64 +60 -60 -64", [60, 64, 60, 64, 0]),
        # Pedals keep what sounds, and are never returned to.
        ("last", "*64 +60 -60 +64 -64 .64", [0, 60, 60, 64, 64, 0]),
        ("last", "*64 +60 +64 -64 +64 -64 -60 .64", [0, 60, 64, 60, 64, 60, 60, 0]),
        ("last", "+60 *66 -60 +64 -64 .66", [60, 60, 60, 64, 0, 0]),
        ("last", "*64 +60 -60 +60 .64 -60", [0, 60, 60, 60, 60, 0]),
        ("last", "+60 +64 *64 -60 -64 .64", [60, 64, 64, 64, 64, 0]),
        # A voice that is kept, not held, still wins by its key; one in its release does not.
        ("high", "*64 +67 -67 +60 .64 -60", [0, 67, 67, 67, 0, 0]),
        ("high", "+67 -67 +60 -60", [67, 0, 60, 0]),
    ],
)
def test_which_key_sounds(mode: str, priority: str, score: str, keys: list[int]) -> None:
    machine = solo(mode, priority)
    assert perform(machine, score) == [[key] if key else [] for key in keys]
    play(machine, RATE // 2)
    assert used_voices(machine) == 0


def test_mono_strikes_anew_with_the_velocity_of_the_key() -> None:
    machine = solo("mono", attack=0.1)
    press(machine, 60, 127)
    play(machine, RATE // 4)
    press(machine, 64, 64)
    heard = play(machine, RATE // 4)[0]
    assert heard[400] < 0.2 * LEVEL  # the old one has faded, the new one begins
    assert heard[-1] == pytest.approx(LEVEL * 64 / 127, rel=1e-3)
    lift(machine, 64)
    assert play(machine, RATE // 4)[0, -1] == pytest.approx(LEVEL, rel=1e-3)
    assert machine.snapshot().notes == 3


def test_legato_goes_on_at_its_level() -> None:
    """No stroke, no dip, no other velocity; and back again."""
    machine = solo("legato", attack=0.3, velocity_curve=1.0)
    press(machine, 60, 100)
    play(machine, RATE // 2)
    for key, velocity in ((64, 20), (72, 127)):
        press(machine, key, velocity)
        assert play(machine, RATE // 4)[0] == pytest.approx(LEVEL * 100 / 127, rel=2e-3)
    lift(machine, 72)
    assert play(machine, RATE // 4)[0] == pytest.approx(LEVEL * 100 / 127, rel=2e-3)


def test_legato_in_the_attack_goes_on_rising() -> None:
    machine = solo("legato", attack=0.2)
    press(machine, 60)
    play(machine, RATE // 10)
    press(machine, 64)
    heard = play(machine, RATE // 5)[0]
    assert np.all(np.diff(heard) > -1e-5)
    assert heard[0] > 0.4 * LEVEL
    assert heard[-1] == pytest.approx(LEVEL, rel=1e-3)


@pytest.mark.parametrize(("start", "goal"), [(60, 61), (60, 67), (72, 60), (48, 79)])
@pytest.mark.parametrize("seconds", [0.0, 0.08])
def test_legato_is_in_phase(start: int, goal: int, seconds: float) -> None:
    """The sine neither clicks nor loses level while one render hands over to the other."""
    hz = 440.0 * 2.0 ** ((ROOT - 69) / 12.0)
    machine = small_machine(1, 6 * RATE, attack=0.0, mode="legato", glide=seconds)
    load(machine, sine(hz, 6 * RATE, RENDER))
    press(machine, start)
    play(machine, RATE // 3 + 77)
    press(machine, goal)
    heard = play(machine, RATE // 4)[0].astype(np.float64)
    period = int(RATE / (hz * 2.0 ** ((min(start, goal) - ROOT) / 12.0))) + 1
    windows = np.lib.stride_tricks.sliding_window_view(np.abs(heard), period)
    peaks = windows.max(1)
    assert peaks.min() > 0.93 * LEVEL
    assert peaks.max() < 1.01 * LEVEL
    fastest = 2.0 * np.pi * hz * 2.0 ** ((max(start, goal) - ROOT) / 12.0) / RATE
    assert np.abs(np.diff(heard)).max() < 1.05 * LEVEL * fastest


def test_a_released_voice_is_struck_anew() -> None:
    machine = solo("legato", attack=0.1)
    press(machine, 60)
    play(machine, RATE // 4)
    lift(machine, 60)
    play(machine, 1000)
    press(machine, 64)
    assert play(machine, 1000)[0, -1] < 0.5 * LEVEL
    assert sounding(machine) == [64]


def test_legato_without_a_render_bends_the_one_that_sounds() -> None:
    machine = small_machine(2, 6 * RATE, attack=0.0, mode="legato")
    load(machine, constant(6 * RATE, RENDER))
    machine.withdraw(64, 127)
    press(machine, 60)
    play(machine, RATE // 4)
    press(machine, 67)
    assert play(machine, RATE // 4)[0] == pytest.approx(LEVEL, rel=1e-3)
    [voice] = machine.memory.voices[machine.memory.voices["stage"] == DECAY]
    assert (voice.key, voice.step) == (67, int(2.0 ** (7 / 12) * 2.0**32))
    lift(machine, 67)
    assert sounding(machine) == [60]


def test_the_legato_pedal() -> None:
    machine = solo("poly", attack=0.2)
    press(machine, 60)
    play(machine, RATE // 2)
    turn(machine, LEGATO, 127)
    press(machine, 64)
    assert play(machine, RATE // 4)[0] == pytest.approx(LEVEL, rel=2e-3)
    lift(machine, 64)
    assert sounding(machine) == [60]
    turn(machine, LEGATO, 0)
    press(machine, 64)
    assert sounding(machine) == [60, 64]
    for key in (60, 64):
        lift(machine, key)
    assert sounding(machine) == []


def test_mode_messages() -> None:
    machine = solo("poly")
    for key in (60, 64):
        press(machine, key)
    turn(machine, MONO, 2)
    assert sounding(machine) == [60, 64]
    turn(machine, MONO, 1)
    assert sounding(machine) == []
    for key in (60, 64):
        press(machine, key)
    assert sounding(machine) == [64]
    turn(machine, POLY, 0)
    assert sounding(machine) == []
    lift(machine, 64)
    assert sounding(machine) == []
    for key in (60, 64):
        press(machine, key)
    assert sounding(machine) == [60, 64]


@pytest.mark.parametrize("setting", ["mode", "priority"])
def test_a_change_of_how_it_plays_lets_go_of_all(setting: str) -> None:
    machine = solo("mono")
    for key in (60, 64):
        press(machine, key)
    play(machine, 100)
    machine.set(setting, 2.0)
    assert sounding(machine) == []
    lift(machine, 64)
    assert sounding(machine) == []


@pytest.mark.parametrize(("status", "control"), [(0xB0, 120), (0xB0, 123), (0xFF, 0)])
def test_what_ends_all_leaves_no_key_to_return_to(status: int, control: int) -> None:
    machine = solo("mono")
    for key in (60, 64):
        press(machine, key)
    play(machine, 100)
    machine.send(-1, status, control, 0)
    assert sounding(machine) == []
    lift(machine, 64)
    assert sounding(machine) == []
    assert used_voices(machine) == 0 or set(machine.memory.voices["stage"]) <= {FREE, RELEASE}


def test_layers_glide_together() -> None:
    values = by_id({"mode": "mono", "glide": 0.2, "attack": 0.0})
    parts = PartSettings(), PartSettings(transpose=12)
    machine = Machine(RATE, {**values, "voice.polyphony": 8}, 1, 6.0, parts)
    machine.slots.begin(0)
    for part in range(2):
        machine.publish(0, ROOT, 0, 127, part=part)
    machine.slots.fill(0, constant(6 * RATE, RENDER))
    machine.slots.finish(0)
    press(machine, 60)
    play(machine, RATE // 4)
    press(machine, 64)
    play(machine, RATE // 10)
    voices = machine.memory.voices
    assert sorted(voices["glide"][voices["stage"] == DECAY]) == [-4.0, -4.0]
    turn(machine, 84, 72)
    press(machine, 60)
    play(machine, 64)
    latest = np.argsort(voices["serial"])[-2:]
    assert sorted(voices["glide"][latest]) == [12.0, 12.0]


def test_a_stroke_before_the_note_off_of_the_last_one_on_one_frame() -> None:
    """The note-off means the older stroke: the key is still down."""
    machine = solo("mono")
    press(machine, 60, frame=10)
    press(machine, 60, frame=1000)
    lift(machine, 60, frame=1000)
    assert sounding(machine) == [60]
    lift(machine, 60)
    assert sounding(machine) == []


def test_each_note_is_told_with_its_number() -> None:
    """Also one that a note-off returns to."""
    machine = solo("mono")
    for message in ((0x90, 60), (0x90, 64), (0x80, 64), (0x80, 60)):
        machine.send(-1, *message, 100)
    play(machine, 10)
    assert [event.serial for event in machine.performed()] == [1, 2, 3, 0]


def test_all_sound_off_does_not_wait_until_a_voice_has_handed_over() -> None:
    machine = solo("legato")
    press(machine, 60)
    play(machine, GAP)
    press(machine, 62)
    play(machine, 64)
    assert machine.snapshot().voices == 2
    turn(machine, 120, 0)
    play(machine, int(0.008 * RATE) + 64)
    assert machine.snapshot().voices == 0

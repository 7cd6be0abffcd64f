"""Keys and pedals."""

import numpy as np
import pytest

from gansynth_live.kernel.layout import FADE, FREE
from gansynth_live.kernel.machine import Machine
from tests.kernel.small import (
    RATE,
    ROOT,
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

MONO = 126  # the controller


@pytest.fixture
def machine() -> Machine:
    """One second of sound on every key."""
    machine = small_machine(1, RATE, attack=0.001, release=0.1)
    load(machine, constant(RATE, 0.05))
    return machine


def state(machine: Machine, key: int = ROOT) -> list[str]:
    """Of each voice of a key, oldest first: held, released or fading."""
    play(machine, 100)
    voices = machine.memory.voices
    mine = voices[(voices["stage"] != FREE) & (voices["key"] == key)]
    return [
        "fading" if voice.stage == FADE else "released" if voice.released else "held"
        for voice in mine[np.argsort(mine["born"], kind="stable")]
    ]


def strike(machine: Machine, key: int, channel: int = 0) -> None:
    """A key pressed, and heard a little."""
    press(machine, key, channel=channel)
    play(machine, 100)


def test_a_key(machine: Machine) -> None:
    press(machine, ROOT)
    assert state(machine) == ["held"]
    lift(machine, ROOT)
    assert state(machine) == ["released"]
    play(machine, RATE // 2)
    assert state(machine) == []


def test_velocity_0_is_a_note_off(machine: Machine) -> None:
    strike(machine, ROOT)
    press(machine, ROOT, 0)
    assert state(machine) == ["released"]
    assert machine.snapshot().notes == 1


def test_velocity_is_a_curve() -> None:
    levels = []
    for velocity in (1, 64, 127):
        machine = small_machine(1, RATE, velocity_curve=2.0)
        load(machine, constant(RATE, 0.1))
        press(machine, ROOT, velocity)
        levels.append(float(play(machine, 2000)[0, -1]))
    assert levels[1] / levels[2] == pytest.approx((64 / 127) ** 2, rel=1e-4)
    assert levels[0] / levels[2] == pytest.approx((1 / 127) ** 2, rel=1e-4)


def test_the_same_key_again(machine: Machine) -> None:
    """Two voices; letting go releases both."""
    press(machine, ROOT)
    press(machine, ROOT, 50)
    assert state(machine) == ["held", "held"]
    lift(machine, ROOT)
    assert state(machine) == ["released", "released"]


def test_a_stroke_before_the_note_off_of_the_last_one_on_one_frame(machine: Machine) -> None:
    """The note-off means the older note; the next one means both that are left."""
    for frame in (10, 2000, 4000):
        press(machine, ROOT, frame=frame)
        if frame > 10:
            lift(machine, ROOT, frame=frame)
    lift(machine, ROOT, frame=6000)
    newest = []
    for _ in range(4):
        play(machine, 1800)
        newest.append(state(machine)[-1])
    assert newest == ["held", "held", "held", "released"]


def test_strokes_on_one_frame_are_let_go_together(machine: Machine) -> None:
    for _ in range(2):
        press(machine, ROOT, frame=10)
    lift(machine, ROOT, frame=10)
    play(machine, 600)
    assert state(machine) == ["released", "released"]


@pytest.mark.parametrize("block", [1, 64, 512])
@pytest.mark.parametrize("length", [0, 1, 50, 479])
def test_a_note_sounds_for_10_ms_at_least(length: int, block: int) -> None:
    """However soon its key is let go, it is the note of 10 ms, to the bit."""
    heard = []
    for held in (length, RATE // 100):
        machine = small_machine(1, RATE, attack=0.002, release=0.1)
        load(machine, constant(RATE, 0.05))
        press(machine, ROOT, frame=100)
        lift(machine, ROOT, frame=100 + held)
        heard.append(play(machine, RATE // 4, block)[0])
    assert np.array_equal(heard[0], heard[1])
    assert heard[0][100 + RATE // 100] > 0.02
    assert used_voices(machine) == 0


@pytest.mark.parametrize("cap", [1, 2, 4])
def test_a_key_has_so_many_voices(cap: int) -> None:
    machine = small_machine(1, RATE, voices_per_key=cap, fade=0.01)
    load(machine, constant(RATE, 0.05))
    for _ in range(cap):
        press(machine, ROOT)
        play(machine, 500)
    press(machine, ROOT)
    press(machine, ROOT + 1)
    assert state(machine) == ["fading"] + ["held"] * cap
    press(machine, ROOT, channel=1)
    play(machine, 1000)
    assert machine.snapshot().voices == cap + 2, "other keys and channels have their own"
    assert machine.snapshot().stolen == 0


def test_channels_are_apart(machine: Machine) -> None:
    strike(machine, ROOT, channel=0)
    strike(machine, ROOT, channel=1)
    lift(machine, ROOT, channel=1)
    assert sorted(state(machine)) == ["held", "released"]


@pytest.mark.parametrize("pedal", [64, 66])
def test_a_pedal_keeps_what_is_let_go(machine: Machine, pedal: int) -> None:
    press(machine, ROOT)
    turn(machine, pedal, 127)
    lift(machine, ROOT)
    assert state(machine) == ["held"]
    turn(machine, pedal, 0)
    assert state(machine) == ["released"]


def test_sustain_keeps_new_notes_sostenuto_does_not(machine: Machine) -> None:
    for channel, pedal in ((0, 64), (1, 66)):
        turn(machine, pedal, 127, channel=channel)
        strike(machine, ROOT + channel, channel=channel)
        lift(machine, ROOT + channel, channel=channel)
    assert state(machine, ROOT) == ["held"]
    assert state(machine, ROOT + 1) == ["released"]


def test_sostenuto_under_sustain(machine: Machine) -> None:
    """Sustain going up leaves the notes that sostenuto caught."""
    press(machine, ROOT)
    turn(machine, 66, 127)
    strike(machine, ROOT + 1)
    turn(machine, 64, 127)
    lift(machine, ROOT)
    lift(machine, ROOT + 1)
    turn(machine, 64, 0)
    assert state(machine, ROOT) == ["held"]
    assert state(machine, ROOT + 1) == ["released"]
    turn(machine, 66, 0)
    assert state(machine, ROOT) == ["released"]


def test_a_key_held_again_under_sostenuto_stays(machine: Machine) -> None:
    """The pedal going up does not end a note whose key is still down."""
    press(machine, ROOT)
    turn(machine, 66, 127)
    turn(machine, 66, 0)
    assert state(machine) == ["held"]


@pytest.mark.parametrize(
    ("value", "stretch"), [(0, 1.0), (31, 1.0), (64, 1.0 + 8.0 * (64 / 127 - 0.25) / 0.5)]
)
def test_half_a_pedal_slows_the_release(value: int, stretch: float) -> None:
    machine = small_machine(1, 2 * RATE, attack=0.0, release=0.1, half_pedal=True)
    load(machine, constant(2 * RATE, 0.2))
    press(machine, ROOT)
    turn(machine, 64, value)
    before = play(machine, 1000)[0, -1]
    lift(machine, ROOT)
    frames = int(0.1 * RATE * stretch)
    after = play(machine, frames + 1)[0, -1]
    assert 20.0 * np.log10(before / after) == pytest.approx(60.0, abs=0.2)


@pytest.mark.parametrize(("value", "kept"), [(95, False), (96, True)])
def test_where_the_dampers_leave_the_strings(value: int, kept: bool) -> None:
    machine = small_machine(1, RATE, half_pedal=True)
    load(machine, constant(RATE, 0.1))
    strike(machine, ROOT)
    turn(machine, 64, value)
    lift(machine, ROOT)
    assert state(machine) == (["held"] if kept else ["released"])


@pytest.mark.parametrize(("value", "kept"), [(63, False), (64, True)])
def test_the_sustain_pedal_is_a_switch(value: int, kept: bool) -> None:
    levels = []
    for position in (value, 127 if kept else 0):
        machine = small_machine(1, RATE, release=0.1)
        load(machine, constant(RATE, 0.1))
        press(machine, ROOT)
        turn(machine, 64, position)
        lift(machine, ROOT)
        levels.append(play(machine, 2000))
        assert state(machine) == (["held"] if kept else ["released"])
    np.testing.assert_array_equal(levels[0], levels[1])


@pytest.mark.parametrize("pedal", [64, 66])
def test_pedals_may_be_inverted(pedal: int) -> None:
    machine = small_machine(1, RATE, invert_pedals=True)
    load(machine, constant(RATE, 0.1))
    press(machine, ROOT)
    turn(machine, pedal, 0)
    lift(machine, ROOT)
    assert state(machine) == ["held"]
    turn(machine, pedal, 127)
    assert state(machine) == ["released"]


def test_only_the_channels_that_are_set_are_heard() -> None:
    machine = small_machine(1, RATE, channels=(2, 16))
    load(machine, constant(RATE, 0.1))
    for channel in range(16):
        press(machine, ROOT + channel, channel=channel)
        turn(machine, 7, 0, channel=channel)
    play(machine, 64)
    assert sorted(machine.voices()["channel"]) == [1, 15]
    assert [round(127 * volume) for volume in machine.memory.channels["volume"]] == [
        0 if channel in (1, 15) else 100 for channel in range(16)
    ]
    assert machine.send(-1, 0xFF)  # for everyone
    play(machine, RATE // 10)
    assert len(machine.voices()) == 0


def test_the_soft_pedal_softens_new_notes() -> None:
    levels = []
    for value in (0, 64, 127):
        machine = small_machine(1, RATE)
        load(machine, constant(RATE, 0.1))
        turn(machine, 67, value)
        press(machine, ROOT)
        turn(machine, 67, 0)
        levels.append(float(play(machine, 2000)[0, -1]))
    assert levels[1] / levels[0] == pytest.approx(1.0 - 0.35 * 64 / 127, rel=1e-4)
    assert levels[2] / levels[0] == pytest.approx(0.65, rel=1e-4)


@pytest.mark.parametrize("control", [123, 124, 125, 126, 127])
def test_all_notes_off_respects_pedals(machine: Machine, control: int) -> None:
    press(machine, ROOT)
    press(machine, ROOT + 1, channel=1)
    turn(machine, 64, 127)
    turn(machine, control, 0)
    assert state(machine) == ["held"]
    turn(machine, 64, 0)
    assert state(machine) == ["released"]
    others = "released" if control == MONO else "held"  # the mode is that of the whole part
    assert state(machine, ROOT + 1) == [others]


def test_all_sound_off_does_not_wait_for_pedals(machine: Machine) -> None:
    press(machine, ROOT)
    press(machine, ROOT + 1, channel=1)
    turn(machine, 64, 127)
    turn(machine, 120, 0)
    assert state(machine) == ["fading"]
    play(machine, 500)
    assert used_voices(machine) == 1


@pytest.mark.parametrize("key", [0, 12, 23, 85, 108, 127])
def test_keys_outside_the_models_range_are_resampled(key: int) -> None:
    """The nearest pitch of the model, faster or slower."""
    root = min(max(key, 24), 84)
    machine = small_machine(1, RATE)
    machine.slots.begin(0)
    hz = 200.0
    machine.slots.fill(0, sine(hz, RATE))
    machine.slots.finish(0)
    machine.publish(0, root, key, key)
    press(machine, key)
    frames = 2000
    heard = play(machine, frames)[0, 1000:]
    wanted = hz * 2.0 ** ((key - root) / 12.0)
    at = 2.0 * np.pi * wanted / RATE * np.arange(1000, frames)
    basis = np.stack([np.sin(at), np.cos(at)], axis=1)
    residue = heard - basis @ np.linalg.lstsq(basis, heard, rcond=None)[0]
    assert np.abs(residue).max() < 0.02 * np.abs(heard).max()

"""Who has to go when all voices are in use, and how quietly."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.kernel.layout import FADE, FADING_VOICES
from gansynth_live.kernel.machine import Machine
from tests.kernel.small import (
    RATE,
    constant,
    lift,
    load,
    play,
    press,
    small_machine,
    stages,
    turn,
    used_voices,
)

POLYPHONY = 4
KEYS = range(60, 60 + POLYPHONY)
NEW = 80


@pytest.fixture
def machine() -> Machine:
    """Four voices, ten seconds of sound on every key."""
    machine = small_machine(1, 10 * RATE, polyphony=POLYPHONY, release=2.0, fade=0.008)
    load(machine, constant(10 * RATE, 0.02))
    return machine


def faded(machine: Machine) -> list[int]:
    """Keys that fade just now."""
    voices = machine.memory.voices
    return sorted(int(key) for key in voices[voices["stage"] == FADE]["key"])


def chord(machine: Machine, *velocities: int) -> None:
    for key, velocity in zip(KEYS, velocities, strict=True):
        press(machine, key, velocity)
    play(machine, 480)


def test_the_limit(machine: Machine) -> None:
    chord(machine, 100, 100, 100, 100)
    for key in range(70, 90):
        press(machine, key)
        play(machine, 500)
    assert machine.snapshot().voices == POLYPHONY
    assert machine.snapshot().stolen == 20


def test_the_released_one_goes_first(machine: Machine) -> None:
    chord(machine, 10, 127, 10, 10)
    lift(machine, 61)
    press(machine, NEW)
    play(machine, 64)
    assert faded(machine) == [61]


def test_then_the_quiet_one(machine: Machine) -> None:
    chord(machine, 100, 90, 20, 80)
    press(machine, NEW)
    play(machine, 64)
    assert faded(machine) == [62]


def test_then_the_old_one(machine: Machine) -> None:
    for key in KEYS:
        press(machine, key, 100)
        play(machine, 4800)
    press(machine, NEW)
    play(machine, 64)
    assert faded(machine) == [60]


def test_a_note_on_a_quiet_channel_is_quiet(machine: Machine) -> None:
    turn(machine, 7, 20, channel=1)
    for key in KEYS:
        press(machine, key, 100, channel=int(key == 61))
    play(machine, 480)
    press(machine, NEW)
    play(machine, 64)
    assert faded(machine) == [61]


def test_kept_by_the_pedal_is_not_released(machine: Machine) -> None:
    chord(machine, 10, 127, 127, 127)
    turn(machine, 64, 127)
    lift(machine, 60)
    turn(machine, 64, 127, channel=1)
    lift(machine, 61)
    press(machine, NEW)
    play(machine, 64)
    assert faded(machine) == [60], "the quiet one: both are kept"


def test_notes_of_a_chord_do_not_steal_each_other(machine: Machine) -> None:
    """Four new notes at one frame replace the four old ones."""
    chord(machine, 100, 100, 100, 100)
    for key in range(80, 84):
        press(machine, key, 100)
    play(machine, 64)
    assert faded(machine) == list(KEYS)
    play(machine, 500)
    assert all(stages(machine, key) for key in range(80, 84))


def test_only_so_many_may_fade(machine: Machine) -> None:
    """More thefts than fading voices: the quietest fade ends early, and nothing breaks."""
    for key in range(128):
        press(machine, key, 100)
    play(machine, 64)
    assert used_voices(machine) == POLYPHONY + FADING_VOICES
    play(machine, 500)
    assert machine.snapshot().voices == POLYPHONY
    assert machine.memory.users[0] == POLYPHONY


def test_more_polyphony_than_there_is_memory_for(machine: Machine) -> None:
    machine.set("polyphony", 1000.0)
    for key in range(128):
        press(machine, key, 100)
    play(machine, 1000)
    assert machine.snapshot().voices == POLYPHONY


def steps(heard: NDArray[np.float32]) -> float:
    return float(np.abs(np.diff(heard[0])).max())


@pytest.mark.parametrize("after", [1, 30, 100, 4000])
@pytest.mark.parametrize("block", [64, 100, 512])
def test_a_theft_makes_no_click(after: int, block: int) -> None:
    """The step from frame to frame stays 40 dB below the peak around it.

    The render is constant, so the output is the amplitudes of the voices; the new notes are all but
    silent, so the steps are the stolen ones'.
    """
    machine = small_machine(1, 10 * RATE, polyphony=2, attack=0.02, fade=0.008)
    load(machine, constant(10 * RATE, 0.3))
    press(machine, 60)
    heard = [play(machine, after, block)]
    for key in (61, 62, 63):
        press(machine, key, 1)
        heard.append(play(machine, 37, 37))
    heard.append(play(machine, 2000, block))
    joined = np.concatenate(heard, axis=1)
    assert machine.snapshot().stolen == 2
    assert steps(joined) <= 0.01 * np.abs(joined).max()


def test_a_new_voice_on_the_same_key_makes_no_click() -> None:
    machine = small_machine(1, 10 * RATE, voices_per_key=1, attack=0.02, fade=0.008)
    load(machine, constant(10 * RATE, 0.3))
    heard = []
    for _ in range(4):
        press(machine, 60)
        heard.append(play(machine, 3000))
    joined = np.concatenate(heard, axis=1)
    assert steps(joined) <= 0.01 * np.abs(joined).max()

"""Voices whose renderer is behind, whose render ends, or which have to go: never a click."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.layout import ATTACK, DECAY, DRAIN, FADE, PENDING, STARVED
from gansynth_live.kernel.machine import Machine
from tests.kernel.small import (
    RATE,
    ROOT,
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

CLICK = 0.01  # -40 dB of the local peak
LEVEL = 0.25 * (100 / 127) ** 2  # of `constant` at the default volume
FRAMES = 12000


def biggest_step(heard: NDArray[np.float32]) -> float:
    """Largest step from frame to frame, relative to the level of a sounding voice."""
    return float(np.abs(np.diff(heard[0])).max() / LEVEL)


def slow_renderer(ready: int) -> Machine:
    """A slot of which only `ready` samples are there yet, on every key. Attacks take 20 ms."""
    machine = small_machine(1, FRAMES, attack=0.02)
    machine.slots.begin(0)
    machine.slots.fill(0, constant(ready))
    machine.publish(0, ROOT, 0, 127)
    return machine


def test_filled_just_in_time() -> None:
    """Slice after slice, always before the voice gets there: as if it had all been there."""
    heard = []
    whole = small_machine(1, FRAMES)
    ramp = np.linspace(-0.3, 0.3, FRAMES).astype(np.float32)
    load(whole, ramp)
    press(whole, ROOT)
    heard.append(play(whole, 10000, 500))
    sliced = small_machine(1, FRAMES)
    sliced.slots.begin(0)
    sliced.slots.fill(0, ramp[:1500])
    sliced.publish(0, ROOT, 0, 127)
    press(sliced, ROOT)
    parts = []
    for done in range(0, 10000, 500):
        parts.append(play(sliced, 500, 500))
        sliced.slots.fill(0, ramp[done + 1500 : done + 2000])
    heard.append(np.concatenate(parts, axis=1))
    assert np.array_equal(heard[0], heard[1])
    assert sliced.snapshot().starved == 0


def test_fades_waits_and_resumes_without_a_click() -> None:
    machine = slow_renderer(3000)
    press(machine, ROOT)
    heard = [play(machine, 6000)]
    assert stages(machine, ROOT) == [STARVED]
    assert not heard[0][:, 3000:].any()
    assert np.abs(heard[0][:, 2000]).max() == pytest.approx(LEVEL, rel=1e-3)
    machine.slots.fill(0, constant(1500))
    heard.append(play(machine, 1000))
    assert not heard[1].any(), "too little to go on with"
    machine.slots.fill(0, constant(FRAMES - 4500))
    machine.slots.finish(0)
    heard.append(play(machine, 4000))
    assert stages(machine, ROOT) == [DECAY]
    assert heard[2][0, -1] == pytest.approx(LEVEL, rel=1e-3)
    heard.append(play(machine, 12000))
    assert used_voices(machine) == 0
    assert biggest_step(np.concatenate(heard, axis=1)) < CLICK
    assert machine.snapshot().starved == 1


@pytest.mark.parametrize("pedal", [64, 66])
def test_a_starved_note_on_a_pedal_resumes(pedal: int) -> None:
    """Only the pedal keeps it: it goes on sounding, and ends when the pedal goes up."""
    machine = slow_renderer(3000)
    press(machine, ROOT)
    play(machine, 100)
    turn(machine, pedal, 127)
    lift(machine, ROOT)
    play(machine, 6000)
    assert stages(machine, ROOT) == [STARVED]
    machine.slots.fill(0, constant(FRAMES - 3000))
    assert play(machine, 3000)[0, -1] == pytest.approx(LEVEL, rel=1e-3)
    turn(machine, pedal, 0)
    play(machine, 2 * RATE)
    assert used_voices(machine) == 0


def test_a_starved_note_that_is_let_go_ends() -> None:
    machine = slow_renderer(3000)
    press(machine, ROOT)
    play(machine, 6000)
    lift(machine, ROOT)
    play(machine, 64)
    assert used_voices(machine) == 0


def test_a_note_let_go_while_it_drains_ends() -> None:
    machine = slow_renderer(3000)
    press(machine, ROOT)
    play(machine, 2750)
    assert stages(machine, ROOT) == [DRAIN]
    lift(machine, ROOT)
    play(machine, 1000)
    assert used_voices(machine) == 0


@pytest.mark.parametrize("played", [100, 2750, 6000])
def test_a_silenced_note_does_not_come_back(played: int) -> None:
    """All sound off, then the samples arrive: sounding, draining or starved, it is gone."""
    machine = slow_renderer(3000)
    press(machine, ROOT)
    play(machine, played)
    turn(machine, 120, 0)
    play(machine, 500)
    machine.slots.fill(0, constant(FRAMES - 3000))
    assert not play(machine, 3000).any()
    assert used_voices(machine) == 0


@settings(max_examples=25, deadline=None)
@given(
    slices=st.lists(st.integers(1, 4000), min_size=1, max_size=8),
    waits=st.lists(st.integers(1, 4000), min_size=8, max_size=8),
    key=st.integers(48, 72),
    block=st.sampled_from([64, 100, 256]),
)
def test_whenever_samples_come(slices: list[int], waits: list[int], key: int, block: int) -> None:
    """Any rhythm of the renderer: no click, and the voice ends with its render."""
    machine = small_machine(1, FRAMES, attack=0.02)
    machine.slots.begin(0)
    machine.publish(0, ROOT, 0, 127)
    press(machine, key)
    heard, filled = [], 0
    for count, wait in zip(slices, waits, strict=False):
        machine.slots.fill(0, constant(min(count, FRAMES - filled)))
        filled = min(filled + count, FRAMES)
        heard.append(play(machine, wait, block))
    machine.slots.finish(0)
    heard.append(play(machine, 30000, block))
    assert used_voices(machine) == 0
    assert machine.memory.users[0] == 0
    assert biggest_step(np.concatenate(heard, axis=1)) < CLICK


def test_a_render_ends_in_a_fade() -> None:
    machine = small_machine(1, FRAMES, attack=0.02)
    load(machine, constant(FRAMES))
    press(machine, ROOT)
    heard = play(machine, FRAMES + 1000)
    assert biggest_step(heard) < CLICK
    assert np.abs(heard[:, FRAMES - 1000]).min() == pytest.approx(LEVEL, rel=1e-3)
    assert used_voices(machine) == 0
    assert machine.snapshot().starved == 0


@pytest.mark.parametrize("left", [1, 50, 200, 400, 500])
def test_a_voice_fades_within_what_is_left_of_its_render(left: int) -> None:
    """Silenced just before its render ends, it is silent at the end and not later."""
    machine = small_machine(1, FRAMES, attack=0.02, fade=0.008)
    load(machine, constant(FRAMES))
    press(machine, ROOT)
    heard = [play(machine, FRAMES - 3 - left)]
    turn(machine, 120, 0)
    heard.append(play(machine, 1000))
    joined = np.concatenate(heard, axis=1)
    assert biggest_step(joined) < CLICK
    assert used_voices(machine) == 0


def test_a_bend_up_during_the_last_fade() -> None:
    """Samples run out sooner than planned: the fade gets shorter, the end is still silent."""
    machine = small_machine(1, FRAMES, attack=0.02, bend_range=24.0)
    load(machine, constant(FRAMES))
    press(machine, ROOT)
    heard = [play(machine, FRAMES - 350)]
    assert stages(machine, ROOT) == [DRAIN]
    machine.send(-1, 0xE0, 127, 127)
    heard.append(play(machine, 1000))
    assert biggest_step(np.concatenate(heard, axis=1)) < 2 * CLICK
    assert used_voices(machine) == 0


def test_stages_in_their_order() -> None:
    machine = small_machine(1, FRAMES, attack=0.02, sustain=0.5)
    press(machine, ROOT)
    play(machine, 1)
    assert stages(machine, ROOT) == [PENDING]
    load(machine, constant(FRAMES))
    play(machine, 1)
    assert stages(machine, ROOT) == [ATTACK]
    play(machine, 960)
    assert stages(machine, ROOT) == [DECAY]
    turn(machine, 120, 0)
    play(machine, 1)
    assert stages(machine, ROOT) == [FADE]


def test_the_attack_ends_on_its_frame() -> None:
    machine = small_machine(1, FRAMES, attack=0.01)
    load(machine, constant(FRAMES))
    press(machine, ROOT)
    heard = play(machine, 1000)[0] / LEVEL
    assert heard[479] < 1.0 - 1e-4
    assert heard[480] == pytest.approx(1.0, abs=1e-6)


def test_decay_and_release_reach_60_db_in_time() -> None:
    machine = small_machine(1, 60000, attack=0.0, decay=0.1, sustain=0.5, release=0.2)
    load(machine, constant(60000))
    press(machine, ROOT)
    heard = play(machine, 4801)[0] / LEVEL
    assert heard[4800] == pytest.approx(0.5 + 0.5e-3, abs=2e-4)
    lift(machine, ROOT)
    heard = play(machine, 9601)[0] / LEVEL
    assert heard[9600] == pytest.approx(0.5e-3, abs=2e-5)
    play(machine, 9600)
    assert used_voices(machine) == 0


def test_a_note_that_decays_to_nothing_is_over() -> None:
    machine = small_machine(1, 60000, decay=0.1, sustain=0.0)
    load(machine, constant(60000))
    press(machine, ROOT)
    play(machine, RATE // 2)
    assert used_voices(machine) == 0

"""Glide, against plain NumPy: the place in the render is the integral of the pitch's formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from tests.kernel.small import (
    RATE,
    ROOT,
    bend,
    lift,
    load,
    play,
    press,
    sine,
    small_machine,
    turn,
)

HZ, LEVEL = 300.0, 0.25
VOLUME = (100 / 127) ** 2  # at power-on
LONG = 2 * RATE
WINDOW = 480  # frames over which a pitch is measured
CENT = 1.0


def gliding(seconds: float, mode: str = "legato", **others: float | str) -> Machine:
    """A machine with one sine for all keys, which has no envelope."""
    how: dict[str, float | str] = {"attack": 0.0, "release": 0.05, "mode": mode, **others}
    machine = small_machine(1, 6 * RATE, RATE, glide=seconds, **how)
    load(machine, sine(HZ, 6 * RATE, LEVEL))
    return machine


def newest(machine: Machine) -> int:
    return int(np.argmax(machine.memory.voices["serial"]))


def pitches(machine: Machine, frames: int) -> NDArray[np.float64]:
    """Pitch in keys, a mean of each `WINDOW` of the next frames."""
    places = []
    for _ in range(frames // WINDOW + 1):
        voice = machine.memory.voices[newest(machine)]
        places.append((voice.position + voice.step * voice.elapsed) / 2.0**32)
        play(machine, WINDOW)
    steps = np.diff(places) / WINDOW
    return ROOT + 12.0 * np.log2(steps)


def line(start: float, goal: float, seconds: float, first: int, frames: int) -> NDArray[np.float64]:
    """The same by formula: a straight line in keys, heard from frame `first` of it on."""
    way = np.clip((first + np.arange(frames) + 0.5) / (seconds * RATE), 0.0, 1.0)
    speeds = 2.0 ** ((start + (goal - start) * way - ROOT) / 12.0)
    means = speeds[: len(speeds) // WINDOW * WINDOW].reshape(-1, WINDOW).mean(1)
    keys: NDArray[np.float64] = ROOT + 12.0 * np.log2(means)
    return keys


def assert_in_tune(heard: NDArray[np.float64], wanted: NDArray[np.float64]) -> None:
    assert np.abs(heard - wanted).max() < CENT / 100.0


@settings(max_examples=15, deadline=None)
@given(
    start=st.integers(40, 80),
    goal=st.integers(40, 80),
    seconds=st.floats(0.02, 0.5),
    mode=st.sampled_from(["mono", "legato"]),
)
def test_a_glide_is_a_straight_line_in_semitones(
    start: int, goal: int, seconds: float, mode: str
) -> None:
    machine = gliding(seconds, mode)
    press(machine, start)
    play(machine, RATE // 4)
    press(machine, goal)
    play(machine, 1)
    assert_in_tune(pitches(machine, RATE), line(start, goal, seconds, 1, RATE))
    assert machine.memory.voices[newest(machine)].glide_left == 0.0


def test_what_is_heard_is_the_render_at_the_places_of_the_formula() -> None:
    """A new note (mono) that glides down a fifth in 100 ms."""
    machine = gliding(0.1, "mono")
    press(machine, 67)
    play(machine, RATE // 2)
    press(machine, 60)
    heard = play(machine, RATE // 2)[0]
    way = np.clip((np.arange(RATE // 2) + 0.5) / (0.1 * RATE), 0.0, 1.0)
    places = np.concatenate([[0.0], np.cumsum(2.0 ** (7.0 * (1.0 - way) / 12.0))[:-1]])
    wanted = LEVEL * VOLUME * np.sin(2.0 * np.pi * HZ / RATE * places)
    faded = RATE // 100  # the old note is gone
    assert np.abs(heard - wanted)[faded:].max() < 2e-3


@pytest.mark.parametrize("goal", [48, 63, 67, 84])
def test_by_octaves_a_wide_glide_takes_longer(goal: int) -> None:
    machine = gliding(0.2, glide_scale="octave")
    press(machine, 60)
    play(machine, RATE // 4)
    press(machine, goal)
    play(machine, 1)
    seconds = 0.2 * abs(goal - 60) / 12
    assert_in_tune(pitches(machine, RATE // 2), line(60, goal, seconds, 1, RATE)[:50])


def test_a_new_goal_in_mid_glide_starts_from_the_pitch_that_sounds() -> None:
    machine = gliding(0.4)
    press(machine, 60)
    play(machine, RATE // 4)
    press(machine, 72)
    play(machine, RATE // 5)
    press(machine, 60)
    play(machine, 1)
    assert_in_tune(pitches(machine, RATE // 2), line(66, 60, 0.4, 1, RATE)[:50])


def test_the_same_pair_again_glides_again() -> None:
    machine = gliding(0.1)
    press(machine, 60)
    for goal in (72, 60, 72):
        play(machine, RATE // 2)
        press(machine, goal)
        play(machine, 1)
        start = 132 - goal
        assert_in_tune(pitches(machine, RATE // 8), line(start, goal, 0.1, 1, RATE)[:12])


def test_a_new_time_in_mid_glide_keeps_what_was_gone() -> None:
    machine = gliding(0.4)
    press(machine, 60)
    play(machine, RATE // 4)
    press(machine, 72)
    play(machine, RATE // 10)  # a quarter
    machine.set("glide", 0.2 * RATE)
    play(machine, 64)
    voice = machine.memory.voices[newest(machine)]
    left = voice.glide_left
    assert left == pytest.approx(0.75, abs=0.01)
    play(machine, RATE // 10)
    assert machine.memory.voices[newest(machine)].glide_left == pytest.approx(left - 0.5, abs=0.01)


def test_a_time_alone_moves_no_held_note() -> None:
    machine = gliding(0.0)
    press(machine, 60)
    play(machine, RATE // 4)
    turn(machine, 5, 127)
    assert_in_tune(pitches(machine, RATE // 8), np.full(RATE // 8 // WINDOW, 60.0))


@pytest.mark.parametrize(
    ("when", "mode", "overlaps", "glides"),
    [
        ("overlap", "mono", True, True),
        ("overlap", "mono", False, False),
        ("always", "mono", False, True),
        ("overlap", "poly", True, False),
        ("always", "poly", True, True),
        ("always", "poly", False, True),
    ],
)
def test_when_a_note_glides(when: str, mode: str, overlaps: bool, glides: bool) -> None:
    machine = gliding(0.2, mode, glide_when=when)
    press(machine, 60)
    play(machine, RATE // 4)
    if not overlaps:
        lift(machine, 60)
        play(machine, RATE // 2)
    press(machine, 72)
    play(machine, 1)
    assert (machine.memory.voices[newest(machine)].glide_left > 0.0) == glides


def test_the_first_note_of_all_does_not_glide() -> None:
    machine = gliding(0.2, "mono", glide_when="always")
    press(machine, 72)
    play(machine, 1)
    assert machine.memory.voices[0].glide_left == 0.0


def test_portamento_off() -> None:
    machine = gliding(0.2, "mono")
    turn(machine, 65, 0)
    press(machine, 60)
    play(machine, 100)
    press(machine, 72)
    play(machine, 1)
    assert machine.memory.voices[newest(machine)].glide_left == 0.0


def test_portamento_control_is_for_the_next_note_alone() -> None:
    machine = gliding(0.2, "poly")
    turn(machine, 84, 48)
    press(machine, 60)
    play(machine, 1)
    assert_in_tune(pitches(machine, RATE // 4), line(48, 60, 0.2, 1, RATE)[:25])
    press(machine, 62)
    play(machine, 1)
    assert machine.memory.voices[newest(machine)].glide_left == 0.0


def test_bend_comes_on_top() -> None:
    machine = gliding(0.2)
    bend(machine, 8191)
    press(machine, 60)
    play(machine, RATE // 4)
    press(machine, 64)
    play(machine, 1)
    assert_in_tune(pitches(machine, RATE // 4), line(62, 66, 0.2, 1, RATE)[:25])


@pytest.mark.parametrize("block", [1, 64, 100, 512])
def test_blocks_change_nothing(block: int) -> None:
    heard = []
    for size in (256, block):
        machine = gliding(0.05)
        for frame, key in ((0, 60), (9000, 67), (10000, 55)):
            press(machine, key, frame=frame)
        lift(machine, 55, frame=15000)
        heard.append(play(machine, 20000, size))
    assert np.array_equal(heard[0], heard[1])

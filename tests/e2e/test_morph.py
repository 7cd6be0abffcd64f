"""A held chord follows a knob while it sounds, under JACK: nothing is lost, and all is proved."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.bench.knob_score import blend_of, first_heard
from gansynth_live.bench.told_play import Told
from tests.e2e.jackd import JackServer
from tests.e2e.replay import Messages, again, check, perform
from tests.e2e.take import Take

RATE = 48_000
CHORD = (48, 55, 64, 72)
SWEEP = (RATE // 2, 5 * RATE // 2)  # frames after the chord
SECONDS = 4.0
VALUE_FRAMES = 960  # 20 ms from one value of the knob to the next
SAME = 1e-4  # of full scale: what a continuation may change before it is called a change
SWAY = 32  # samples by which vibrato may bring a voice to the join sooner
LATEST = 1024  # samples from the join, where the new sound begins to come in, until it is heard
CLOCK_KEY = 60
BEATS_A_MINUTE, BEATS_A_SWING = 150, 2
SWINGS = 5
LATE = 0.2  # of a swing: how far behind the clock the sound may be

Floats = NDArray[np.float64]

pytestmark = [pytest.mark.jack, pytest.mark.timeout(120)]


@pytest.fixture(autouse=True)
def no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


def swept_chord() -> Messages:
    """A chord, and the knob over the whole path and back while it is held."""
    start, stop = SWEEP
    steps = range(start, stop, VALUE_FRAMES)
    values = [round(127 * (1 - abs(2 * (at - start) / (stop - start) - 1))) for at in steps]
    chord = [(0, [0x90, key, 100]) for key in CHORD]
    knob = [(at, [0xB0, 1, value]) for at, value in zip(steps, values, strict=True)]
    release = [(stop + RATE // 2, [0x80, key, 0]) for key in CHORD]
    return [*chord, *knob, *release]


def test_a_swept_chord_sounds_as_its_replay(jack_server: JackServer, tmp_path: Path) -> None:
    take, told = perform(jack_server, tmp_path, swept_chord(), SECONDS)
    assert told.counts["swapped"] >= len(CHORD)
    check(take, told)
    check_where_it_changes(take, told)


@pytest.mark.long
def test_a_fight_for_the_interpreter_costs_no_note_and_no_frame_of_a_sweep(
    jack_server: JackServer, tmp_path: Path
) -> None:
    check(*perform(jack_server, tmp_path, swept_chord(), SECONDS, busy=True))


@pytest.mark.long
def test_an_lfo_swings_with_a_midi_clock(jack_server: JackServer, tmp_path: Path) -> None:
    """Start falls together with the note; the place on the path then follows the beats."""
    seconds = SWINGS * BEATS_A_SWING * 60 / BEATS_A_MINUTE
    tick = RATE * 60 / BEATS_A_MINUTE / 24
    ticks = [(round(tick * n), [0xF8]) for n in range(round(seconds * RATE / tick))]
    messages = [(0, [0xB0, 1, 64]), (0, [0xFA]), (0, [0x90, CLOCK_KEY, 100]), *ticks]
    settings = [f"motion.lfo_beats={BEATS_A_SWING}", "motion.lfo_depth=0.5"]
    take, told = perform(jack_server, tmp_path, messages, seconds, settings)
    check(take, told)
    times, places = places_over_time(told)
    assert len(times) > 4 * SWINGS
    rates = np.linspace(0.3, 3.0, 271)  # swings a second
    spectrum = np.exp(-2j * np.pi * np.outer(rates, times)) @ (places - places.mean())
    swing = 60 / BEATS_A_MINUTE * BEATS_A_SWING
    assert rates[np.abs(spectrum).argmax()] == pytest.approx(1 / swing, rel=0.05)
    turned = np.exp(-2j * np.pi * times / swing) @ (places - places.mean())
    behind = (-np.pi / 2 - np.angle(turned)) / (2 * np.pi)  # of a swing; a sine starts upwards
    assert -0.02 <= behind <= LATE


def places_over_time(told: Told) -> tuple[Floats, Floats]:
    """Seconds after the note-on at which the note went over, and to which value of the wheel."""
    value_of: dict[object, int] = {blend_of(value): value for value in range(128)}
    went = [(first_heard(one, told.rate) / RATE, value_of[one.timbre]) for one in told.arrivals]
    times, places = np.array(went, np.float64).T
    return times, places


def check_where_it_changes(take: Take, told: Told) -> None:
    """The sound without the first change differs from there on, and from nowhere else."""
    begun = [arrival for arrival in told.arrivals if arrival.start <= 0]
    change = next(arrival for arrival in told.arrivals if arrival.timbre != begun[0].timbre)
    joint = take.note_ons[0][0] - int(take.starts[0]) + first_heard(change, told.rate)
    without, with_it = again(take, begun), again(take, [*begun, change])
    sooner = joint - SWAY
    np.testing.assert_array_equal(with_it[:, :sooner], without[:, :sooner])
    different = np.flatnonzero(np.abs(with_it - without).max(axis=0) > SAME)
    assert sooner <= different[0] <= joint + LATEST

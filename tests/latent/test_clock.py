"""Beats from MIDI clock: exact at ticks, never backwards, at the last tempo when it is gone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.latent.clock import TICKS_A_BEAT, MidiClock
from gansynth_live.midi.messages import CLOCK, CONTINUE, SONG_POSITION, START, STOP
from tests.latent.turned import controls


def ticking(interval: float, count: int, clock: MidiClock | None = None) -> MidiClock:
    """After Start and `count` ticks, the first of them at 1 s."""
    clock = clock or MidiClock()
    clock.hear(0.99, START)
    for tick in range(count):
        clock.hear(1.0 + tick * interval, CLOCK)
    return clock


jitters = st.lists(st.floats(-0.45, 0.45), min_size=2, max_size=200)


@given(jitters, st.floats(30.0, 300.0))
def test_ticks_are_exact_under_jitter(jitter: list[float], tempo: float) -> None:
    interval = 60.0 / tempo / TICKS_A_BEAT
    clock = MidiClock()
    clock.hear(0.9, START)
    heard = []
    for tick, late in enumerate(jitter):
        at = 1.0 + (tick + late) * interval
        heard += [clock.beat(at - interval * early) for early in (0.05, 0.01)]
        clock.hear(at, CLOCK)
        heard.append(clock.beat(at))
        assert heard[-1] == tick / TICKS_A_BEAT
    assert all(a <= b for a, b in pairwise(heard))


@given(jitters)
def test_a_locked_lfo_is_where_the_ticks_say(jitter: list[float]) -> None:
    knob = controls("motion.lfo_beats=4", "motion.lfo_depth=1", "motion.lfo_shape=triangle")
    knob.feed(0.9, START)
    for tick, late in enumerate(jitter):
        at = 1.0 + (tick + late) / 48
        knob.feed(at, CLOCK)
        turn = tick / 96
        triangle = 1 - 4 * abs((turn + 0.25) % 1 - 0.5)
        assert knob.position_at(at) == pytest.approx(0.5 + triangle / 2, abs=0.005)


def test_between_ticks_it_flows_and_waits_for_a_late_one() -> None:
    clock = ticking(0.02, 49)  # the last at 1.96 s, on beat 2
    assert clock.beat(1.97) == pytest.approx(2.0 + 0.5 / 24)
    assert clock.beat(2.1) == pytest.approx(2.0 + 1 / 24)


@pytest.mark.parametrize("tempo", [20.0, 90.0, 128.0, 300.0])
def test_tempo_is_averaged_over_a_beat(tempo: float) -> None:
    clock = ticking(60.0 / tempo / 24, 25)
    assert clock.beats_a_minute == pytest.approx(tempo)


def test_without_a_clock_there_are_120_beats_a_minute() -> None:
    assert MidiClock().beat(0.0) == 0.0
    assert MidiClock().beat(3.0) == pytest.approx(6.0)


def test_a_clock_that_goes_away_leaves_its_tempo() -> None:
    clock = ticking(0.02, 49)
    assert clock.beat(1.96 + 0.25 + 4.8) == pytest.approx(2.0 + 1 / 24 + 10.0)
    clock.hear(7.01, CLOCK)  # and when it is back, it goes on from there
    assert clock.beat(7.01) == pytest.approx(12.0 + 1 / 24)
    clock.hear(7.03, CLOCK)
    assert clock.beat(7.03) == pytest.approx(12.0 + 2 / 24)
    assert clock.beats_a_minute == pytest.approx(125.0)


def test_ticks_without_start_set_the_tempo_and_go_on_from_where_it_stands() -> None:
    clock = MidiClock()
    for tick in range(25):
        clock.hear(10.0 + tick * 0.025, CLOCK)
    assert clock.beat(10.6) == pytest.approx(21.0)
    assert clock.beats_a_minute == pytest.approx(100.0)


def test_stop_holds_and_continue_goes_on() -> None:
    clock = ticking(0.02, 49)
    clock.hear(1.97, STOP)
    held = clock.beat(1.97)
    for tick in range(30):  # a clock may go on while the song stands
        clock.hear(1.98 + tick * 0.02, CLOCK)
    assert clock.beat(60.0) == held
    clock.hear(60.0, CONTINUE)
    assert clock.beat(60.1) == held
    clock.hear(60.1, CLOCK)
    assert clock.beat(60.1) == pytest.approx(2.0 + 1 / 24)


def test_the_song_position_counts_sixteenths() -> None:
    clock = ticking(0.02, 10)
    clock.hear(2.0, STOP)
    clock.hear(2.0, SONG_POSITION, 5, 1)
    assert clock.beat(2.0) == (128 + 5) / 4
    clock.hear(2.0, CONTINUE)
    clock.hear(2.1, CLOCK)
    assert clock.beat(2.1) == (128 + 5) / 4


def test_start_without_a_clock_still_starts() -> None:
    clock = MidiClock()
    clock.hear(5.0, START)
    assert clock.beat(5.0) == 0.0
    assert clock.beat(6.25) == pytest.approx(2.0)


def test_ticks_of_one_bundle_make_no_tempo() -> None:
    clock = MidiClock()
    for _ in range(30):
        clock.hear(1.0, CLOCK)
    assert clock.beats_a_minute <= 1000.0001


commands = st.lists(
    st.tuples(
        st.floats(0.0, 0.6),
        st.sampled_from([CLOCK, CLOCK, CLOCK, START, CONTINUE, STOP, SONG_POSITION]),
        st.integers(0, 127),
    ),
    max_size=60,
)


@given(commands)
def test_time_runs_backwards_only_where_it_is_set(messages: list[tuple[float, int, int]]) -> None:
    clock, now, last = MidiClock(), 0.0, 0.0
    for wait, status, data in messages:
        for share in (0.3, 0.9):
            beat = clock.beat(now + share * wait)
            assert beat >= last - 1e-9
            last = beat
        now += wait
        clock.hear(now, status, data)
        if status in (START, SONG_POSITION):
            last = 0.0

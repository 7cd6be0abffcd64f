"""Random playing is playing: every key that goes down comes up, knobs stay in range."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.bench.improvise import melody, programs, sweeps

seeds = st.integers(0, 1000)
SECONDS = 4.0


@given(seeds)
def test_keys_go_down_as_often_as_they_come_up(seed: int) -> None:
    notes = list(melody(seed, SECONDS))
    down = Counter(event.data1 for event in notes if event.is_note_on)
    up = Counter(event.data1 for event in notes if not event.is_note_on)
    assert down == up
    assert all(36 <= key <= 84 for key in down)


@given(seeds, st.sampled_from([0.5, 8.0]))
def test_a_knob_is_never_faster_than_it_should_be(seed: int, whole: float) -> None:
    moves = [(event.time, event.data2) for event in sweeps(seed, SECONDS, whole)]
    for (before, low), (after, high) in pairwise(moves):
        assert 0 <= high <= 127
        assert low != high
        assert abs(high - low) <= 127 / whole * (after - before) + 2


def test_the_same_seed_plays_the_same() -> None:
    assert list(melody(5, SECONDS)) == list(melody(5, SECONDS))
    assert list(sweeps(5, SECONDS, 2.0)) == list(sweeps(5, SECONDS, 2.0))
    assert [event.time for event in programs(7.0)] == [0.0, 3.0, 6.0]

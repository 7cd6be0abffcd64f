"""A voice's audio in half the bytes: nothing lost can be heard, how it came changes no bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.render.notes.history import AudioHistory
from gansynth_live.units import db_to_gain

HOP = 32


def wave(samples: int) -> NDArray[np.float32]:
    """Noise that dies away by 80 dB."""
    random = np.random.default_rng(3)
    falling = np.logspace(0, -4, samples)
    return (falling * random.standard_normal(samples)).astype(np.float32)


@given(
    first=st.integers(-300, 300),
    before=st.integers(0, 200),
    cuts=st.lists(st.integers(0, 9), max_size=6),
    tail=st.integers(0, HOP - 1),
)
def test_how_it_arrives_changes_no_bit(first: int, before: int, cuts: list[int], tail: int) -> None:
    capacity = before + HOP * sum(cuts) + tail
    samples = wave(capacity)
    whole, parts = (AudioHistory(first, capacity, HOP, first + before) for _ in range(2))
    whole.append(samples)
    sizes = [before, *(HOP * cut for cut in cuts), tail]
    for part in np.split(samples, np.cumsum(sizes[:-1])):
        parts.append(part)
    assert whole.stop == parts.stop == first + capacity
    start, stop = first - 5, first + capacity + 5
    np.testing.assert_array_equal(parts.read(start, stop), whole.read(start, stop))


def test_what_is_lost_lies_90_db_below_what_is_near() -> None:
    samples = wave(40 * HOP)
    tape = AudioHistory(7, len(samples), HOP, 7)
    tape.append(samples)
    lost = (tape.read(7, 7 + len(samples)) - samples).reshape(-1, HOP)
    peaks = np.abs(samples).reshape(-1, HOP).max(axis=1, keepdims=True)
    assert np.sqrt(np.mean(np.square(lost / peaks))) < db_to_gain(-90.0)


def test_beyond_what_is_there_is_silence() -> None:
    tape = AudioHistory(10, 50, HOP, 10)
    tape.append(np.ones(HOP, np.float32))
    expected = np.pad(np.ones(HOP), (10, 20))
    np.testing.assert_array_equal(tape.read(0, 30 + HOP), expected)
    assert not tape.read(-20, 10).any()
    assert not tape.read(100, 120).any()


@pytest.mark.parametrize("extra", [1, HOP, 5 * HOP])
def test_more_than_it_can_take_is_dropped(extra: int) -> None:
    tape = AudioHistory(0, 3 * HOP, HOP, 0)
    tape.append(np.ones(3 * HOP + extra, np.float32))
    tape.append(np.ones(HOP, np.float32))
    assert tape.stop == 3 * HOP
    np.testing.assert_array_equal(tape.read(0, 4 * HOP), np.repeat([1, 0], (3 * HOP, HOP)))

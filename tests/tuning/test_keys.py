"""Which pitch each key has under a scale and a map."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.tuning.keys import tuned_keys
from gansynth_live.units import key_to_hz
from tests.tuning.scales import BOHLEN_PIERCE, MEANTONE, equal, keyboard_map

pitches = st.lists(st.integers(-2000, 5000), min_size=1, max_size=30)
entries = st.none() | st.integers(-20, 40)


def hertz(keys: list[float | None], key: int) -> float:
    pitch = keys[key]
    assert pitch is not None
    return key_to_hz(pitch)


def test_twelve_equal_steps_are_the_keys_themselves() -> None:
    assert tuned_keys("", "", 440.0) == list(range(128))
    assert tuned_keys(equal(12), "", 440.0) == list(range(128))
    assert tuned_keys(equal(12), keyboard_map(range(12)), 440.0) == list(range(128))
    assert tuned_keys("", keyboard_map(), 440.0) == list(range(128))


def test_the_reference_of_equal_temperament() -> None:
    assert hertz(tuned_keys("", "", 415.0), 69) == pytest.approx(415.0)
    assert hertz(tuned_keys(equal(12), "", 442.0), 69) == pytest.approx(442.0)
    mapped = tuned_keys("", keyboard_map(hertz=432.0), 442.0)
    assert hertz(mapped, 69) == pytest.approx(432.0), "a map says it by itself"


def test_without_a_map_the_middle_c_stays_where_it_is() -> None:
    keys = tuned_keys(MEANTONE, "", 440.0)
    assert keys[60] == 60.0
    assert hertz(keys, 64) / hertz(keys, 60) == pytest.approx(5 / 4)
    assert hertz(keys, 48) / hertz(keys, 60) == pytest.approx(1 / 2)
    nineteen = tuned_keys(equal(19), "", 440.0)
    assert nineteen[79] == pytest.approx(72.0)
    assert tuned_keys(BOHLEN_PIERCE, "", 440.0)[73] == pytest.approx(60 + 19.01955)


def test_the_reference_key_has_its_frequency_wherever_it_is() -> None:
    for reference in (0, 30, 59, 60, 61, 69, 127):
        text = keyboard_map(range(12), first=50, last=70, reference=reference, hertz=200.0)
        keys = tuned_keys(MEANTONE, text, 440.0)
        free = keyboard_map(range(12), reference=reference, hertz=200.0)
        everywhere = tuned_keys(MEANTONE, free, 440.0)
        assert hertz(everywhere, reference) == pytest.approx(200.0)
        assert keys[50:71] == everywhere[50:71]
        assert set(keys[:50] + keys[71:]) == {None}


def test_a_reference_that_is_left_out_lies_between_its_neighbours() -> None:
    text = keyboard_map((0, None, 2, None), octave=4, reference=61, hertz=440.0)
    keys = tuned_keys("", text, 440.0)
    assert keys[60:65] == [68.0, None, 70.0, None, 72.0]


@given(pitches, st.integers(0, 127), st.floats(20.0, 2000.0), st.integers(0, 127))
def test_a_linear_map_keeps_every_interval_of_the_scale(
    cents: list[int], reference: int, frequency: float, middle: int
) -> None:
    scale = f"a\n{len(cents)}\n" + "".join(f"{each}.0\n" for each in cents)
    text = keyboard_map(reference=reference, hertz=round(frequency, 6), middle=middle)
    keys = [pitch or 0.0 for pitch in tuned_keys(scale, text, 440.0)]
    assert keys[reference] == pytest.approx(69 + 12 * log2(frequency / 440.0), abs=1e-5)
    period, size = cents[-1] / 100.0, len(cents)
    for key in range(128 - size):
        assert keys[key + size] - keys[key] == pytest.approx(period, abs=1e-6)
    for degree, each in enumerate([0, *cents]):
        if middle + degree < 128:
            assert keys[middle + degree] - keys[middle] == pytest.approx(each / 100.0, abs=1e-6)


@given(
    st.lists(entries, max_size=20).filter(lambda some: not some or set(some) != {None}),
    st.integers(-5, 40),
    st.integers(0, 127),
    st.integers(0, 127),
)
def test_a_pattern_says_who_sounds_and_how_it_is_repeated(
    pattern: list[int | None], octave: int, middle: int, reference: int
) -> None:
    text = keyboard_map(pattern, middle=middle, reference=reference, octave=octave)
    keys = tuned_keys(equal(7), text, 440.0)
    for key in range(128):
        silent = bool(pattern) and pattern[(key - middle) % len(pattern)] is None
        assert (keys[key] is None) == silent
        above = key + len(pattern)
        if pattern and not silent and above < 128:
            step = 1200.0 / 7 / 100.0 * octave
            assert (keys[above] or 0.0) - (keys[key] or 0.0) == pytest.approx(step, abs=1e-6)

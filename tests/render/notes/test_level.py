"""Even loudness."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.render.notes.level import TARGET_RMS, level_gain, loudest_rms

RATE = 16000


def sine(seconds: float, amplitude: float) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * 440.0 * time)).astype(np.float32)


@given(st.floats(0.1, 0.8))
def test_any_loudness_within_reach_becomes_the_target(amplitude: float) -> None:
    note = sine(1.0, amplitude)
    assert level_gain(note, RATE) * loudest_rms(note, RATE) == pytest.approx(TARGET_RMS, rel=1e-3)


def test_only_the_loudest_fifth_of_a_second_counts() -> None:
    note = np.concatenate([sine(1.0, 0.01), sine(0.2, 0.4), np.zeros(RATE, np.float32)])
    assert loudest_rms(note, RATE) == pytest.approx(0.4 / np.sqrt(2), rel=1e-3)


@pytest.mark.parametrize(("amplitude", "gain"), [(0.0, 3.981), (1e-6, 3.981), (30.0, 0.2512)])
def test_the_correction_is_limited(amplitude: float, gain: float) -> None:
    assert level_gain(sine(1.0, amplitude), RATE) == pytest.approx(gain, rel=1e-3)


def test_short_and_empty_notes_have_a_level() -> None:
    assert loudest_rms(np.full(10, 0.5, np.float32), RATE) == pytest.approx(0.5)
    assert loudest_rms(np.zeros(0, np.float32), RATE) == 0.0

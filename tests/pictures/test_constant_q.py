"""The spectrum says which pitch sounds, how loud and when."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.pictures.constant_q import BINS_A_KEY, constant_q
from gansynth_live.units import key_to_hz

RATE = 16_000
HOP = 256
LOWEST, HIGHEST = 24, 117


def sine(key: float, seconds: float = 3.0) -> NDArray[np.float32]:
    times = np.arange(int(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * key_to_hz(key) * times).astype(np.float32)


def spectrum(samples: NDArray[np.float32]) -> NDArray[np.complex64]:
    return constant_q(samples, RATE, HOP, LOWEST, HIGHEST)


@pytest.mark.parametrize("key", [36, 48, 60, 69, 84, 108])
def test_a_sine_is_brightest_at_its_key_with_its_amplitude(key: int) -> None:
    middle = np.abs(spectrum(0.5 * sine(key)))[:, 90]
    assert middle.argmax() == (key - LOWEST) * BINS_A_KEY
    assert middle.max() == pytest.approx(0.5, rel=0.02)
    far = np.abs(np.arange(len(middle)) - middle.argmax()) > 2 * BINS_A_KEY
    assert middle[far].max() < 0.5e-3


def test_columns_are_where_the_sound_is() -> None:
    samples = np.concatenate([np.zeros(RATE, np.float32), sine(81, 1.0)])
    level = np.abs(spectrum(samples)[(81 - LOWEST) * BINS_A_KEY])
    assert level.shape == (-(-2 * RATE // HOP),)
    assert level[: RATE // HOP - 6].max() < 1e-3
    assert level[RATE // HOP + 6 : -6].min() > 0.9


def test_the_phase_turns_with_the_frequency() -> None:
    key = 60
    row = spectrum(sine(key))[(key - LOWEST) * BINS_A_KEY, 60:120]
    turns = np.angle(row[1:] * np.conj(row[:-1])) / (2 * np.pi)
    expected = key_to_hz(key) * HOP / RATE
    assert np.allclose((turns - expected + 0.5) % 1.0, 0.5, atol=1e-3)


@pytest.mark.parametrize("frames", [0, 1, 255, 257, 5000])
def test_any_length(frames: int) -> None:
    out = spectrum(np.ones(frames, np.float32))
    assert out.shape == ((HIGHEST - LOWEST) * BINS_A_KEY + 1, max(-(-frames // HOP), 1))
    assert np.isfinite(out).all()

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.training.tuning import wander_cents
from gansynth_live.training.vibrato import vibrato_of
from gansynth_live.units import key_to_hz
from tests.training.conftest import TIME, tone

RATE, DEPTH, DELAY = 5.2, 9.0, 0.6


def swinging(key: int) -> NDArray[np.float64]:
    """The pitch of a note with vibrato, as it is tracked: it grows within 0.4 s."""
    grown = np.clip((TIME - DELAY) / 0.4 + 0.5, 0.0, 1.0)
    ratio = 2 ** (DEPTH / 1200 * grown * np.sin(2 * np.pi * RATE * TIME))
    phase = 2 * np.pi * np.cumsum(ratio) * key_to_hz(key) / 16000
    return wander_cents(np.sum([np.sin(n * phase) / n for n in range(1, 7)], axis=0), key)


def still(key: int) -> NDArray[np.float64]:
    return wander_cents(tone(key, decay=10), key)


def test_vibrato_is_measured() -> None:
    found = vibrato_of([swinging(key) for key in (48, 60, 72)])
    assert found is not None
    assert found.rate == pytest.approx(RATE, abs=0.05)
    assert found.depth == pytest.approx(DEPTH, rel=0.05)
    assert found.delay == pytest.approx(DELAY, abs=0.1)


def test_keys_that_do_not_swing_do_not_count() -> None:
    found = vibrato_of([swinging(60), still(50), still(70)])
    assert found is not None
    assert found.depth == pytest.approx(DEPTH, rel=0.05)


def test_too_few_keys_are_none() -> None:
    assert vibrato_of([swinging(60), *map(still, (50, 55, 65))]) is None


def test_a_rustle_is_no_vibrato() -> None:
    noise = np.random.default_rng(1).standard_normal(64000)
    slow = np.convolve(noise, np.hanning(1600), "same")
    assert vibrato_of([slow / slow.std() * 5.0]) is None

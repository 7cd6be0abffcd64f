import numpy as np
import pytest

from gansynth_live.training.tuning import STEADY, cents_off, steady_pitch, wander_cents
from gansynth_live.units import key_to_hz
from tests.training.conftest import TIME, tone


@pytest.mark.parametrize(("key", "cents"), [(36, -12.0), (60, 7.5), (84, 33.0)])
def test_mistuning_is_found_within_half_a_cent(key: int, cents: float) -> None:
    assert cents_off(tone(key + cents / 100, decay=10), key) == pytest.approx(cents, abs=0.5)


@pytest.mark.parametrize("key", [43, 60, 72])
def test_vibrato_is_taken_out(key: int) -> None:
    depth, speed = 20.0, 5.5
    ratio = 2 ** (depth / 1200 * np.sin(2 * np.pi * speed * TIME))
    phase = 2 * np.pi * np.cumsum(ratio) * key_to_hz(key) / 16000
    wave = np.sum([np.sin(n * phase) / n for n in range(1, 7)], axis=0)
    before, after = (wander_cents(w, key)[STEADY].std() for w in (wave, steady_pitch(wave, key)))
    assert before > 10
    assert after < 1.5


def test_a_steady_note_is_left_alone() -> None:
    wave = tone(60, decay=10)
    difference = steady_pitch(wave, 60)[STEADY] - wave[STEADY]
    assert np.abs(difference).max() < 0.01

import numpy as np
import pytest
import torch

from gansynth_live.training import measures
from gansynth_live.training.scores import (
    different_bins,
    frechet_distance,
    inception_score,
    pitch_entropy,
)
from tests.training.conftest import tone


@pytest.mark.parametrize("key", [31, 45, 60, 79])
def test_pitch_is_heard(key: int) -> None:
    assert measures.has_pitch(tone(key), key)
    assert not measures.has_pitch(tone(key), key + 1)


def test_noise_and_silence_have_no_pitch() -> None:
    assert not measures.has_pitch(np.zeros(64000), 60)
    assert measures.yin_hertz(np.zeros(64000)) == 0


def test_level_attack_and_decay() -> None:
    wave = tone(60, decay=0.5)
    assert measures.level_db(0.5 * wave, wave) == pytest.approx(-6.02, abs=0.01)
    assert measures.decay_seconds(wave) == pytest.approx(0.5 * np.log(10), rel=0.05)
    assert measures.decay_seconds(tone(60, decay=100)) is None
    slow = tone(60, decay=100) * np.minimum(1, np.arange(64000) / 8000)
    assert measures.attack_seconds(slow) == pytest.approx(0.4, abs=0.03)
    assert measures.attack_seconds(wave) < 0.01


def test_what_is_struck_comes_up_at_once_and_dies_away() -> None:
    ramp = np.minimum(1, np.arange(64000) / 3200)
    assert measures.is_struck(tone(60, decay=1.0))
    assert not measures.is_struck(tone(60, decay=10.0))  # held, like an organ
    assert not measures.is_struck(tone(60, decay=1.0) * ramp)  # swells for 0.2 s
    assert not measures.is_struck(np.zeros(64000))


def test_a_beat_that_comes_back_is_no_decay() -> None:
    beating = tone(60, decay=100) * np.cos(2 * np.pi * 0.5 * np.arange(64000) / 16000)
    assert measures.decay_seconds(beating) is None


def test_distance_of_levels_is_their_difference() -> None:
    wave = torch.from_numpy(tone(60, decay=100)[None]).float()
    levels = measures.band_levels(wave)
    loud = measures.band_levels(2 * wave)
    assert float(measures.band_distance(levels, levels)) == 0
    assert 0 < float(measures.band_distance(loud, levels)) <= 6.03


def test_scores_of_the_same_and_of_other_notes() -> None:
    generator = np.random.default_rng(0)
    a, b = generator.standard_normal((2, 400, 12))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(a, b + 1) == pytest.approx(12, rel=0.2)
    assert different_bins(a, b, bins=20) <= 0.25
    assert different_bins(a, b + 2, bins=20) > 0.5


def test_sure_and_various_answers_score_as_many_as_there_are() -> None:
    sure = np.eye(10)[np.arange(100) % 10]
    assert inception_score(sure) == pytest.approx(10)
    assert pitch_entropy(sure) == pytest.approx(0, abs=1e-9)
    unsure = np.full((100, 10), 0.1)
    assert inception_score(unsure) == pytest.approx(1)
    assert pitch_entropy(unsure) == pytest.approx(np.log(10))

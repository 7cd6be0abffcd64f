"""Each measure hears what its name says, on tones that differ in that alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.model.directions.measures import MEASURES, SECONDS, measure
from gansynth_live.units import key_to_hz

RATE, KEY = 16000, 57
TIME = np.arange(round(SECONDS * RATE)) / RATE
NAMES = [each.name for each in MEASURES]


def tone(levels: dict[int, float]) -> NDArray[np.float64]:
    """Harmonics by number and amplitude."""
    fundamental = key_to_hz(KEY)
    waves = [a * np.sin(2 * np.pi * n * fundamental * TIME) for n, a in levels.items()]
    return np.asarray(0.1 * np.sum(waves, axis=0))


PLAIN = tone({1: 1.0, 2: 0.5, 3: 0.5, 4: 0.25, 5: 0.25})


def gained(other: NDArray[np.float64]) -> dict[str, float]:
    """What another tone has more than the plain one."""
    gain = measure(other, KEY, RATE) - measure(PLAIN, KEY, RATE)
    return dict(zip(NAMES, gain.tolist(), strict=True))


def test_louder() -> None:
    gain = gained(2 * PLAIN)
    assert gain.pop("loudness") == pytest.approx(6.02, abs=0.01)
    assert max(map(abs, gain.values())) < 1e-3


def test_decaying() -> None:
    gain = gained(PLAIN * 10 ** (-TIME))
    assert gain["decay"] == pytest.approx(20, abs=0.2)
    assert abs(gain["brightness"]) < 0.01


def test_slower_attack() -> None:
    gain = gained(PLAIN * np.clip(TIME / 0.5, 0, 1))
    assert gain["attack"] > 3
    assert abs(gain["brightness"]) < 0.01


def test_harmonics() -> None:
    assert gained(tone({1: 2, 2: 0.5, 3: 0.5, 4: 0.25, 5: 0.25}))["fundamental"] == pytest.approx(
        6.02, abs=0.1
    )
    assert gained(tone({1: 1, 2: 0.25, 3: 0.5, 4: 0.125, 5: 0.25}))["hollowness"] == pytest.approx(
        6.02, abs=0.1
    )
    assert gained(tone({1: 1, 2: 0.5, 3: 0.5, 4: 0.25, 5: 0.25, 20: 1.0}))["brightness"] > 1


def test_noise() -> None:
    hiss = np.random.default_rng(1).standard_normal(TIME.size)
    assert gained(PLAIN + 0.01 * hiss)["noise"] > 10


@pytest.mark.parametrize("wave", [np.zeros(TIME.size), np.full(TIME.size, np.nan), np.ones(300)])
def test_anything_gives_finite_numbers(wave: NDArray[np.float64]) -> None:
    assert np.isfinite(measure(wave, KEY, RATE)).all()

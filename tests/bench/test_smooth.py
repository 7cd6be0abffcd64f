"""The judge of changes lets a morph pass, and nothing else."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.bench import smooth
from gansynth_live.bench.smooth import Smoothness, smoothness
from tests.bench.tones import PARTIALS, RATE, bright, dark, phases, ramp, tone

SECONDS = 3.0
SPAN = (0.9, 2.1)  # seconds judged; the change takes place between 1.2 and 1.8
KEYS = (24, 48, 81)

Wave = NDArray[np.float32]


@cache
def ends(key: int, seed: int = 1) -> tuple[Wave, Wave]:
    """A note in two timbres, with the phases of two renders: unrelated."""
    return tone(key, dark(SECONDS), phases(seed)), tone(key, bright(SECONDS), phases(seed + 1))


def morph(key: int, cents: NDArray[np.float64] | float = 0.0) -> Wave:
    """The first timbre that becomes the second one, in phase with itself."""
    share = ramp(SECONDS, 1.2, 1.8)
    levels = dark(SECONDS) ** (1 - share) * bright(SECONDS) ** share
    return tone(key, levels, phases(1), cents)


def judged(key: int, wave: Wave) -> Smoothness:
    settled = tone(key, bright(SECONDS), phases(1))
    return smoothness(wave, ends(key), key, RATE, SPAN, [settled])


@pytest.mark.parametrize("key", KEYS)
def test_a_morph_passes(key: int) -> None:
    found = judged(key, morph(key))
    assert found.step_db <= smooth.STEP_GOAL
    assert found.click_db <= smooth.STEP_GOAL
    assert found.dipping == 0.0
    assert found.dips_db.max() < 1.0
    assert found.cents < 0.5
    assert found.level_db <= smooth.LEVEL_GOAL


@pytest.mark.parametrize("key", KEYS)
def test_an_unchanged_note_passes_without_a_trace(key: int) -> None:
    found = judged(key, ends(key)[0])
    assert max(found.step_db, found.click_db, found.dips_db.max()) <= 0.01
    assert max(found.cents, found.level_db) <= 0.01


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("seconds", [0.1, 0.6])
def test_a_crossfade_of_renders_fails(key: int, seconds: float) -> None:
    share = ramp(SECONDS, 1.5 - seconds / 2, 1.5 + seconds / 2)[:, 0]
    dipping = []
    for seed in range(1, 9, 2):
        old, new = ends(key, seed)
        faded = ((1 - share) * old + share * new).astype(np.float32)
        dipping.append(smoothness(faded, (old, new), key, RATE, SPAN).dipping)
    assert np.mean(dipping) > 0.1


@pytest.mark.parametrize("key", KEYS)
def test_one_partial_that_fails_is_found(key: int) -> None:
    partial = 1
    share = ramp(SECONDS, 1.2, 1.8)
    levels = dark(SECONDS) ** (1 - share) * bright(SECONDS) ** share
    hole = np.hanning(round(0.4 * RATE))
    levels[round(1.3 * RATE) :][: len(hole), partial] *= 1 - 0.9 * hole
    found = judged(key, tone(key, levels, phases(1)))
    assert np.flatnonzero(found.dips_db > smooth.DIP_GOAL).tolist() == [partial]
    assert found.dips_db[partial] == pytest.approx(20, abs=8)  # the lower end's, not the morph's
    assert found.dipping == pytest.approx(1 / len(found.dips_db))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("cents", [-8.0, 8.0])
def test_a_bent_pitch_is_found(key: int, cents: float) -> None:
    moments = np.arange(round(SECONDS * RATE)) / RATE
    bend = cents * np.exp(-0.5 * ((moments - 1.5) / 0.08) ** 2)
    assert judged(key, morph(key, bend)).cents == pytest.approx(abs(cents), abs=1.5)


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_piece_is_a_click(key: int) -> None:
    wave = morph(key)
    # Cut where the wave is not by chance the same on both sides.
    start = round(1.5 * RATE)
    lost = int(np.argmax(np.abs(wave[start + 1 : start + RATE // 50] - wave[start])))
    cut = np.concatenate([wave[:start], wave[start + 1 + lost :], wave[-1 - lost :]])
    found = judged(key, cut[: len(wave)])
    assert found.click_db > 6.0
    assert found.step_db > smooth.STEP_GOAL or found.dips_db.max() > 3.0


def test_a_click_too_small_for_the_step_is_found() -> None:
    wave = morph(60)
    wave[round(1.5 * RATE) :] += np.float32(0.01)
    found = judged(60, wave)
    assert found.click_db > 12.0


@pytest.mark.parametrize("change", [-5.0, 5.0])
def test_a_level_outside_the_ends_is_found(change: float) -> None:
    bump = np.ones(round(SECONDS * RATE))
    hole = np.hanning(round(0.5 * RATE))
    bump[round(1.25 * RATE) :][: len(hole)] = 10 ** (change / 20 * hole)
    found = judged(60, (morph(60) * bump).astype(np.float32))
    assert found.level_db > smooth.LEVEL_GOAL


def test_partials_that_one_end_lacks_do_not_count() -> None:
    old, _ = ends(60)
    levels = bright(SECONDS)
    levels[:, 4:] *= 1e-5
    found = smoothness(old, (old, tone(60, levels, phases(2))), 60, RATE, SPAN)
    assert len(found.dips_db) == 4 < PARTIALS

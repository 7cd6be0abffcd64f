"""The judge of held notes lets one pass that wanders, and none that loops, clicks or drifts."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.bench import hold as judge
from gansynth_live.bench.hold import hold
from tests.bench.tones import PARTIALS, dark, phases, tone

RATE = 24_000
SECONDS = 20.0
KEYS = (24, 60)

Floats = NDArray[np.float64]
Wave = NDArray[np.float32]
STILL = np.ones((round(SECONDS * RATE), PARTIALS))


def note(key: int, gains: Floats, cents: Floats | float = 0.0) -> Wave:
    """A dark note under `gains` [n, partials]."""
    levels = dark(len(gains) / RATE, RATE) * gains
    return tone(key, levels, phases(1), cents, RATE)


def wandering(seconds: float, seed: int = 1) -> Floats:
    """Gains [n, partials] that change at random: about 1 dB, in tenths of a second."""
    random = np.random.default_rng(seed)
    coarse = random.standard_normal((round(10 * seconds) + 1, PARTIALS))
    fine, moments = np.arange(round(seconds * RATE)) / RATE, np.arange(len(coarse)) / 10
    decibels = np.stack([np.interp(fine, moments, column) for column in coarse.T], axis=1)
    return np.asarray(10 ** (decibels / 20))


def looping(period: float) -> Floats:
    """Gains [n, partials] that live for 2.5 s and then come again and again."""
    alive = wandering(2.5)
    again = np.resize(wandering(period, seed=2), (round(SECONDS * RATE) - len(alive), PARTIALS))
    return np.concatenate([alive, again])


@pytest.fixture(scope="module", params=KEYS)
def key(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def living(key: int) -> Wave:
    """A note that is never twice the same."""
    return note(key, wandering(SECONDS))


def test_a_living_note_passes(key: int, living: Wave) -> None:
    found = hold(living, key, RATE)
    assert found.click_db < judge.CLICK_GOAL
    assert found.drift < judge.DRIFT_GOAL
    assert found.wander_db < judge.WANDER_GOAL
    assert found.loudness_loop < judge.LOOP_GOAL
    assert found.partials_loop < judge.LOOP_GOAL


def test_a_note_that_does_not_move_has_no_loop(key: int) -> None:
    found = hold(note(key, STILL), key, RATE)
    assert found.loudness_loop == found.partials_loop == 0.0
    assert max(found.drift, found.wander_db, found.rise_db) < 0.01


@pytest.mark.parametrize("period", [0.5, 3.7])
def test_a_loop_is_found(key: int, period: float) -> None:
    found = hold(note(key, looping(period)), key, RATE)
    assert found.loudness_loop > judge.LOOP_GOAL
    assert found.partials_loop > judge.LOOP_GOAL


@pytest.mark.parametrize("period", [0.16, 0.4])
def test_a_tremolo_is_no_loop_but_one_within_a_loop_is(key: int, period: float) -> None:
    seconds = np.arange(round(SECONDS * RATE)) / RATE
    tremolo = 10 ** (np.sin(2 * np.pi * seconds / period) / 20)[:, None]
    living = hold(note(key, wandering(SECONDS) ** 0.5 * tremolo), key, RATE)
    assert living.loop < judge.LOOP_GOAL
    assert hold(note(key, looping(2.0) * tremolo), key, RATE).loop > judge.LOOP_GOAL


def test_a_loop_of_partials_under_an_even_loudness_is_found(key: int) -> None:
    gains = looping(1.7)
    gains /= np.linalg.norm(gains * dark(SECONDS, RATE), axis=1, keepdims=True)
    found = hold(note(key, 0.2 * gains), key, RATE)
    assert found.loudness_loop < judge.LOOP_GOAL < found.partials_loop


def test_a_click_is_found(key: int, living: Wave) -> None:
    broken = living.copy()
    broken[round(12.3 * RATE) :] *= -1  # a turn of phase: the level stays
    assert hold(broken, key, RATE).click_db > judge.CLICK_GOAL


def test_drift_is_found(key: int) -> None:
    bend = np.linspace(0.0, 5.0, round(SECONDS * RATE))
    found = hold(note(key, STILL, bend), key, RATE)
    assert found.drift == pytest.approx(2.8, abs=0.2)  # up to the last whole 5 s


def test_swelling_is_found(key: int, living: Wave) -> None:
    swelling = living * np.linspace(1.0, 1.7, len(living), dtype=np.float32)
    found = hold(swelling, key, RATE)
    assert found.wander_db > judge.WANDER_GOAL
    assert found.rise_db > judge.RISE_GOAL
    assert not found.is_even


def test_dying_away_is_no_rise_and_silence_is_left_out(key: int, living: Wave) -> None:
    seconds = np.arange(len(living)) / RATE
    dying = (living * 10 ** (-6.0 * seconds / 20)).astype(np.float32)
    dying[round(16 * RATE) :] = 0.0
    found = hold(dying, key, RATE)
    assert found.wander_db > 10.0
    assert found.rise_db < judge.RISE_GOAL
    assert found.is_even


def test_a_note_that_soon_falls_silent_is_judged_while_it_sounds(key: int) -> None:
    seconds = np.arange(round(SECONDS * RATE)) / RATE
    found = hold(note(key, STILL) * np.exp(-5 * seconds).astype(np.float32), key, RATE)
    assert found.is_even
    assert max(found.click_db, found.drift, found.loop) < 0.5

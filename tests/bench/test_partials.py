"""What is seen through the lens is what was put in."""

import numpy as np
import pytest

from gansynth_live.bench.partials import Lens, block_levels, block_peaks, decibels, outside
from gansynth_live.units import key_to_hz
from tests.bench.tones import PARTIALS, RATE, dark, phases, tone

TIMES = np.arange(0.3, 0.7, 0.01)
KEYS = (24, 25, 60, 84)


@pytest.mark.parametrize("key", KEYS)
def test_levels_and_phases(key: int) -> None:
    lens = Lens(key, RATE)
    seen = lens.tracks(tone(key, dark(1.0), phases(1)), TIMES)
    count = min(PARTIALS, lens.partials)
    true = 0.2 / np.arange(1, count + 1) ** 1.5
    assert np.abs(decibels(seen[:, :count]) - decibels(true)).max() < 0.2
    turns = np.angle(seen[1:, :count] * np.conj(seen[:-1, :count])) / (2 * np.pi)
    assert np.abs(turns).max() < 0.01


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("cents", [-20.0, 0.5, 20.0])
def test_pitch(key: int, cents: float) -> None:
    lens = Lens(key, RATE)
    tracks = lens.tracks(tone(key, dark(1.0), phases(1), cents), TIMES)
    # Partials that are a little off shine a little into the windows of their neighbours.
    assert lens.pitch_cents(tracks, 0.01) == pytest.approx(cents, abs=0.05 * abs(cents))
    assert lens.pitch_cents(tracks, 0.01, over=13) == pytest.approx([cents] * 3, abs=0.1)


@pytest.mark.parametrize("key", KEYS)
def test_halves_of_the_pitch_are_not_seen(key: int) -> None:
    """An organ sounds a fifth above its octave: no multiple of the key's pitch."""
    lens = Lens(key, RATE)
    moments = np.arange(RATE) / RATE
    fifth = (0.2 * np.sin(2 * np.pi * 1.5 * key_to_hz(key) * moments)).astype(np.float32)
    assert decibels(lens.tracks(fifth, TIMES)).max() < decibels(np.array(0.2)) - 40


def test_silence_around_a_wave_is_seen() -> None:
    lens = Lens(60, RATE)
    tracks = lens.tracks(tone(60, dark(0.5), phases(1)), np.array([-9.0, 0.25, 9.0]))
    assert decibels(tracks[[0, 2]]).max() == -180.0
    assert decibels(tracks[1, 0]) > -20.0


def test_blocks() -> None:
    wave = np.zeros(1000, np.float32)
    wave[250:] = 0.5
    assert block_levels(wave, 100)[[0, 5]] == pytest.approx([-180.0, -6.02], abs=0.01)
    assert np.flatnonzero(block_peaks(wave, 100, order=1) > -10).tolist() == [2]
    assert block_peaks(wave, 100, order=1)[5] == pytest.approx(-66.02, abs=0.01)  # nobody hears it
    assert block_peaks(wave, 100, order=4)[2] == pytest.approx(20 * np.log10(1.5), abs=0.01)


def test_outside() -> None:
    assert outside(np.array([1.0, 2.0, 3.0]), 1.5, 4.0) == 0.5
    assert outside(np.array([1.0, 2.0, 3.0]), 0.0, 2.0) == 1.0
    assert outside(np.array([1.0, 2.0, 3.0]), 0.0, 4.0) == 0.0

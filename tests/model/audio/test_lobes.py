from pathlib import Path

import numpy as np
import pytest

from gansynth_live.bench.loudness_line import BANDS, ripple_db
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.spectra import measured, transform
from gansynth_live.model.audio.stft import hann
from tests.model.audio.analysis import MEL_BINS, SAMPLE_RATE, STFT, mel_if

STEADY = slice(8000, 44000)  # samples


@pytest.fixture(scope="module")
def inversion() -> LockedInversion:
    return LockedInversion(STFT, MEL_BINS, SAMPLE_RATE)


@pytest.mark.parametrize("hertz", [196.0, 440.0, 987.8])
def test_a_steady_note_does_not_ripple_at_the_frame_rate(
    inversion: LockedInversion, hertz: float
) -> None:
    time = np.arange(STFT.samples) / SAMPLE_RATE
    number = np.arange(1, int(7500 / hertz) + 1)[:, np.newaxis]
    note = 0.02 * np.cos(2 * np.pi * hertz * number * time + number**2).sum(axis=0)
    heard = inversion.begin([60]).push(mel_if(note[np.newaxis]))[0]
    for band in BANDS:
        assert ripple_db(heard[STEADY], SAMPLE_RATE, band) < -38


def test_real_notes_ripple_no_more_when_played_back(
    golden: Path, inversion: LockedInversion
) -> None:
    clips = np.load(golden / "nsynth_16_clips.npz")["waves"] / 32768
    clips = clips[np.square(clips[:, STEADY]).mean(axis=1) > 1e-3]
    heard = inversion.begin([60] * len(clips)).push(mel_if(clips))
    for band in BANDS[:3]:
        real, ours = (
            np.mean([ripple_db(wave[STEADY], SAMPLE_RATE, band) for wave in waves])
            for waves in (clips, heard)
        )
        assert ours < real + 3


def test_a_partial_comes_back_as_the_transform_of_one(inversion: LockedInversion) -> None:
    time = np.arange(STFT.fft_size + 8 * STFT.hop) / SAMPLE_RATE
    tone = np.cos(2 * np.pi * 1003.0 * time).astype(np.float32)
    start = np.angle(transform(tone, STFT)[0]).astype(np.float64) / np.pi
    waves = inversion.waves(measured(transform(tone, STFT)), start, STFT.frames // 2, 0, 60)
    for frame, wave in enumerate(waves, start=1):
        expected = tone[frame * STFT.hop :][: STFT.fft_size] * hann(STFT.fft_size)
        np.testing.assert_allclose(wave, expected * inversion.window, atol=0.03)

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.errors import ModelError
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.stft import Stft
from tests.model.measure import snr

REAL = Stft(fft_size=2048, hop=512, frames=128, samples=64000)
TINY = Stft(fft_size=128, hop=32, frames=16, samples=500)


@pytest.fixture(scope="module")
def inversion() -> FaithfulInversion:
    return FaithfulInversion(REAL, 1024, 16000)


def test_inverts_as_the_original_does(golden: Path, inversion: FaithfulInversion) -> None:
    stored = np.load(golden / "helpers_full.npz")
    image = stored["mel_full0"].astype(np.float32)[None]
    assert snr(inversion.begin([60]).push(image)[0], stored["mel_wave0"]) > 80


def test_inverts_a_generated_note_as_the_original_does(
    golden: Path, inversion: FaithfulInversion
) -> None:
    stored = np.load(golden / "small_note0_full.npz")
    assert snr(inversion.begin([60]).push(stored["mel"][None])[0], stored["wave"]) > 70


def test_spectra_are_the_originals(golden: Path, inversion: FaithfulInversion) -> None:
    stored = np.load(golden / "small_note0_full.npz")
    phase = np.pi * np.cumsum(stored["mel"][..., 1], axis=0, dtype=np.float64)
    spectra = inversion.spectra(stored["mel"][..., 0], phase)
    assert not spectra[:, 0].any()  # DC was dropped
    assert snr(spectra[:, 1:].real, stored["stft_re"]) > 60
    assert snr(spectra[:, 1:].imag, stored["stft_im"]) > 60
    np.testing.assert_allclose(np.abs(spectra[:, 1]), 1e-3, rtol=1e-5)  # a bin with no mel band


@pytest.mark.parametrize(("name", "mel_bins"), [("tiny", 64), ("tinymel2", 32)])
def test_other_sizes(golden: Path, name: str, mel_bins: int) -> None:
    stored = np.load(golden / "helpers_tiny.npz")
    stream = FaithfulInversion(TINY, mel_bins, 16000).begin([60])
    wave = stream.push(stored[f"{name}_mel"][None])
    assert snr(wave[0], stored[f"{name}_mel_to_wave"]) > 100


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 16), max_size=6))
def test_cutting_changes_no_bit(cuts: list[int]) -> None:
    inversion = FaithfulInversion(TINY, 64, 16000)
    image = np.random.default_rng(1).normal(0, 1, (2, 16, 64, 2)).astype(np.float32)
    whole = inversion.begin([60, 60]).push(image)
    edges = [0, *sorted(cuts), 16]
    stream = inversion.begin([60, 60])
    pieces = [stream.push(image[:, a:b]) for a, b in pairwise(edges)]
    assert np.array_equal(np.concatenate(pieces, axis=1), whole)


@pytest.mark.parametrize("step", [8, 13])
def test_cutting_a_whole_note_changes_no_bit(
    golden: Path, inversion: FaithfulInversion, step: int
) -> None:
    image = np.load(golden / "small_note0_full.npz")["mel"][None]
    stream = inversion.begin([60])
    pieces = [stream.push(image[:, a : a + step]) for a in range(0, 128, step)]
    assert np.array_equal(np.concatenate(pieces, axis=1), inversion.begin([60]).push(image))


def test_more_frames_than_a_note_has_are_refused() -> None:
    stream = FaithfulInversion(TINY, 64, 16000).begin([60])
    with pytest.raises(ModelError, match="16 frames"):
        stream.push(np.zeros((1, 17, 64, 2), np.float32))

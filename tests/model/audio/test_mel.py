from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array

from gansynth_live.model.audio.mel import (
    hertz_to_mel,
    linear_to_mel,
    mel_to_hertz,
    mel_to_linear,
)

FULL = {"linear_to_mel": linear_to_mel, "mel_to_linear": mel_to_linear}
SMALL = {
    "small_b128": (128, 128, 16000),
    "small_b64m32": (64, 32, 16000),
    "small_b64sr44": (64, 64, 44100),
}


@pytest.mark.parametrize("name", FULL)
def test_full_matrices_are_the_originals(golden: Path, name: str) -> None:
    stored = np.load(golden / "mel_matrices.npz")
    coordinates = (stored[f"{name}_row"], stored[f"{name}_col"])
    shape = tuple(stored[f"{name}_shape"])
    original = coo_array((stored[f"{name}_val"], coordinates), shape=shape)
    matrix = FULL[name](1024, 1024, 16000)
    assert matrix.nnz == 2042
    assert np.abs(matrix.toarray() - original.toarray()).max() < 1e-9


@pytest.mark.parametrize("name", SMALL)
def test_small_matrices_are_the_originals(golden: Path, name: str) -> None:
    original = np.load(golden / "mel_matrices.npz")[name]
    assert np.abs(linear_to_mel(*SMALL[name]).toarray() - original).max() < 1e-9


def test_mel_scale_is_the_originals(golden: Path) -> None:
    stored = np.load(golden / "spectral_ops.npz")
    np.testing.assert_allclose(hertz_to_mel(stored["hz"]), stored["mel"], rtol=1e-9)
    np.testing.assert_allclose(mel_to_hertz(stored["mel"]), stored["hz_back"], rtol=1e-9)

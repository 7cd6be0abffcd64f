"""The original's envelope and mix, against what the original code returned."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.performance.magenta import PEAK, SAMPLE_RATE, Mix, envelope, length, scaled


@pytest.mark.parametrize("number", range(5))
def test_envelope(golden: Path, number: int) -> None:
    original = np.load(golden / "generate_util.npz")
    made = envelope(float(original[f"env{number}_len"]))
    assert made.shape == original[f"env{number}"].shape
    np.testing.assert_allclose(made, original[f"env{number}"], atol=1e-7)


Note = tuple[NDArray[np.float32], float, float, int]  # samples, start, end, velocity


def piece(end: float, notes: Iterable[Note]) -> NDArray[np.float32]:
    blocks: list[NDArray[np.float64]] = []
    mix = Mix(blocks.append)
    for note in notes:
        mix.add(*note)
    mix.finish(length(end))
    return scaled(np.concatenate(blocks), mix.highest, PEAK).astype(np.float32)


def tone(samples: float) -> NDArray[np.float32]:
    return np.full(64000, samples, np.float32)


def test_mix(golden: Path) -> None:
    original = np.load(golden / "generate_util.npz")
    times = np.arange(4 * SAMPLE_RATE)
    starts, ends = original["combine_starts"], original["combine_ends"]
    notes: list[Note] = []
    for hz, start, end, velocity in zip(
        original["combine_freqs"], starts, ends, original["combine_vel"], strict=True
    ):
        decay = np.exp(-times / original["combine_decay"])
        wave = (np.sin(2 * np.pi * hz * times / SAMPLE_RATE) * decay).astype(np.float32)
        notes.append((wave, float(start), float(end), int(velocity)))
    clip = piece(float(ends.max()), notes)
    assert clip.shape == (int(original["combine_len"]),)
    assert clip.dtype == np.float32
    np.testing.assert_allclose(clip[:36000], original["combine_clip"], atol=1e-6)
    assert np.flatnonzero(clip).max() == original["combine_nonzero_end"]


def test_silence_stays_silence() -> None:
    assert not piece(1.0, []).any()
    clip = piece(1.0, [(tone(0.0), 0.0, 1.0, 100), (tone(-0.5), 0.0, 1.0, 100)])
    assert np.isfinite(clip).all()
    assert not clip.any()


def test_a_note_at_the_very_end_fits() -> None:
    clip = piece(9.999, [(tone(1.0), 5.0, 9.999, 127), (tone(1.0), 9.99, 9.999, 127)])
    assert clip.shape == (12 * SAMPLE_RATE,)
    assert clip.max() == 0.5


def test_sums_are_handed_on_in_blocks_whatever_the_rests() -> None:
    lengths: list[int] = []
    mix = Mix(lambda block: lengths.append(len(block)))
    mix.add(tone(1.0), 0.0, 0.5, 127)
    mix.add(tone(1.0), 3600.0, 3601.0, 127)
    mix.finish(length(3601.0))
    assert sum(lengths) == length(3601.0)
    assert max(lengths) <= 4 * SAMPLE_RATE

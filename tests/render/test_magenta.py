"""The original's envelope and mix, against what the original code returned."""

from pathlib import Path

import numpy as np
import pytest

from gansynth_live.render.magenta import SAMPLE_RATE, Mix, envelope


@pytest.mark.parametrize("number", range(5))
def test_envelope(golden: Path, number: int) -> None:
    original = np.load(golden / "generate_util.npz")
    made = envelope(float(original[f"env{number}_len"]))
    assert made.shape == original[f"env{number}"].shape
    np.testing.assert_allclose(made, original[f"env{number}"], atol=1e-7)


def test_mix(golden: Path) -> None:
    original = np.load(golden / "generate_util.npz")
    times = np.arange(4 * SAMPLE_RATE)
    starts, ends = original["combine_starts"], original["combine_ends"]
    mix = Mix(float(ends.max()))
    for hz, start, end, velocity in zip(
        original["combine_freqs"], starts, ends, original["combine_vel"], strict=True
    ):
        decay = np.exp(-times / original["combine_decay"])
        tone = (np.sin(2 * np.pi * hz * times / SAMPLE_RATE) * decay).astype(np.float32)
        mix.add(tone, float(start), float(end), int(velocity))
    clip = mix.clip()
    assert clip.shape == (int(original["combine_len"]),)
    assert clip.dtype == np.float32
    np.testing.assert_allclose(clip[:36000], original["combine_clip"], atol=1e-6)
    assert np.flatnonzero(clip).max() == original["combine_nonzero_end"]


def test_silence_stays_silence() -> None:
    mix = Mix(1.0)
    assert not mix.clip().any()
    mix.add(np.zeros(64000, np.float32), 0.0, 1.0, 100)
    mix.add(np.full(64000, -0.5, np.float32), 0.0, 1.0, 100)
    assert np.isfinite(mix.clip()).all()
    assert not mix.clip().any()


def test_a_note_at_the_very_end_fits() -> None:
    mix = Mix(9.999)
    mix.add(np.ones(64000, np.float32), 5.0, 9.999, 127)
    mix.add(np.ones(64000, np.float32), 9.99, 9.999, 127)
    assert mix.clip().max() == 0.5

import numpy as np
import pytest

from gansynth_live.model.audio.stft import Stft, hann, synthesis_window

REAL = Stft(fft_size=2048, hop=512, frames=128, samples=64000)


def test_all_padding_is_on_the_left() -> None:
    assert REAL.padding == 3072


@pytest.mark.parametrize(
    ("frames", "samples"),
    [(0, 0), (6, 0), (7, 512), (8, 1024), (16, 5120), (32, 13312), (127, 61952), (128, 64000)],
)
def test_final_samples(frames: int, samples: int) -> None:
    assert REAL.final_samples(frames) == samples


def test_windows_undo_each_other() -> None:
    product = hann(2048) * synthesis_window(REAL)
    np.testing.assert_allclose(product.reshape(4, 512).sum(axis=0), 1, atol=1e-12)


def test_synthesis_window_is_hann_over_one_and_a_half() -> None:
    np.testing.assert_allclose(synthesis_window(REAL), hann(2048) / 1.5, atol=1e-12)


BARE = (2048, 2048, 128, 64000)  # frames side by side, whose windows end in silence


@pytest.mark.parametrize(
    "sizes",
    [(2047, 512, 128, 64000), (2048, 500, 128, 64000), (2048, 0, 128, 64000), (8, 2, 4, 8), BARE],
)
def test_impossible_sizes_have_a_problem(sizes: tuple[int, int, int, int]) -> None:
    assert Stft(*sizes).problem()


def test_a_note_longer_than_its_frames_has_a_problem() -> None:
    assert Stft(2048, 512, 128, 67073).problem()
    assert Stft(2048, 512, 128, 67072).problem() is None

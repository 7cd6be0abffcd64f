import numpy as np

from gansynth_live.model.audio.overlap import OverlapAdd
from gansynth_live.model.audio.stft import Stft

STFT = Stft(fft_size=16, hop=4, frames=10, samples=40)


def test_frames_are_added_where_they_belong() -> None:
    frames = np.random.default_rng(1).standard_normal((2, 10, 16)).astype(np.float32)
    expected = np.zeros((2, 4 * 9 + 16), np.float32)
    for index in range(10):
        expected[:, 4 * index : 4 * index + 16] += frames[:, index]
    np.testing.assert_array_equal(OverlapAdd(STFT, 2).add(frames), expected[:, STFT.padding :])


def test_samples_are_handed_on_as_soon_as_they_are_final() -> None:
    signal, frame = OverlapAdd(STFT, 1), np.ones((1, 1, 16), np.float32)
    lengths = [signal.add(frame).shape[1] for _ in range(10)]
    assert lengths == [0, 0, 0, 4, 4, 4, 4, 4, 4, 16]

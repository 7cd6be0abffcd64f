"""The short-time Fourier transform of a model's images: sizes, windows, what is final when."""

from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray


class Stft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes of the transform. All padding of the note is on its left (gansynth-model, 5.3).

    Attributes:
        fft_size: samples a frame, even.
        hop: samples from one frame to the next.
        frames: frames in a whole note.
        samples: samples of a whole note after the left padding is dropped.
    """

    fft_size: int
    hop: int
    frames: int
    samples: int

    @property
    def bins(self) -> int:
        """Frequency bins without DC; bin j of the image is FFT bin j + 1."""
        return self.fft_size // 2

    @property
    def padding(self) -> int:
        """Samples before the note's first one in the overlap-added signal."""
        return self.hop * (self.frames - 1) + self.fft_size - self.samples

    def final_samples(self, frames: int) -> int:
        """Samples of the note that no later frame changes, once `frames` frames are known."""
        if frames >= self.frames:
            return self.samples
        return min(max(self.hop * frames - self.padding, 0), self.samples)

    def problem(self) -> str | None:
        """Why these sizes make no transform, or None if they do."""
        if not 16 <= self.fft_size <= 1 << 16 or self.fft_size % 2:
            return f"fft_size {self.fft_size} is not an even number from 16 to 65536"
        if not 1 <= self.hop <= self.fft_size or self.fft_size % self.hop:
            return f"hop {self.hop} does not divide fft_size {self.fft_size}"
        if not 1 <= self.frames <= 1 << 14:
            return f"frames {self.frames} is outside 1..16384"
        if self.samples < 1 or self.padding < 0:
            return f"samples {self.samples} is outside what {self.frames} frames cover"
        return None


@cache
def hann(size: int) -> NDArray[np.float64]:
    """Periodic Hann window, float64 [size]; read-only."""
    angle = 2 * np.pi * np.arange(size) / size
    window: NDArray[np.float64] = 0.5 - 0.5 * np.cos(angle)
    window.flags.writeable = False
    return window


def synthesis_window(stft: Stft) -> NDArray[np.float64]:
    """Window that undoes `hann`: w / (sum of w^2 over all hops), float64 [fft_size]."""
    window = hann(stft.fft_size)
    overlapped = np.square(window).reshape(-1, stft.hop).sum(axis=0)
    undoing: NDArray[np.float64] = window / np.tile(overlapped, stft.fft_size // stft.hop)
    return undoing

"""The short-time Fourier transform of a model's images: sizes, windows, what is final when."""

from functools import cache
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

Size = Annotated[int, Meta(ge=0, le=1 << 25)]


class Stft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes of the transform. All padding of the note is on its left (gansynth-model, 5.3).

    Attributes:
        fft_size: samples a frame, even. The tables of the inversion grow with its square.
        hop: samples from one frame to the next.
        frames: frames in a whole note.
        samples: samples of a whole note after the left padding is dropped.
    """

    fft_size: Size
    hop: Size
    frames: Size
    samples: Size

    @property
    def bins(self) -> int:
        """Frequency bins without DC; bin j of the image is FFT bin j + 1."""
        return self.fft_size // 2

    @property
    def padding(self) -> int:
        """Samples before the note's first one in the overlap-added signal."""
        return self.hop * (self.frames - 1) + self.fft_size - self.samples

    def times(self, factor: int) -> "Stft":
        """The same frames of the same note at `factor` times the sample rate."""
        return Stft(self.fft_size * factor, self.hop * factor, self.frames, self.samples * factor)

    def final_samples(self, frames: int) -> int:
        """Samples of the note that no later frame changes, once `frames` frames are known."""
        if frames >= self.frames:
            return self.samples
        return min(max(self.hop * frames - self.padding, 0), self.samples)

    def problem(self) -> str | None:
        """Why these sizes make no transform, or None if they do."""
        if not 16 <= self.fft_size <= 8192 or self.fft_size % 2:
            return f"fft_size {self.fft_size} is not an even number from 16 to 8192"
        # Hann windows that do not overlap leave holes.
        if self.hop < 1 or self.bins % self.hop:
            return f"hop {self.hop} does not divide half of fft_size {self.fft_size}"
        if not 1 <= self.frames <= 4096:
            return f"frames {self.frames} is outside 1..4096"
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


def first_sample(stft: Stft, frame: int) -> int:
    """The first sample of a note that frame `frame` is heard in."""
    return stft.hop * frame - stft.padding

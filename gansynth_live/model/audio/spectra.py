"""Frames of a sound on linear bins: from mel-IF data, measured on audio, or between two others."""

from math import exp, sqrt
from typing import NamedTuple

import numpy as np
from numba import float32, int32
from numpy.typing import NDArray
from scipy import fft

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.audio.mel import linear_to_mel, mel_to_linear
from gansynth_live.model.audio.stft import Stft, hann

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

FRAMES = float32[:, ::1]

POWER_FLOOR = np.float32(1e-6)
BLUR_REACH = (
    8  # bins on either side that mel-IF data may show a bin's power in, as far as it counts
)
RIGHT = 0.9  # of a turn of pi: what phase advances lie farther apart than that are told apart


class Blur(NamedTuple):
    """What mel-IF data do not tell of linear bins.

    Attributes:
        spread: share of the power of bins j - 8 ... j + 8 that bin j shows, float32 [bins, 17].
        wrap: the phase advance may be off by so much to either side, in units of 2 pi, since it was
            kept as a wrapped multiple of it, float32 [bins]; 0: it is right.
    """

    spread: Floats
    wrap: Floats


SHARP = Blur(np.empty((0, 2 * BLUR_REACH + 1), np.float32), np.empty(0, np.float32))


class Spectra(NamedTuple):
    """Frames on linear bins; bin j is FFT bin j + 1.

    Attributes:
        magnitude: of a transform under a Hann window, float32 [frames, bins], above 0.
        turn: phase advance since the frame before in units of pi, -1..1, float32 [frames, bins].
        blur: of what they were made from; `SHARP`, without bins, for what was measured.
    """

    magnitude: Floats
    turn: Floats
    blur: Blur = SHARP


class UnfoldedMel:
    """From mel bins back to linear ones. Callable by several threads at once.

    Args:
        lift: gains of the linear bins, float32 [bins]; None: they stay as they are.
    """

    def __init__(
        self, bins: int, mel_bins: int, sample_rate: int, lift: Floats | None = None
    ) -> None:
        columns = mel_to_linear(bins, mel_bins, sample_rate).tocsc()
        self.bins = bins
        self._tables = (
            columns.indptr.astype(np.int32),
            columns.indices.astype(np.int32),
            columns.data.astype(np.float32),
        )
        self._lift = lift
        self._blur = blur_of_mel(bins, mel_bins, sample_rate)

    def __call__(self, frames: Floats) -> Spectra:
        """Spectra of one note's mel-IF data [frames, mel_bins, 2] (ln power, units of pi)."""
        shape = (len(frames), self.bins)
        spectra = Spectra(np.empty(shape, np.float32), np.empty(shape, np.float32), self._blur)
        log_power = np.ascontiguousarray(frames[:, :, 0], np.float32)
        frequency = np.ascontiguousarray(frames[:, :, 1], np.float32)
        room = np.empty(frames.shape[1], np.float32)
        unfold(log_power, frequency, *self._tables, *spectra[:2], room)
        if self._lift is not None:
            spectra.magnitude[:] *= self._lift
        return spectra


def blur_of_mel(bins: int, mel_bins: int, sample_rate: int) -> Blur:
    """The blur of what `UnfoldedMel` makes."""
    back = mel_to_linear(bins, mel_bins, sample_rate)
    seen = linear_to_mel(bins, mel_bins, sample_rate) @ back
    spread = np.zeros((bins, 2 * BLUR_REACH + 1), np.float32)
    for column, offset in enumerate(range(-BLUR_REACH, BLUR_REACH + 1)):
        showing = np.arange(max(-offset, 0), bins - max(offset, 0))
        spread[showing, column] = seen.diagonal(-offset)
    wrap = np.asarray(back.sum(axis=0), np.float32)
    return Blur(spread, np.where(wrap < RIGHT, wrap, np.float32(0.0)))


def transform(audio: Floats, stft: Stft) -> NDArray[np.complex64]:
    """Transform of all whole frames in `audio` [samples]: complex64 [frames, bins]."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, stft.fft_size)[:: stft.hop]
    spectra: NDArray[np.complex64] = fft.rfft(frames * hann(stft.fft_size).astype(np.float32))
    return spectra[:, 1:]


def measured(transformed: NDArray[np.complex64]) -> Spectra:
    """Spectra of all frames but the first, whose phases the second needs."""
    phase = np.angle(transformed) / np.float32(np.pi)
    turn = np.diff(phase, axis=0)
    turn -= 2 * np.round(turn / 2)
    return Spectra(np.sqrt(np.square(np.abs(transformed[1:])) + POWER_FLOOR), turn)


@compiled_entry(*2 * [FRAMES], *2 * [int32[::1]], float32[::1], *2 * [FRAMES], float32[::1])
def unfold(
    log_power: Floats,
    frequency: Floats,
    starts: Indices,
    mels: Indices,
    gains: Floats,
    magnitude: Floats,
    turn: Floats,
    power: Floats,
) -> None:
    """Fill `magnitude` and `turn` [frames, bins] from mel-IF data [frames, mel_bins].

    Linear bin j gathers mel bins `mels` by `gains` (from `starts[j]` to `starts[j + 1]`); `power`
    [mel_bins] is room to work in.
    """
    for frame in range(len(log_power)):
        for mel in range(len(power)):
            power[mel] = exp(log_power[frame, mel])
        for j in range(magnitude.shape[1]):
            magnitude[frame, j] = sqrt(gathered(power, starts, mels, gains, j) + POWER_FLOOR)
            turn[frame, j] = gathered(frequency[frame], starts, mels, gains, j)


@compiled
def gathered(values: Floats, starts: Indices, mels: Indices, gains: Floats, j: int) -> np.float32:
    """What linear bin j takes from the mel bins."""
    total = np.float32(0.0)
    for entry in range(starts[j], starts[j + 1]):
        total += values[mels[entry]] * gains[entry]
    return total

"""Audio to mel-IF data, as the original's training side does it, and a distance between sounds."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.mel import linear_to_mel
from gansynth_live.model.audio.stft import Stft, hann

STFT = Stft(fft_size=2048, hop=512, frames=128, samples=64000)
SAMPLE_RATE = 16000
MEL_BINS = 1024
SAFE_LOG = 1e-6


def spectra(waves: NDArray[np.floating]) -> NDArray[np.complex128]:
    """Transform without DC, [notes, frames, bins], of waves [notes, samples]."""
    padded = np.pad(waves.astype(np.float64), ((0, 0), (STFT.padding, 0)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, STFT.fft_size, axis=1)
    return np.fft.rfft(frames[:, :: STFT.hop] * hann(STFT.fft_size))[:, :, 1:]


def mel_if(waves: NDArray[np.floating]) -> NDArray[np.float32]:
    """Mel-IF data [notes, frames, mel_bins, 2] of waves [notes, samples]."""
    bands = linear_to_mel(STFT.bins, MEL_BINS, SAMPLE_RATE).toarray()
    transform = spectra(waves)
    power = np.log(np.square(np.abs(transform) + SAFE_LOG) @ bands + SAFE_LOG)
    phase = np.pi * np.cumsum(_frequency(np.angle(transform)), axis=1) @ bands
    return np.stack([power, _frequency(phase)], axis=-1).astype(np.float32)


def mel_distance(waves: NDArray[np.floating], reference: NDArray[np.floating]) -> float:
    """Log-spectral distance in dB over 80 mel bands, floor 60 dB under the reference's peak."""
    bands = linear_to_mel(STFT.bins, 80, SAMPLE_RATE).toarray()
    power, true = (np.square(np.abs(spectra(wave))) @ bands for wave in (waves, reference))
    floor = true.max(axis=(1, 2), keepdims=True) * 1e-6
    ratio = 10 * np.log10(np.maximum(power, floor) / np.maximum(true, floor))
    return float(np.sqrt(np.square(ratio).mean(axis=2)).mean())


def _frequency(phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """Wrapped steps of the phase along time in units of pi; the first frame is the phase itself."""
    steps = np.mod(np.diff(phase, axis=1) + np.pi, 2 * np.pi) - np.pi
    return np.concatenate([phase[:, :1], steps], axis=1) / np.pi

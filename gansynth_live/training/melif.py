"""Waves to mel-IF images and back in torch: the training side of the model's representation.

An image is [2, 128 frames, 1024 bins]: scaled ln mel power and scaled mel instantaneous frequency
(GANSynth's normaliser constants), both within -1..1.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gansynth_live.model.audio import mel

SAMPLE_RATE, SAMPLES = 16000, 64000
FFT_SIZE, HOP, FRAMES, BINS = 2048, 512, 128, 1024
PAD = HOP * (FRAMES - 1) + FFT_SIZE - SAMPLES  # all in front
POWER_SCALE, POWER_OFFSET, TURN_SCALE = 0.0661371661726, 0.113718730221, 0.8
EPSILON = 1e-6


@cache
def mel_matrices() -> tuple[Tensor, Tensor]:
    """(linear to mel, mel to linear), both float64 [1024, 1024]."""
    forward = mel.linear_to_mel(BINS, BINS, SAMPLE_RATE).toarray()
    backward = mel.mel_to_linear(BINS, BINS, SAMPLE_RATE).toarray()
    return torch.from_numpy(forward), torch.from_numpy(backward)


def spectrogram(waves: Tensor) -> Tensor:
    """Complex STFT [n, 128, 1024] of waves [n, 64000]: bins 1..1024, padded in front only."""
    return steady_spectrogram(functional.pad(waves, (PAD, 0)))


def steady_spectrogram(waves: Tensor) -> Tensor:
    """Complex STFT [n, frames, 1024] of waves [n, 2048 + 512 (frames - 1)], not padded."""
    window = torch.hann_window(FFT_SIZE, periodic=True, dtype=waves.dtype, device=waves.device)
    spectrum: Tensor = torch.fft.rfft(waves.unfold(-1, FFT_SIZE, HOP) * window)
    return spectrum[..., 1:]


def analyse(waves: Tensor) -> Tensor:
    """Images [n, 2, 128, 1024] float32 of waves [n, 64000] float32."""
    to_mel = mel_matrices()[0].to(waves.device)
    spectrum = spectrogram(waves)
    power = ((spectrum.abs() + EPSILON) ** 2) @ to_mel.to(waves.dtype)
    phase = torch.cumsum(turns(torch.angle(spectrum)) * np.pi, 1).double() @ to_mel
    return torch.stack(
        [scale_power(torch.log(power + EPSILON)), turns(phase).to(waves.dtype) * TURN_SCALE], 1
    ).clamp(-1, 1)


def scale_power(log_power: Tensor) -> Tensor:
    """ln mel power to the image's channel 0."""
    return log_power * POWER_SCALE + POWER_OFFSET


def log_power(image: Tensor) -> Tensor:
    """Channel 0 of images [n, 2, ...] back to ln mel power."""
    return (image[:, 0] - POWER_OFFSET) / POWER_SCALE


def turns(phase: Tensor) -> Tensor:
    """Instantaneous frequency in units of pi along dimension 1; the first frame keeps its phase."""
    step = torch.remainder(phase[:, 1:] - phase[:, :-1] + np.pi, 2 * np.pi) - np.pi
    return torch.cat([phase[:, :1], step], 1) / np.pi

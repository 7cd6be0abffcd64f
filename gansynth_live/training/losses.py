"""What a made image is judged by: log power, amplitude, instantaneous frequency, band levels."""

import math
from functools import cache

import torch
from torch import Tensor

from gansynth_live.model.audio import mel
from gansynth_live.training.melif import (
    BINS,
    POWER_SCALE,
    SAMPLE_RATE,
    TURN_SCALE,
    log_power,
    mel_matrices,
)

AUDIBLE = 0.99  # 65 dB in units of the image
QUIET_WEIGHT = 0.15
BANDS, FLOOR_DB = 80, -60.0


def reconstruction(made: Tensor, real: Tensor, bands: Tensor) -> dict[str, Tensor]:
    """The losses of images [n, 2, 128, 1024], each a mean over the batch.

    Args:
        bands: `band_matrix()` on the images' device.
    Returns:
        power: L1 of log power, loud bins weighted; amplitude: L1 of the fourth root of power,
        relative; turn: |sin| of half the error of the instantaneous frequency at loud bins;
        bands: log-spectral distance of 80 mel bands in dB (floor -60 dB); loudness: mean
        difference of each frame's whole power in dB.
    """
    power, wanted = made[:, 0], real[:, 0]
    peak = wanted.amax((1, 2), keepdim=True)
    loud = loudness(wanted)
    weight = QUIET_WEIGHT + loud
    power_loss = _mean(weight, (power - wanted).abs())
    root = torch.exp((wanted - peak) * (0.25 / POWER_SCALE))
    made_root = torch.exp(((power - peak) * (0.25 / POWER_SCALE)).clamp(max=1))
    amplitude_loss = (root - made_root).abs().sum((1, 2)) / root.sum((1, 2))
    before = torch.cat([loud[:, :1] * 0, loud[:, :-1]], 1)
    # At an onset the frequency is that of the window's edge, not of the note.
    weight = loud**2 * (0.3 + 0.7 * (before > 0.3))
    half_turn = torch.sin((made[:, 1] - real[:, 1]) * (math.pi / 2 / TURN_SCALE))
    turn_loss = _mean(weight, torch.sqrt(half_turn**2 + 1e-5))
    powers = [band_powers(images, bands) for images in (made, real)]
    return {
        "power": power_loss.mean(),
        "amplitude": amplitude_loss.mean(),
        "turn": turn_loss.mean(),
        "bands": band_distance(*powers).mean(),
        "loudness": loudness_distance(*powers).mean(),
    }


def loudness(power: Tensor) -> Tensor:
    """How loud points of log power [n, 128, 1024] are: 1 at a note's peak, 0 from 65 dB below."""
    peak = power.amax((1, 2), keepdim=True)
    return ((power - (peak - AUDIBLE)) / AUDIBLE).clamp(0, 1)


def band_distance(made: Tensor, real: Tensor) -> Tensor:
    """[n] log-spectral distance of band powers [n, frames, 80] in dB, floor -60 dB of the peak."""
    floor = real.amax((1, 2), keepdim=True) * 10 ** (FLOOR_DB / 10)
    return _decibels(made, real, floor).square().mean(2).add(1e-2).sqrt().mean(1)


def loudness_distance(made: Tensor, real: Tensor) -> Tensor:
    """[n] mean difference in dB of each frame's whole power, from band powers [n, frames, 80]."""
    made, real = made.sum(2), real.sum(2)
    floor = real.amax(1, keepdim=True) * 10 ** (FLOOR_DB / 10)
    return _decibels(made, real, floor).abs().mean(1)


def band_powers(images: Tensor, bands: Tensor) -> Tensor:
    """Power [n, frames, 80] of images in `band_matrix()`, as the inversion will sound."""
    return torch.exp(log_power(images)) @ bands


def _decibels(made: Tensor, real: Tensor, floor: Tensor) -> Tensor:
    ratio = torch.log10(torch.maximum(made, floor)) - torch.log10(torch.maximum(real, floor))
    return 10 * ratio


@cache
def band_matrix() -> Tensor:
    """[1024 mel bins, 80 bands]: power of an image's bins to that of bands, as inverted."""
    bands = mel.linear_to_mel(BINS, BANDS, SAMPLE_RATE).toarray()
    return (mel_matrices()[1] @ torch.from_numpy(bands)).float()


def _mean(weight: Tensor, value: Tensor) -> Tensor:
    return (weight * value).sum((1, 2)) / weight.sum((1, 2))

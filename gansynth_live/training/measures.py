"""What is measured on a note's wave: pitch, level, attack and decay, and distance to another note.

All waves are [64000] at 16 kHz.
"""

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from torch import Tensor

from gansynth_live.model.audio import mel
from gansynth_live.training import melif
from gansynth_live.units import cents_between, key_to_hz

Wave = NDArray[np.floating]

SAMPLE_RATE = melif.SAMPLE_RATE
BANDS, FLOOR_DB = 80, -60.0
HEARD = slice(int(0.5 * SAMPLE_RATE), int(1.5 * SAMPLE_RATE))  # where pitch is listened to
LOWEST_HERTZ, HIGHEST_HERTZ = 25.0, 2500.0
CERTAIN = 0.15  # YIN's threshold on the normalised difference
IN_TUNE_CENTS = 50.0
ATTACK_WINDOW, DECAY_WINDOW = int(0.010 * SAMPLE_RATE), int(0.050 * SAMPLE_RATE)
ATTACK_SHARE = 0.8
DECAY_DB = 20.0
STRUCK_ATTACK, STRUCK_DB = 0.060, 10.0  # seconds; fall from the loudest moment to the key's release
RELEASED = slice(int(2.75 * SAMPLE_RATE), int(2.95 * SAMPLE_RATE))  # just before it


def yin_hertz(wave: Wave) -> float:
    """Fundamental between 0.5 and 1.5 s by YIN; 0 if there is none."""
    x = np.asarray(wave[HEARD], np.float64)
    longest = min(int(SAMPLE_RATE / LOWEST_HERTZ), len(x) // 2)
    width = len(x) - longest
    size = 1 << (len(x) + width).bit_length()
    spectrum = np.fft.rfft(x, size) * np.conj(np.fft.rfft(x[:width], size))
    energy = np.concatenate([[0.0], np.cumsum(x * x)])
    lags = np.arange(longest)
    difference = energy[width] + energy[lags + width] - energy[lags]
    difference -= 2 * np.fft.irfft(spectrum, size)[:longest]
    mean = np.cumsum(difference[1:]) / lags[1:]
    normalised = np.concatenate([[1.0], difference[1:] / np.maximum(mean, 1e-12)])
    shortest = int(SAMPLE_RATE / HIGHEST_HERTZ)
    limit = max(CERTAIN, 1.3 * float(normalised[shortest:].min()))
    below = np.flatnonzero(normalised[shortest:] < limit)
    if not len(below) or energy[-1] < 1e-6:
        return 0.0
    lag = int(below[0]) + shortest
    while lag + 1 < longest and normalised[lag + 1] < normalised[lag]:
        lag += 1
    left, here, right = difference[lag - 1 : lag + 2] if lag + 1 < longest else (0.0, 0.0, 0.0)
    bend = left - 2 * here + right
    offset = 0.5 * (left - right) / bend if abs(bend) > 1e-12 else 0.0
    return float(SAMPLE_RATE / (lag + np.clip(offset, -1, 1)))


def has_pitch(wave: Wave, key: int) -> bool:
    """Whether YIN hears the key's pitch within 50 cents."""
    hertz = yin_hertz(wave)
    return hertz > 0 and abs(cents_between(hertz, key_to_hz(key))) < IN_TUNE_CENTS


def level_db(wave: Wave, reference: Wave) -> float:
    """RMS of a note over that of another, in dB."""
    powers = [float(np.square(w, dtype=np.float64).mean()) + 1e-12 for w in (wave, reference)]
    return float(10 * np.log10(powers[0] / powers[1]))


def attack_seconds(wave: Wave) -> float:
    """Time until the 10 ms RMS first reaches 80 % of its largest value within a second."""
    envelope = _envelope(wave[:SAMPLE_RATE], ATTACK_WINDOW)
    return float(np.argmax(envelope >= ATTACK_SHARE * envelope.max()) / SAMPLE_RATE)


def is_struck(wave: Wave) -> bool:
    """Whether a note is struck or plucked: comes up at once, and dies away while it is held."""
    envelope = _envelope(wave[: 3 * SAMPLE_RATE], DECAY_WINDOW)
    has_fallen = envelope[RELEASED].max() < 10 ** (-STRUCK_DB / 20) * envelope.max()
    return bool(has_fallen) and attack_seconds(wave) < STRUCK_ATTACK


def decay_seconds(wave: Wave) -> float | None:
    """Time from the loudest moment until the note is 20 dB below it for good; None if never.

    Where slow beating silences a held note for a moment, it comes back: that is no decay.
    """
    envelope = _envelope(wave[: 3 * SAMPLE_RATE], DECAY_WINDOW)
    start = int(np.argmax(envelope))
    loud = np.flatnonzero(envelope >= envelope[start] * 10 ** (-DECAY_DB / 20))
    stop = int(loud[-1]) + 1
    return (stop - start) / SAMPLE_RATE if stop <= len(envelope) - DECAY_WINDOW else None


def band_levels(waves: Tensor) -> Tensor:
    """Level in dB of 80 mel bands: [n, 128, 80] of waves [n, 64000]; silence is -120."""
    power = melif.spectrogram(waves).abs().square() @ _bands()
    return 10 * torch.log10(power + 1e-12)


def band_distance(made: Tensor, real: Tensor) -> Tensor:
    """[n] log-spectral distance of band levels [n, 128, 80] in dB, floor -60 dB of real's peak."""
    floor = real.amax((1, 2), keepdim=True) + FLOOR_DB
    difference = torch.maximum(made, floor) - torch.maximum(real, floor)
    return difference.square().mean(2).sqrt().mean(1)


def _envelope(wave: Wave, width: int) -> NDArray[np.float64]:
    power = np.square(np.asarray(wave, np.float64))
    return np.asarray(np.sqrt(np.maximum(uniform_filter1d(power, width), 0.0)), np.float64)


@cache
def _bands() -> Tensor:
    matrix = mel.linear_to_mel(melif.BINS, BANDS, SAMPLE_RATE).toarray()
    return torch.from_numpy(matrix).float()

"""Loudness of a note: all are brought to one level, so the player's dynamics are the only ones."""

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000
LOUDEST = int(0.2 * SAMPLE_RATE)
RMS, PEAK = 0.15, 0.9
END_FADE = 160


def level(wave: NDArray[np.float64]) -> NDArray[np.float32]:
    """The note at RMS 0.15 over its loudest 0.2 s (peak at most 0.9), its last 10 ms faded out."""
    levelled = wave * level_gain(wave)
    levelled[-END_FADE:] *= np.linspace(1.0, 0.0, END_FADE)
    return levelled.astype(np.float32)


def level_gain(wave: NDArray[np.float64]) -> float:
    """What a note [n] is multiplied by to be at that level."""
    peak = float(np.abs(wave).max())
    return min(RMS / max(loudest_rms(wave), 1e-9), PEAK / max(peak, 1e-9))


def loudest_rms(wave: NDArray[np.float64]) -> float:
    """RMS over the loudest 0.2 s."""
    energy = np.concatenate([[0.0], np.cumsum(np.square(wave, dtype=np.float64))])
    return float(np.sqrt(max((energy[LOUDEST:] - energy[:-LOUDEST]).max(), 0.0) / LOUDEST))

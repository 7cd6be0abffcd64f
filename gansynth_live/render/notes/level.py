"""Even loudness: every render is brought to one level, so that velocity is a curve on top."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.units import db_to_gain

TARGET_RMS = 0.15  # what the training notes were levelled to
LOUDEST_SECONDS = 0.2
CORRECTION_DB = 12.0  # a silent or broken note must not become noise


def level_gain(samples: NDArray[np.float32], sample_rate: int) -> float:
    """Gain that brings the loudest 0.2 s of `samples` [n] to an RMS of 0.15, within +-12 dB."""
    return gain_for(loudest_rms(samples, sample_rate))


def gain_for(loudest: float) -> float:
    """Gain for a note whose loudest 0.2 s have this RMS, within +-12 dB."""
    most = db_to_gain(CORRECTION_DB)
    return min(max(TARGET_RMS / max(loudest, TARGET_RMS / most), 1.0 / most), most)


def loudest_rms(samples: NDArray[np.float32], sample_rate: int) -> float:
    """RMS of the loudest 0.2 s in `samples` [n]; of them all where they are fewer; 0 for none."""
    if samples.size == 0:
        return 0.0
    window = min(round(LOUDEST_SECONDS * sample_rate), samples.size)
    energy = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    return float(np.sqrt(np.max(energy[window:] - energy[:-window]) / window))

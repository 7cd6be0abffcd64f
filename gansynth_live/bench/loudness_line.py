"""A ripple at the frame rate, and what a note has above 8 kHz: measured on waves."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

Wave = NDArray[np.floating]

FRAME_RATE = 31.25  # Hz, of a GANSynth model at 16 kHz
BANDS = ((500.0, 1000.0), (1000.0, 2000.0), (2000.0, 4000.0), (4000.0, 7500.0))  # Hz
STEPS_A_SECOND = 800  # looks at the loudness
AIR = (8000.0, 20000.0)  # Hz
SILENCE = 1e-12


def ripple_db(wave: Wave, rate: int, band: tuple[float, float]) -> float:
    """How far a band's power swings at the frame rate, against its mean; -24 is +-13 %.

    `wave` [n] is a note's steady part, of 2 s and more.
    """
    power = np.square(_banded(wave, rate, band))
    width = rate // STEPS_A_SECOND
    looks = power[: len(power) // width * width].reshape(-1, width).mean(axis=1)
    swings = np.abs(np.fft.rfft((looks - looks.mean()) * np.hanning(len(looks))))
    near = np.abs(np.fft.rfftfreq(len(looks), width / rate) - FRAME_RATE) < 1.0
    return float(20 * np.log10(2 * swings[near].max() / (looks.sum() + SILENCE) + SILENCE))


def air_db(wave: Wave, rate: int) -> float:
    """Level of what lies above 8 kHz against the whole."""
    above, whole = (np.square(x, dtype=np.float64).mean() for x in (_banded(wave, rate, AIR), wave))
    return float(10 * np.log10((above + SILENCE) / (whole + SILENCE)))


def _banded(wave: Wave, rate: int, band: tuple[float, float]) -> NDArray[np.float64]:
    within = butter(6, band, "band", fs=rate, output="sos")
    return np.asarray(sosfiltfilt(within, np.asarray(wave, np.float64)), np.float64)

"""The bands that air is told in: levels below 8 kHz that are looked at, levels above that follow.

Bands are evenly spaced in mel. Powers are those of the model's own transform.
"""

from math import exp, log, log10

import numpy as np
from numba import float32, int64
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.audio.mel import hertz_to_mel, mel_to_hertz
from gansynth_live.model.audio.spectra import Spectra

Floats = NDArray[np.float32]

SAMPLE_RATE, FFT_SIZE = 16000, 2048  # of the frames that air is made for
BIN = SAMPLE_RATE / FFT_SIZE  # Hz
LOW_BANDS, HIGH_BANDS = 48, 16
PITCH_INPUTS = 4
INPUTS = LOW_BANDS + 1 + PITCH_INPUTS
SILENCE = 1e-9  # power
DEEPEST, HIGHEST = -75.0, 5.0  # dB: levels against the whole frame that are told apart
TONAL = (6000.0, 6850.0, 7700.0)  # Hz: two bands whose flatness tells how tonal the air is
WHITE = -2.5  # dB: flatness of white noise in bins


def _edges(low: float, high: float, bands: int) -> NDArray[np.float64]:
    first, last = hertz_to_mel(np.array([low, high]))
    return mel_to_hertz(np.linspace(first, last, bands + 1))


HIGH_EDGES = _edges(8000.0, 20000.0, HIGH_BANDS)  # Hz, [17]
# First bins of the low bands, and the end of the last, as columns of `Spectra`.
LOW_STARTS = np.ceil(_edges(60.0, 7900.0, LOW_BANDS) / BIN).astype(np.int64) - 1
LOW_STARTS[0] = 0
TONAL_STARTS = np.ceil(np.array(TONAL) / BIN).astype(np.int64) - 1


def described(spectra: Spectra, pitch: int) -> tuple[Floats, Floats]:
    """What a net is told of each frame of a note at MIDI `pitch`, and the frames' levels in dB.

    float32 [frames, 53] and [frames].
    """
    frames = len(spectra.magnitude)
    inputs, levels = np.empty((frames, INPUTS), np.float32), np.empty(frames, np.float32)
    _describe(spectra.magnitude, LOW_STARTS, _pitch_inputs(pitch), inputs, levels)
    return inputs, levels


def tonality(spectra: Spectra) -> Floats:
    """Share of the power around 7 kHz that lies in partials, 0..1: float32 [frames]."""
    shares = np.empty(len(spectra.magnitude), np.float32)
    _find_tonality(spectra.magnitude, TONAL_STARTS, shares)
    return shares


def _pitch_inputs(pitch: int) -> Floats:
    octaves = (pitch - 54) / 18
    return np.array([octaves, octaves**2, np.sin(2 * octaves), np.cos(2 * octaves)], np.float32)


@compiled_entry(float32[:, ::1], int64[::1], float32[::1], float32[:, ::1], float32[::1])
def _describe(
    magnitude: Floats,
    starts: NDArray[np.int64],
    of_pitch: Floats,
    inputs: Floats,
    levels: Floats,
) -> None:
    bands = len(starts) - 1
    for frame in range(len(magnitude)):
        whole = 0.0
        for band in range(bands):
            power = 0.0
            for j in range(starts[band], starts[band + 1]):
                power += magnitude[frame, j] * magnitude[frame, j]
            inputs[frame, band] = 10.0 * log10(power + SILENCE)
            whole += power
        level = 10.0 * log10(whole + SILENCE)
        levels[frame] = level
        for band in range(bands):
            beside = min(max(inputs[frame, band] - level, DEEPEST), HIGHEST)
            inputs[frame, band] = beside / 20.0 + 1.5
        inputs[frame, bands] = (level - 40.0) / 20.0
        for i in range(len(of_pitch)):
            inputs[frame, bands + 1 + i] = of_pitch[i]


@compiled_entry(float32[:, ::1], int64[::1], float32[::1])
def _find_tonality(magnitude: Floats, starts: NDArray[np.int64], shares: Floats) -> None:
    for frame in range(len(magnitude)):
        flatness = 0.0
        for band in range(len(starts) - 1):
            flatness += _flatness(magnitude[frame], starts[band], starts[band + 1])
        mean = flatness / (len(starts) - 1)
        shares[frame] = min(max(1.0 - 10.0 ** ((mean - WHITE) / 10.0), 0.0), 1.0)


@compiled
def _flatness(magnitude: Floats, start: int, stop: int) -> float:
    """Geometric over arithmetic mean of the power, in dB."""
    power, logs = 0.0, 0.0
    for j in range(start, stop):
        here = magnitude[j] * magnitude[j] + SILENCE
        power += here
        logs += log(here)
    count = stop - start
    return float(10.0 * log10(exp(logs / count) * count / power))

"""How far a note is from its pitch, and a steady pitch for notes that were recorded with vibrato.

The instantaneous frequency of the model is measured in units of 15.6 Hz: five cents at the 2 kHz
harmonic are 0.37 units already, so a set of notes that is not tuned looks random to the network.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import resample_poly

from gansynth_live.units import key_to_hz

SAMPLE_RATE = 16000
STEADY = slice(int(0.35 * SAMPLE_RATE), int(2.6 * SAMPLE_RATE))
SPECTRUM_SIZE = 1 << 18
HARMONICS = 15
WANDER_CENTS = 80.0  # no vibrato goes further; beyond it the tracker has lost the partial
WANDER_SECONDS = 0.045


def cents_off(wave: NDArray[np.float64], key: int, span: float = 60.0) -> float:
    """Mistuning of a note in cents, within +-span, by harmonic sum over a long spectrum.

    Args:
        wave: [samples] at 16 kHz, at least 2.6 s.
    """
    steady = np.asarray(wave[STEADY], np.float64)
    spectrum = np.sqrt(np.abs(np.fft.rfft(steady * np.hanning(len(steady)), SPECTRUM_SIZE)))
    cents = np.arange(-span, span + 0.25, 0.25)
    bins = key_to_hz(key) * 2.0 ** (cents / 1200.0) * SPECTRUM_SIZE / SAMPLE_RATE
    score = np.zeros_like(cents)
    for harmonic in range(1, HARMONICS + 1):
        at = bins * harmonic
        if at[-1] > SPECTRUM_SIZE // 2 - 2:
            break
        low = at.astype(np.int64)
        score += spectrum[low] * (1 - at + low) + spectrum[low + 1] * (at - low)
    return float(cents[np.argmax(score)])


def steady_pitch(wave: NDArray[np.float64], key: int) -> NDArray[np.float64]:
    """The note without vibrato or drift: time is warped so that its pitch stays at its median.

    Args:
        wave: [samples] at 16 kHz of one monophonic, harmonic source.
    Returns:
        [samples], the same length.
    """
    hz = key_to_hz(key)
    wander = wander_cents(wave, key)
    wander = np.clip(wander - np.median(wander[STEADY]), -WANDER_CENTS, WANDER_CENTS)
    ratio = 2.0 ** (wander / 1200.0)
    # The phase of the output grows evenly: read the input where its own phase has that value.
    phase = np.concatenate([[0.0], np.cumsum(ratio)[:-1]]) * hz / SAMPLE_RATE
    wanted = np.arange(len(wave)) * hz / SAMPLE_RATE
    at = np.interp(wanted, phase, np.arange(len(wave), dtype=np.float64))
    return _read(wave, at)


def wander_cents(wave: NDArray[np.float64], key: int) -> NDArray[np.float64]:
    """Deviation from the key's pitch in cents at each sample, from the phases of the partials."""
    hz = key_to_hz(key)
    width = int(max(WANDER_SECONDS, 3.0 / hz) * SAMPLE_RATE)
    time = np.arange(len(wave)) / SAMPLE_RATE
    weighted, weights = np.zeros(len(wave)), np.full(len(wave), 1e-12)
    for harmonic in range(1, min(12, int(6000 / hz)) + 1):
        partial = wave * np.exp(-2j * np.pi * harmonic * hz * time)
        for _ in range(3):
            partial = uniform_filter1d(partial.real, width // 2) + 1j * uniform_filter1d(
                partial.imag, width // 2
            )
        turn = np.zeros(len(wave))
        turn[1:] = np.angle(partial[1:] * np.conj(partial[:-1]))
        power = np.abs(partial) ** 2 * harmonic**2
        weighted += power * turn * SAMPLE_RATE / (2 * np.pi * harmonic * hz)
        weights += power
    relative = np.clip(weighted / weights, -0.06, 0.06)
    return np.asarray(uniform_filter1d(1200.0 * np.log2(1.0 + relative), width // 2), np.float64)


def _read(wave: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Band-limited reading at fractional positions: oversampled by 8, then linear."""
    fine = resample_poly(wave, 8, 1)
    return np.asarray(np.interp(at * 8.0, np.arange(len(fine)), fine), np.float64)

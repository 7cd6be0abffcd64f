"""Notes whose every partial is known: what judges of sound are judged with."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.units import key_to_hz

RATE = 48_000
PARTIALS = 12

Levels = NDArray[np.float64]


def dark(seconds: float, rate: int = RATE) -> Levels:
    """Amplitudes [n, partials] of a soft sound, at every sample."""
    return np.tile(0.2 / np.arange(1, PARTIALS + 1) ** 1.5, (round(seconds * rate), 1))


def bright(seconds: float) -> Levels:
    """Amplitudes [n, partials] of a sound of nearly the same loudness with other partials."""
    rising = 0.083 * np.linspace(1.0, 0.5, PARTIALS)
    return np.tile(rising, (round(seconds * RATE), 1))


def phases(seed: int) -> NDArray[np.float64]:
    """Where each partial begins, in turns."""
    return np.random.default_rng(seed).random(PARTIALS)


def tone(
    key: int,
    levels: Levels,
    begin: NDArray[np.float64],
    cents: NDArray[np.float64] | float = 0.0,
    rate: int = RATE,
) -> NDArray[np.float32]:
    """Partials of `key` under `levels` [n, partials]; `cents` off, at each sample."""
    hertz = key_to_hz(key) * 2 ** (np.broadcast_to(cents, len(levels)) / 1200)
    turns = np.cumsum(hertz) / rate
    first = np.exp(2j * np.pi * turns)
    partial = np.ones(len(levels), complex)
    wave = np.zeros(len(levels))
    for number in range(PARTIALS):
        partial *= first
        wave += levels[:, number] * (partial * np.exp(2j * np.pi * begin[number])).imag
    return wave.astype(np.float32)


def ramp(seconds: float, first: float, last: float) -> NDArray[np.float64]:
    """From 0 to 1 between two moments (seconds) of a note, at each sample [n, 1]."""
    moments = np.arange(round(seconds * RATE)) / RATE
    return np.clip((moments - first) / (last - first), 0.0, 1.0)[:, None]

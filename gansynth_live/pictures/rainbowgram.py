"""Rainbowgrams: a constant-Q spectrum whose brightness is loudness and whose hue is the
instantaneous frequency, as in the papers on NSynth (arXiv:1704.01279) and GANSynth
(arXiv:1902.08710). A steady partial keeps its colour; noise and beating sparkle.
"""

from typing import NamedTuple

import numpy as np
import soxr
from matplotlib import colormaps
from numpy.typing import NDArray

from gansynth_live.pictures.constant_q import constant_q

SAMPLE_RATE = 16_000  # enough for the model's sound, and hues are comparable between pieces
HOP = 256
LOWEST_KEY, HIGHEST_KEY = 24, 117  # C1 to just below half the sample rate
RANGE_DB = 70.0


class Rainbowgram(NamedTuple):
    """An image: float32 [bins, columns, 3] in 0..1, the lowest pitch first."""

    image: NDArray[np.float32]
    seconds: float


def rainbowgram(
    samples: NDArray[np.float32], sample_rate: int, most_columns: int = 2400
) -> Rainbowgram:
    """Picture of mono `samples` [frames]; long ones are thinned out to `most_columns`."""
    seconds = len(samples) / sample_rate
    if sample_rate != SAMPLE_RATE:
        samples = soxr.resample(samples, sample_rate, SAMPLE_RATE)
    spectrum = constant_q(samples, SAMPLE_RATE, HOP, LOWEST_KEY, HIGHEST_KEY)
    power = np.square(np.abs(spectrum))
    before = np.concatenate([spectrum[:, :1], spectrum[:, :-1]], axis=1)
    turn = np.angle(spectrum * np.conj(before)) / np.pi
    power, turn = _thinned(power, turn, most_columns)
    colour = colormaps["rainbow"](0.5 + 0.5 * turn)[..., :3]
    image = np.clip(colour * _brightness(power)[..., np.newaxis], 0.0, 1.0)
    return Rainbowgram(image.astype(np.float32), seconds)


def _brightness(power: NDArray[np.floating]) -> NDArray[np.floating]:
    """Decibels below the loudest point, as 0..1; all 0 for silence."""
    loudest = power.max(initial=0.0)
    if loudest <= 0.0:
        return np.zeros_like(power)
    level = 10.0 * np.log10(np.maximum(power / loudest, 10.0 ** (-RANGE_DB / 10.0)))
    return np.asarray(1.0 + level / RANGE_DB)


def _thinned(
    power: NDArray[np.floating], turn: NDArray[np.floating], most: int
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Each group of columns becomes its loudest points."""
    bins, columns = power.shape
    group = -(-columns // most)
    if group == 1:
        return power, turn
    short = -columns % group
    power = np.pad(power, ((0, 0), (0, short))).reshape(bins, -1, group)
    turn = np.pad(turn, ((0, 0), (0, short))).reshape(bins, -1, group)
    loudest = power.argmax(axis=2, keepdims=True)
    return (
        np.take_along_axis(power, loudest, axis=2)[..., 0],
        np.take_along_axis(turn, loudest, axis=2)[..., 0],
    )

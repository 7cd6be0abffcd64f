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
STRETCH = 4096  # columns that are analysed at once: a power of 2, so that groups come out even
MARGIN = 125  # columns, 2 s: what the lowest band reaches to either side
MOST_KEPT = 4  # times the columns of the picture are kept while sound comes
PUSHED = 1 << 18  # samples


class Rainbowgram(NamedTuple):
    """An image: float32 [bins, columns, 3] in 0..1, the lowest pitch first."""

    image: NDArray[np.float32]
    seconds: float


class RainbowgramStream:
    """A rainbowgram of mono sound that comes in blocks; memory does not grow with its length.

    Long sound is analysed in stretches that overlap by what the lowest bands reach, and thinned
    out as it comes: of neighbouring columns, each point keeps its loudest.
    """

    def __init__(self, sample_rate: int, most_columns: int = 2400) -> None:
        self._rate = sample_rate
        self._most = most_columns
        self._resampler = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1, "float32")
        self._frames = 0
        self._waiting: list[NDArray[np.float32]] = []
        self._waiting_samples = 0
        self._lead = 0  # columns that were analysed before
        self._power: list[NDArray[np.floating]] = []
        self._turn: list[NDArray[np.floating]] = []
        self._group = 1  # columns that have become one

    def push(self, samples: NDArray[np.float32]) -> None:
        """Go on with the next samples [n]."""
        self._frames += len(samples)
        self._wait_with(self._resampled(samples))
        if self._waiting_samples >= (self._lead + STRETCH + MARGIN) * HOP:
            sound = np.concatenate(self._waiting)
            self._analyse(sound[: (self._lead + STRETCH + MARGIN) * HOP], STRETCH)
            kept = sound[(self._lead + STRETCH - MARGIN) * HOP :]
            self._lead, self._waiting, self._waiting_samples = MARGIN, [], 0
            self._wait_with(kept)

    def finish(self) -> Rainbowgram:
        """The picture of all that was pushed."""
        self._wait_with(self._resampled(np.zeros(0, np.float32), last=True))
        sound = np.concatenate(self._waiting)
        self._analyse(sound, max(-(-len(sound) // HOP) - self._lead, 1))
        power, turn = np.concatenate(self._power, 1), np.concatenate(self._turn, 1)
        power, turn = _thinned(power, turn, -(-power.shape[1] // self._most))
        colour = colormaps["rainbow"](0.5 + 0.5 * turn)[..., :3]
        image = np.clip(colour * _brightness(power)[..., np.newaxis], 0.0, 1.0)
        return Rainbowgram(image.astype(np.float32), self._frames / self._rate)

    def _resampled(self, samples: NDArray[np.float32], last: bool = False) -> NDArray[np.float32]:
        if self._rate == SAMPLE_RATE:
            return samples
        return np.asarray(self._resampler.resample_chunk(samples.astype(np.float32), last))

    def _wait_with(self, samples: NDArray[np.float32]) -> None:
        self._waiting.append(samples)
        self._waiting_samples += len(samples)

    def _analyse(self, sound: NDArray[np.float32], columns: int) -> None:
        """Keep `columns` of the spectrum, after those that were analysed before."""
        spectrum = constant_q(sound, SAMPLE_RATE, HOP, LOWEST_KEY, HIGHEST_KEY)
        before = np.concatenate([spectrum[:, :1], spectrum[:, :-1]], axis=1)
        these = slice(self._lead, self._lead + columns)
        power = np.square(np.abs(spectrum))[:, these]
        turn = (np.angle(spectrum * np.conj(before)) / np.pi)[:, these]
        power, turn = _thinned(power, turn, self._group)
        self._power.append(power)
        self._turn.append(turn)
        if sum(part.shape[1] for part in self._power) > MOST_KEPT * self._most:
            pair = np.concatenate(self._power, 1), np.concatenate(self._turn, 1)
            power, turn = _thinned(*pair, 2)
            self._power, self._turn, self._group = [power], [turn], 2 * self._group


def rainbowgram(
    samples: NDArray[np.float32], sample_rate: int, most_columns: int = 2400
) -> Rainbowgram:
    """Picture of mono `samples` [frames]; long ones are thinned out to `most_columns`."""
    stream = RainbowgramStream(sample_rate, most_columns)
    for start in range(0, len(samples), PUSHED):
        stream.push(samples[start : start + PUSHED])
    return stream.finish()


def _brightness(power: NDArray[np.floating]) -> NDArray[np.floating]:
    """Decibels below the loudest point, as 0..1; all 0 for silence."""
    loudest = power.max(initial=0.0)
    if loudest <= 0.0:
        return np.zeros_like(power)
    level = 10.0 * np.log10(np.maximum(power / loudest, 10.0 ** (-RANGE_DB / 10.0)))
    return np.asarray(1.0 + level / RANGE_DB)


def _thinned(
    power: NDArray[np.floating], turn: NDArray[np.floating], group: int
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Each `group` of columns becomes its loudest points."""
    bins, columns = power.shape
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

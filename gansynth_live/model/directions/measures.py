"""What is measured on a note to tell how a timbre changed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from gansynth_live.units import key_to_hz


class Measure(NamedTuple):
    """One property of a sound; more of it is what the name says.

    `least` is a change so small that it counts for nothing.
    """

    name: str
    unit: str
    least: float
    meaning: str


MEASURES = (
    Measure("brightness", "octaves", 0.05, "centroid of the spectrum"),
    Measure("attack", "doublings", 0.2, "time to 80 % of the loudest moment"),
    Measure("decay", "dB/s", 1.0, "fall of the level from 0.4 to 1.6 s"),
    Measure("noise", "dB", 0.5, "share of the energy that lies off the harmonics"),
    Measure("hollowness", "dB", 0.5, "odd harmonics over even ones, without the fundamental"),
    Measure("fundamental", "dB", 0.5, "the fundamental over all else"),
    Measure("loudness", "dB", 0.5, "level before the correction that evens notes out"),
)

SECONDS = 1.8  # of a note that are listened to
LOUDEST_SHARE = 0.8
SOONEST = 0.01  # seconds: the resolution of the attack
FALLING = (0.4, 1.6)
STEADY = (0.25, 1.25)
LOBE_HERTZ = 12.0  # half width of a partial
FLOOR = 1e-9  # -90 dB


def measure(wave: NDArray[np.floating], key: int, sample_rate: int) -> NDArray[np.float64]:
    """The measures [7] of a note [samples] at MIDI `key`; finite, for silence too."""
    sound = np.nan_to_num(np.asarray(wave, np.float64), posinf=0.0, neginf=0.0)
    power = float(np.square(sound).mean())
    of_time = [_attack(sound, sample_rate), _decay(sound, sample_rate)]
    brightness, *of_harmonics = _spectral(sound, key_to_hz(key), sample_rate)
    return np.array([brightness, *of_time, *of_harmonics, _db(power)])


def _attack(sound: NDArray[np.float64], sample_rate: int) -> float:
    """log2 of the seconds to the first moment that is nearly as loud as the loudest."""
    envelope = uniform_filter1d(np.square(sound[:sample_rate]), max(sample_rate // 100, 1))
    first = np.argmax(envelope >= LOUDEST_SHARE**2 * envelope.max())
    return float(np.log2(first / sample_rate + SOONEST))


def _decay(sound: NDArray[np.float64], sample_rate: int) -> float:
    """Fall in dB a second, of the straight line through the levels."""
    step = max(sample_rate // 20, 1)
    envelope = uniform_filter1d(np.square(sound), step)
    start, stop = (round(second * sample_rate) for second in FALLING)
    levels = 10 * np.log10(envelope[start:stop:step] + FLOOR)
    if len(levels) < 2:
        return 0.0
    return float(-np.polyfit(np.arange(len(levels)) * step / sample_rate, levels, 1)[0])


def _spectral(sound: NDArray[np.float64], fundamental: float, sample_rate: int) -> list[float]:
    """Brightness, noise, hollowness, fundamental."""
    start, stop = (round(second * sample_rate) for second in STEADY)
    steady = sound[start:stop] if len(sound) > start else sound
    power = np.square(np.abs(np.fft.rfft(steady * np.hanning(len(steady)))))[1:]
    hertz = np.fft.rfftfreq(len(steady), 1 / sample_rate)[1:]
    total = float(power.sum())
    if total <= 0.0:
        return [0.0] * 4
    number = np.round(hertz / fundamental)
    partial = (np.abs(hertz - number * fundamental) < LOBE_HERTZ) & (number >= 1)
    odd = partial & (number % 2 == 1) & (number > 1)
    even = partial & (number % 2 == 0)
    shares = [float(power[part].sum()) / total for part in (~partial, odd, even)]
    noise, odds, evens = (_db(share) for share in shares)
    first = float(power[partial & (number == 1)].sum()) / total
    centroid = float(hertz @ power) / total
    brightness = float(np.log2(centroid / fundamental))
    return [brightness, noise, odds - evens, _db(first) - _db(1.0 - first)]


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, 0.0) + FLOOR))

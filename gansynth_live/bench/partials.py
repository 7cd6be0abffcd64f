"""What is heard of a note's partials over time: their levels, and the pitch that they share."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gansynth_live.units import key_to_hz

Wave = NDArray[np.float32]
Floats = NDArray[np.float64]
Tracks = NDArray[np.complex64]

MOST_PARTIALS = 20
HIGHEST_HERTZ = 7000.0
LEAST_SECONDS, LEAST_PERIODS = 0.048, 4
SILENCE = 1e-9
FAINT = 60.0  # dB
AT_ONCE = 2048  # windows


class Lens:
    """Sees the partials of one key, each through a window in which the others are invisible.

    The window (Hann) lasts an even number of periods, at least 4 and at least 48 ms: blind to whole
    and half multiples of the pitch (an organ's fifth) but its own. Partials are those up to the
    20th, below 7 kHz.
    """

    def __init__(self, key: int, sample_rate: int) -> None:
        self.hertz = key_to_hz(key)
        self.sample_rate = sample_rate
        self.partials = int(min(MOST_PARTIALS, HIGHEST_HERTZ // self.hertz))
        self.numbers = np.arange(1, self.partials + 1)
        periods = max(LEAST_PERIODS, 2 * int(np.ceil(LEAST_SECONDS * self.hertz / 2)))
        self.size = round(periods * sample_rate / self.hertz)
        angle = 2 * np.pi * (np.arange(self.size) - self.size // 2)[:, None]
        window = 1 + np.cos(angle / self.size)
        turning = np.exp(-1j * angle * self.numbers * self.hertz / sample_rate)
        self._kernel = (2 / self.size * window * turning).astype(np.complex64)

    def tracks(self, wave: Wave, seconds: Floats) -> Tracks:
        """Amplitude and phase of each partial at some times, complex64 [times, partials].

        A partial of exactly its frequency keeps its phase. Beyond its ends `wave` [n] is silent.
        """
        centres = np.round(seconds * self.sample_rate).astype(np.int64)
        padded = np.pad(np.asarray(wave, np.float32), self.size)
        windows = np.lib.stride_tricks.sliding_window_view(padded, self.size)
        starts = np.clip(centres + self.size - self.size // 2, 0, len(windows) - 1)
        seen = np.concatenate(list(self._seen(windows, starts)))
        turns = np.outer(centres * self.hertz / self.sample_rate, self.numbers)
        tracks: Tracks = (seen * np.exp(-2j * np.pi * (turns % 1.0))).astype(np.complex64)
        return tracks

    def pitch_cents(self, tracks: Tracks, hop: float, over: int = 1) -> Floats:
        """Deviation from the key's pitch, in cents, float64 [(times - 1) // over].

        How fast all partials turn from one time to the next, `hop` seconds later, each counting by
        its power and number; `over` so many steps together. Unambiguous as long as a partial is
        less than 1 / (2 hop) Hz off.
        """
        steps = tracks[1:] * np.conj(tracks[:-1])
        power = np.abs(steps).astype(np.float64) + SILENCE**2
        hertz = np.angle(steps) / (2 * np.pi * hop)
        stretched, whole = (
            each.sum(1)[: len(steps) // over * over].reshape(-1, over).sum(1)
            for each in (power * self.numbers * hertz, power * self.numbers**2)
        )
        stretch = stretched / whole / self.hertz
        return np.asarray(1200 * np.log2(np.maximum(1 + stretch, 0.5)), np.float64)

    def _seen(self, windows: NDArray[np.float32], starts: NDArray[np.int64]) -> Iterator[Tracks]:
        for first in range(0, len(starts), AT_ONCE):
            chosen = windows[starts[first : first + AT_ONCE]]
            yield chosen @ self._kernel.real + 1j * (chosen @ self._kernel.imag)


def decibels(amplitude: NDArray[np.inexact]) -> Floats:
    """Level of each amplitude in dB; silence is -180."""
    return np.asarray(20 * np.log10(np.abs(amplitude) + SILENCE), np.float64)


def block_levels(wave: Wave, block: int) -> Floats:
    """RMS level in dB of each whole block of `block` samples."""
    whole = np.asarray(wave[: len(wave) // block * block], np.float64).reshape(-1, block)
    return decibels(np.sqrt(np.square(whole).mean(1)))


def block_peaks(wave: Wave, block: int, order: int) -> Floats:
    """Largest difference of `order` (1: the sample step) in each whole block, as a level in dB.

    What is fainter than 60 dB below the largest sample counts as just that: nobody hears it.
    """
    return np.maximum(_largest(wave, block, order), _largest(wave, block, 0) - FAINT)


def outside(values: Floats, low: Floats | float, high: Floats | float) -> float:
    """How far `values` leave what lies between `low` and `high`; 0 if they do not."""
    return float(max(np.max(low - values), np.max(values - high), 0.0))


def _largest(wave: Wave, block: int, order: int) -> Floats:
    bends = np.abs(np.diff(np.asarray(wave, np.float64), order, prepend=np.zeros(order)))
    return decibels(bends[: len(wave) // block * block].reshape(-1, block).max(1))

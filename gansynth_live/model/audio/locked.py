"""Phase-locked inversion: the bins of one partial move together.

In each frame the peaks of the linear magnitude are found; each peak's phase advances by the
instantaneous frequency there, and the bins around it take that phase, alternating by half a turn,
as the transform of a steady partial does. Neighbouring bins then cannot cancel, and errors of the
frequency away from peaks are not heard.
"""

from math import cos, exp, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.audio.mel import mel_to_linear
from gansynth_live.model.audio.overlap import OverlapAdd
from gansynth_live.model.audio.stft import Stft, hann, synthesis_window

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

POWER_FLOOR = np.float32(1e-6)
REACH = 2  # a peak is not lower than so many bins on either side
FADE_SECONDS = 0.005  # the lobes' common phase lets a little sound start before the note
MOST_ONSET_GAIN = 4.0


class LockedInversion:
    """Turns mel-IF data of one model into audio. Its tables are shared by all its streams."""

    def __init__(self, stft: Stft, mel_bins: int, sample_rate: int) -> None:
        self.stft = stft
        self.window = synthesis_window(stft).astype(np.float32)
        columns = mel_to_linear(stft.bins, mel_bins, sample_rate).tocsc()
        self.starts = columns.indptr.astype(np.int32)
        self.mels = columns.indices.astype(np.int32)
        self.gains = columns.data.astype(np.float32)
        self.onset = onset_gain(stft, round(FADE_SECONDS * sample_rate))

    def begin(self, notes: int) -> "LockedStream":
        """Start `notes` notes that advance together."""
        return LockedStream(self, notes)


class LockedStream:
    """Audio of some notes whose frames arrive in order; how they are cut changes no bit."""

    def __init__(self, inversion: LockedInversion, notes: int) -> None:
        self._inversion = inversion
        bins = inversion.stft.bins
        self._phases = np.zeros((notes, bins))
        # Room for `lock_phases`, which allocates nothing: magnitudes, peaks and their phases.
        self._room = np.empty(bins, np.float32), np.empty(bins, np.int32), np.empty(bins)
        self._signal = OverlapAdd(inversion.stft, notes)
        self._heard = 0

    def push(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames [notes, k, mel_bins, 2]; return the samples that became final, [notes, m].

        The last frame of the note flushes everything. Frames that are not finite are silent.

        Raises:
            ModelError: more frames arrive than a note has.
        """
        inversion = self._inversion
        notes, count = frames.shape[:2]
        spectra = np.empty((notes, count, inversion.stft.bins + 1), np.complex64)
        for note, phases in enumerate(self._phases):
            lock_phases(
                np.ascontiguousarray(frames[note, :, :, 0], np.float32),
                np.ascontiguousarray(frames[note, :, :, 1], np.float32),
                inversion.starts,
                inversion.mels,
                inversion.gains,
                phases,
                spectra[note],
                np.empty(frames.shape[2], np.float32),
                *self._room,
            )
        waves = fft.irfft(spectra, inversion.stft.fft_size, axis=-1)
        waves *= inversion.window
        final = self._signal.add(waves)
        onset = inversion.onset[self._heard : self._heard + final.shape[1]]
        final[:, : len(onset)] *= onset
        self._heard += final.shape[1]
        return final


def onset_gain(stft: Stft, fade: int) -> Floats:
    """Gains of a note's first samples that give it its attack back, faded in over `fade` samples.

    A frame that begins before the note holds only a part of it, and is heard as a quieter frame
    that lasts its whole length: without these gains a sudden note takes some 25 ms to rise.
    """
    window, undoing = hann(stft.fft_size), synthesis_window(stft)
    heard = np.zeros(stft.fft_size)
    for start in range(-stft.padding, stft.fft_size, stft.hop):
        first, stop = max(start, 0), min(start + stft.fft_size, stft.fft_size)
        if first < stop:
            inside = slice(first - start, stop - start)
            share = window[max(-start, 0) :].sum() / window.sum()
            heard[first:stop] += share * window[inside] * undoing[inside]
    gain = 1 / np.maximum(heard, 1 / MOST_ONSET_GAIN)
    gain[:fade] *= np.linspace(0, 1, fade)
    return gain[: stft.samples].astype(np.float32)


@compiled_entry
def lock_phases(
    log_power: Floats,
    frequency: Floats,
    starts: Indices,
    mels: Indices,
    gains: Floats,
    phases: NDArray[np.float64],
    spectra: NDArray[np.complex64],
    power: Floats,
    magnitude: Floats,
    peaks: Indices,
    advanced: NDArray[np.float64],
) -> None:
    """Transform of one note's frames, into `spectra` complex64 [frames, bins + 1], DC to Nyquist.

    `log_power` and `frequency` (units of pi) are [frames, mel_bins]; linear bin j gathers mel bins
    `mels` by `gains` (from `starts[j]` to `starts[j + 1]`). `phases` [bins], in units of pi, is
    what the frame before left, and is advanced. The last four are room to work in: [mel_bins],
    then [bins] three times.
    """
    bins = len(phases)
    for frame in range(len(log_power)):
        for mel in range(len(power)):
            power[mel] = exp(log_power[frame, mel])
        for j in range(bins):
            magnitude[j] = sqrt(gathered(power, starts, mels, gains, j) + POWER_FLOOR)
        count = find_peaks(magnitude, peaks)
        for i in range(count):
            step = gathered(frequency[frame], starts, mels, gains, peaks[i])
            phase = phases[peaks[i]] + step
            advanced[i] = phase - 2.0 * np.floor(0.5 * phase + 0.5)
        spread_peaks(magnitude, peaks[:count], advanced, phases, spectra[frame])


@compiled
def gathered(values: Floats, starts: Indices, mels: Indices, gains: Floats, j: int) -> np.float32:
    """What linear bin j takes from the mel bins."""
    total = np.float32(0.0)
    for entry in range(starts[j], starts[j + 1]):
        total += values[mels[entry]] * gains[entry]
    return total


@compiled
def find_peaks(magnitude: Floats, peaks: Indices) -> int:
    """Indices of bins that are not lower than any within reach, into `peaks`; returns how many."""
    count = 0
    for j in range(len(magnitude)):
        is_peak = True
        for other in range(max(j - REACH, 0), min(j + REACH + 1, len(magnitude))):
            is_peak = is_peak and magnitude[j] >= magnitude[other]
        if is_peak:
            peaks[count] = j
            count += 1
    return count


@compiled
def spread_peaks(
    magnitude: Floats,
    peaks: Indices,
    advanced: NDArray[np.float64],
    phases: NDArray[np.float64],
    spectrum: NDArray[np.complex64],
) -> None:
    """Give each bin the phase of its nearest peak (the lower one of two), turned by pi a bin."""
    spectrum[:] = 0.0
    first = 0
    for i in range(len(peaks)):
        stop = (peaks[i] + peaks[i + 1]) // 2 + 1 if i + 1 < len(peaks) else len(magnitude)
        across, along = cos(pi * advanced[i]), sin(pi * advanced[i])
        for j in range(first, stop):
            odd = (peaks[i] - j) & 1
            phases[j] = advanced[i] + odd
            level = -magnitude[j] if odd else magnitude[j]
            spectrum[j + 1] = complex(level * across, level * along)
        first = stop

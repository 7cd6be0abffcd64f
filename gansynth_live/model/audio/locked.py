"""Phase-locked inversion: the bins of one partial move together.

In each frame the peaks of the linear magnitude are found; each peak's phase advances by the
instantaneous frequency there, and the bins around it take that phase, alternating by half a turn,
as the transform of a steady partial does. Neighbouring bins then cannot cancel, and errors of the
frequency away from peaks are not heard.

That is right for partials. Between them lies noise, which a common phase would turn into a click
in the middle of every frame, a buzz at the frame rate: bins that belong to no partial take the
phases of white noise instead, always the same ones for the same frame number.
"""

from math import cos, pi, sin

import numpy as np
from numba import complex64, float32, float64, int32, int64
from numpy.typing import NDArray
from scipy import fft

from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.model.audio.overlap import OverlapAdd
from gansynth_live.model.audio.spectra import Spectra, UnfoldedMel, transform
from gansynth_live.model.audio.stft import Stft, hann, synthesis_window

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

REACH = 2  # a peak is not lower than so many bins on either side
LOBE = 4  # bins on either side that move with a partial
PROMINENCE = 2.0  # what stands less far out of the lowest bins of its lobe is no partial, but noise
FADE_SECONDS = 0.005  # the lobes' common phase lets a little sound start before the note
MOST_ONSET_GAIN = 4.0


class LockedInversion:
    """Turns mel-IF data of one model into audio. Its tables are shared by all its streams."""

    def __init__(self, stft: Stft, mel_bins: int, sample_rate: int) -> None:
        self.stft = stft
        self.sample_rate = sample_rate
        self.unfold = UnfoldedMel(stft.bins, mel_bins, sample_rate)
        self.window = synthesis_window(stft).astype(np.float32)
        self.rustle = rustle(stft)
        self.onset = onset_gain(stft, round(FADE_SECONDS * sample_rate))

    def begin(self, notes: int) -> "LockedStream":
        """Start `notes` notes that advance together."""
        return LockedStream(self, notes)

    def waves(self, spectra: Spectra, phases: NDArray[np.float64], first: int) -> Floats:
        """Frames `first`, ... of one note ready to be overlap-added, float32 [frames, fft_size].

        `phases` [bins], in units of pi, is what the frame before left, and is advanced.
        """
        bins = self.stft.bins
        locked = np.empty((len(spectra.magnitude), bins + 1), np.complex64)
        lock_phases(
            *spectra, self.rustle, first, phases, locked, np.empty(bins, np.int32), np.empty(bins)
        )
        waves: Floats = fft.irfft(locked, self.stft.fft_size, axis=-1)
        waves *= self.window
        return waves


class LockedStream:
    """Audio of some notes whose frames arrive in order; how they are cut changes no bit."""

    def __init__(self, inversion: LockedInversion, notes: int) -> None:
        self._inversion = inversion
        self._phases = np.zeros((notes, inversion.stft.bins))
        self._signal = OverlapAdd(inversion.stft, notes)
        self._frame = 0
        self._heard = 0

    def push(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames [notes, k, mel_bins, 2]; return the samples that became final, [notes, m].

        The last frame of the note flushes everything. Frames that are not finite are silent.

        Raises:
            ModelError: more frames arrive than a note has.
        """
        inversion = self._inversion
        waves = [
            inversion.waves(inversion.unfold(note), phases, self._frame)
            for note, phases in zip(frames, self._phases, strict=True)
        ]
        final = self._signal.add(np.stack(waves))
        self._frame += frames.shape[1]
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


def rustle(stft: Stft) -> NDArray[np.complex64]:
    """Phases of white noise as unit numbers [frames, bins]; the last frame goes on in the first.

    Frames of one noise overlap without cancelling as independent phases would.
    """
    noise = np.random.default_rng(0).standard_normal(stft.frames * stft.hop)
    around = np.concatenate([noise, noise[: stft.fft_size - stft.hop]]).astype(np.float32)
    spectra = transform(around, stft)
    unit: NDArray[np.complex64] = (spectra / np.abs(spectra)).astype(np.complex64)
    return unit


@compiled_entry(
    *2 * [float32[:, ::1]],
    complex64[:, ::1],
    int64,
    float64[::1],
    complex64[:, ::1],
    int32[::1],
    float64[::1],
)
def lock_phases(
    magnitude: Floats,
    turn: Floats,
    noise: NDArray[np.complex64],
    first: int,
    phases: NDArray[np.float64],
    spectra: NDArray[np.complex64],
    peaks: Indices,
    advanced: NDArray[np.float64],
) -> None:
    """Transform of one note's frames, into `spectra` complex64 [frames, bins + 1], DC to Nyquist.

    `magnitude` and `turn` (units of pi) are [frames, bins], frames `first`, ... of the note, and
    `noise` are unit numbers [frames before they begin again, bins]. `phases` [bins], in units of
    pi, is what the frame before left, and is advanced. The last two are room to work in: [bins].
    """
    for frame in range(len(magnitude)):
        count = find_peaks(magnitude[frame], peaks)
        for i in range(count):
            phase = phases[peaks[i]] + turn[frame, peaks[i]]
            advanced[i] = phase - 2.0 * np.floor(0.5 * phase + 0.5)
        row = noise[(first + frame) % len(noise)]
        spread_peaks(magnitude[frame], peaks[:count], advanced, row, phases, spectra[frame])


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
    noise: NDArray[np.complex64],
    phases: NDArray[np.float64],
    spectrum: NDArray[np.complex64],
) -> None:
    """Give each bin the phase of its nearest peak (the lower one of two), turned by pi a bin.

    Bins out of the reach of a partial sound with the phase of noise.
    """
    spectrum[:] = 0.0
    first = 0
    for i in range(len(peaks)):
        stop = (peaks[i] + peaks[i + 1]) // 2 + 1 if i + 1 < len(peaks) else len(magnitude)
        reach = LOBE if stands_out(magnitude, peaks[i]) else -1
        across, along = cos(pi * advanced[i]), sin(pi * advanced[i])
        for j in range(first, stop):
            odd = (peaks[i] - j) & 1
            phases[j] = advanced[i] + odd
            if abs(peaks[i] - j) > reach:
                spectrum[j + 1] = magnitude[j] * noise[j]
            else:
                level = -magnitude[j] if odd else magnitude[j]
                spectrum[j + 1] = complex(level * across, level * along)
        first = stop


@compiled
def stands_out(magnitude: Floats, peak: int) -> bool:
    """Whether a peak rises out of both sides of its lobe."""
    below, above = magnitude[peak], magnitude[peak]
    for j in range(max(peak - LOBE, 0), peak):
        below = min(below, magnitude[j])
    for j in range(peak + 1, min(peak + LOBE + 1, len(magnitude))):
        above = min(above, magnitude[j])
    return bool(magnitude[peak] > PROMINENCE * max(below, above))

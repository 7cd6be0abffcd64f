"""The original's inversion: interpolate the accumulated mel phase, invert, overlap-add.

Exact to the original (gansynth-model, 5.2 and 5.3). It loses some sound, because neighbouring bins
of one partial get slightly different phases; parity is what it is for.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from gansynth_live.model.audio.mel import mel_to_linear
from gansynth_live.model.audio.overlap import OverlapAdd
from gansynth_live.model.audio.stft import Stft, synthesis_window

POWER_FLOOR = 1e-6


class FaithfulInversion:
    """Turns mel-IF data of one model into audio. Its tables are shared by all its streams."""

    def __init__(self, stft: Stft, mel_bins: int, sample_rate: int) -> None:
        self.stft = stft
        self.mel_bins = mel_bins
        matrix = mel_to_linear(stft.bins, mel_bins, sample_rate)
        # Interpolation runs from the left: [bins, mel] @ [mel, columns].
        self._power_matrix = matrix.T.astype(np.float32).tocsr()
        self._phase_matrix = self._power_matrix.astype(np.float64)
        self._window = synthesis_window(stft).astype(np.float32)

    def begin(self, pitches: Sequence[int], _changes: object = None) -> "FaithfulStream":
        """Start notes of MIDI `pitches` that advance together, without any changes."""
        return FaithfulStream(self, len(pitches))

    def spectra(
        self, log_power: NDArray[np.float32], mel_phase: NDArray[np.float64]
    ) -> NDArray[np.complex64]:
        """Transform of one note's frames, complex64 [frames, bins + 1], from DC to Nyquist.

        `log_power` and the unwrapped, accumulated `mel_phase` (radians) are [frames, mel_bins].
        """
        power = self._power_matrix @ np.exp(log_power).T
        magnitude = np.sqrt(power + np.float32(POWER_FLOOR))
        phase = self._phase_matrix @ mel_phase.T
        # Phases reach hundreds of radians: only the part within one turn fits into float32.
        phase -= 2 * np.pi * np.round(phase / (2 * np.pi))
        wrapped = phase.astype(np.float32)
        spectra = np.zeros((len(log_power), self.stft.bins + 1), np.complex64)
        spectra.real[:, 1:] = (magnitude * np.cos(wrapped)).T
        spectra.imag[:, 1:] = (magnitude * np.sin(wrapped)).T
        return spectra

    def windowed(self, spectra: NDArray[np.complex64]) -> NDArray[np.float32]:
        """Frames of audio ready to be overlap-added, float32 [frames, fft_size]."""
        frames: NDArray[np.float32] = fft.irfft(spectra, self.stft.fft_size, axis=-1)
        return frames * self._window


class FaithfulStream:
    """Audio of some notes whose frames arrive in order; how they are cut changes no bit."""

    def __init__(self, inversion: FaithfulInversion, notes: int) -> None:
        self._inversion = inversion
        self._phase = np.zeros((notes, inversion.mel_bins))
        self._signal = OverlapAdd(inversion.stft, notes)

    def push(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take frames [notes, k, mel_bins, 2]; return the samples that became final, [notes, m].

        The last frame of the note flushes everything. Numbers must be finite.

        Raises:
            ModelError: more frames arrive than a note has.
        """
        inversion = self._inversion
        notes, count = frames.shape[:2]
        waves = np.empty((notes, count, inversion.stft.fft_size), np.float32)
        for note in range(notes):
            phase = self._advance(note, frames[note, :, :, 1])
            waves[note] = inversion.windowed(inversion.spectra(frames[note, :, :, 0], phase))
        return self._signal.add(waves)

    def _advance(self, note: int, frequency: NDArray[np.float32]) -> NDArray[np.float64]:
        """Accumulated mel phase in radians, float64 [frames, mel_bins]."""
        steps = frequency.astype(np.float64) * np.pi
        # The running sum continues from the last frame, so a cut between frames is not heard.
        phase = np.cumsum(np.concatenate([self._phase[note][None], steps]), axis=0)[1:]
        if len(phase):
            self._phase[note] = phase[-1]
        return phase

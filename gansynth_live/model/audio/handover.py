"""A sound that goes on in other frames: in phase, without a seam.

New frames can take over from a sound that is already there at any sample. The old sound keeps its
share of the overlap-add, which falls from 1 to 0 while the first new frames come up. Their phases
start from those that the old sound has, measured one hop earlier: partials of the same pitch meet
in phase, whatever the old sound came from.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.model.audio.stft import Stft, hann, synthesis_window

Floats = NDArray[np.float32]


class Handover:
    """New frames after an old sound; how they are cut changes no bit.

    Args:
        pitch: of the note.
        start: sample of the note that the first new frame begins at.
        old: the old sound from one hop before `start` on, float32 [fft_size].
    """

    def __init__(self, inversion: LockedInversion, pitch: int, start: int, old: Floats) -> None:
        stft = inversion.stft
        self._inversion = inversion
        self._pitch = pitch
        self._frame, self._sample = nearest_frame(stft, start), start
        self._phases = np.angle(inversion.transform(old)[0]).astype(np.float64) / np.pi
        self._old = old[stft.hop :] * old_share(stft)
        self._tail = np.zeros(stft.fft_size - stft.hop, np.float32)
        self._onset = inversion.onset[max(start, 0) : stft.fft_size]

    def push(self, spectra: Spectra) -> Floats:
        """The samples [hop * frames] that the next frames make final."""
        stft = self._inversion.stft
        count = len(spectra.magnitude)
        signal = np.zeros(stft.hop * count + len(self._tail), np.float32)
        signal[: len(self._tail)] = self._tail
        waves = self._inversion.waves(spectra, self._phases, self._frame, self._sample, self._pitch)
        for index, wave in enumerate(waves):
            signal[index * stft.hop :][: stft.fft_size] += wave
        self._frame += count
        self._sample += stft.hop * count
        final, self._tail = signal[: stft.hop * count], signal[stft.hop * count :].copy()
        onset, self._onset = np.split(self._onset, [min(len(final), len(self._onset))])
        final[: len(onset)] *= onset
        old, self._old = np.split(self._old, [min(len(final), len(self._old))])
        final[: len(old)] += old
        return final


def nearest_frame(stft: Stft, sample: int) -> int:
    """The frame of a note that begins nearest to `sample`."""
    return (sample + stft.padding + stft.hop // 2) // stft.hop


@cache
def old_share(stft: Stft) -> Floats:
    """What frames before a new one weigh in the overlap-add, from its first sample on.

    Falls from 1 to 0; float32 [fft_size - hop], read-only.
    """
    weight = hann(stft.fft_size) * synthesis_window(stft)
    share = np.zeros(stft.fft_size - stft.hop)
    for start in range(stft.hop, stft.fft_size, stft.hop):
        share[: stft.fft_size - start] += weight[start:]
    falling = share.astype(np.float32)
    falling.flags.writeable = False
    return falling

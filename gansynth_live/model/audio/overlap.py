"""Overlap-add of frames that arrive bit by bit, without a trace of how they were cut."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import ModelError
from gansynth_live.model.audio.stft import Stft


class OverlapAdd:
    """The signals of some notes, summed frame by frame."""

    def __init__(self, stft: Stft, notes: int) -> None:
        self._stft = stft
        self._seen = 0
        # What later frames still add to.
        self._tail = np.zeros((notes, stft.fft_size - stft.hop), np.float32)

    def add(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take windowed frames [notes, k, fft_size]; return samples that became final [notes, m].

        The last frame of the note flushes everything.

        Raises:
            ModelError: more frames arrive than a note has.
        """
        stft, tail = self._stft, self._tail.shape[1]
        notes, count = frames.shape[:2]
        if self._seen + count > stft.frames:
            raise ModelError(f"a note has {stft.frames} frames; {self._seen + count} were given")
        signal = np.zeros((notes, stft.hop * count + tail), np.float32)
        signal[:, :tail] = self._tail
        for index in range(count):
            start = index * stft.hop
            signal[:, start : start + stft.fft_size] += frames[:, index]
        begin = stft.hop * self._seen - stft.padding  # of `signal`, in samples of the note
        first = stft.final_samples(self._seen)
        self._seen += count
        last = stft.final_samples(self._seen)
        self._tail = signal[:, stft.hop * count :].copy()
        return signal[:, first - begin : last - begin]

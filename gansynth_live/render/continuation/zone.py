"""Which frames of a note are its attack, and which are steady."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.stft import Stft

Indices = NDArray[np.int64]

HELD = 0.745  # share of a note before its release: NSynth's keys are held for 3 of 4 seconds
STEADY_FROM = 0.15  # share of a note at which the attack is over, as a rule
STRUCK = 0.10  # share of a note that every timbre, steady or not, plays frame by frame
MEASURED = 8  # frames at either end of the steady zone that tell its trend


class Zone(NamedTuple):
    """Frames of a note, by number."""

    heard: int  # the first that has its middle in the note
    struck: int  # up to here every timbre, steady or not, is played frame by frame
    start: int  # of the steady zone
    stop: int  # its last frame

    @classmethod
    def of(cls, stft: Stft) -> "Zone":
        """The zone of a model's notes."""

        def first_frame(share: float) -> int:
            return -(-round(share * stft.samples) - stft.padding) // stft.hop

        last = (round(HELD * stft.samples) + stft.padding - stft.fft_size) // stft.hop
        stop = min(max(last, 1), stft.frames - 1)
        struck, start = (min(max(first_frame(share), 0), stop) for share in (STRUCK, STEADY_FROM))
        heard = -(-(stft.padding - stft.fft_size // 2) // stft.hop)
        return cls(min(max(heard, 0), stop), struck, start, stop)

    @property
    def whole(self) -> Indices:
        """All frames before the release."""
        return np.arange(self.heard, self.stop + 1)

    @property
    def onset(self) -> Indices:
        """Frames that tell how loud a struck note is."""
        return np.arange(self.heard, min(self.heard + MEASURED, self.stop + 1))

    @property
    def early(self) -> Indices:
        """Frames that tell how the steady zone begins."""
        return np.arange(self.start, min(self.start + MEASURED, self.stop + 1))

    @property
    def late(self) -> Indices:
        """Frames that tell how it ends."""
        return np.arange(max(self.stop + 1 - MEASURED, self.start), self.stop + 1)

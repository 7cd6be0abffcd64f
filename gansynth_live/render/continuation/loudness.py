"""How loud a voice goes on: as loud as it was, and from there towards what its timbre calls for.

Blends in the network are quieter or louder than their ends, and by how much is not known before
enough of a note has been looked at. So a new timbre begins as loud as the voice is on the frame
before its first one: both are at the same place of the note there, no swell of either counts. What
a voice is louder than its timbre calls for, as far as that is known, it owes and pays off.
"""

from math import copysign, isnan, log, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.locked import LockedInversion

Levels = NDArray[np.float64]

DOUBT = log(10) / 20 * 1.5  # what an estimate from a few frames may be wrong by
MOST_OWED = log(1.5)  # more than that a voice gets louder or softer at once
MOST = log(4.0)  # and none is made louder by more
UNPAID = 0.7  # share of what a voice owes that is left a frame later
SILENCE = 1e-30  # power of a frame, -300 dB: what has died away is not lost for ever
JOINED = 3  # frames in which the sound from before a join is still heard


class Loud(NamedTuple):
    """How loud a voice is at some moment, in natural logarithms of amplitudes.

    Attributes:
        frame: RMS of the frame, without the level correction that the voice keeps; NaN: of a
            render, of which only the sound is known.
        owed: how far that is above what its timbre calls for.
    """

    frame: float = nan
    owed: float = 0.0


class Turn(NamedTuple):
    """What is known of the level of a timbre that a voice turns to.

    Attributes:
        level: correction that it calls for, ln amplitude; None: not known.
        doubt: how wrong that may be.
    """

    level: float | None
    doubt: float


class Loudness:
    """The loudness of a continuation, frame by frame; `before` is that of the frame before."""

    def __init__(self, before: Loud) -> None:
        self._frames, self._owed = [before.frame], [before.owed]
        self._level, self._owing = 0.0, before.owed

    def at(self, frames: float) -> Loud:
        """How loud the voice is so many frames after the one before its first."""
        return Loud(interpolated(self._frames, frames), interpolated(self._owed, frames))

    def turn(self, before: float, to: Turn) -> None:
        """Go on in a timbre that, at the newest frame, has ln RMS `before` (see `Turn`)."""
        level, doubt = to
        over = self._frames[-1] - before
        if isnan(over):
            self._level = level or 0.0
            return
        if level is not None:
            owed = over - level
            # Within the doubt the voice's own level is believed; far from it, the estimate.
            believed = copysign(max(min(abs(owed), 2 * doubt - abs(owed)), 0.0), owed)
            self._owing = min(max(owed - believed, -MOST_OWED), MOST_OWED)
            self._level = level + believed
        else:
            self._level = min(over - self._owing, MOST)

    def go_on(self, frames: Levels) -> Levels:
        """Corrections of the next frames, whose ln RMS are `frames` [n]: ln amplitude [n]."""
        falling = UNPAID ** np.arange(1, len(frames) + 1, dtype=np.float64)
        owed: Levels = self._owing * falling
        self._owing = float(owed[-1])
        levels = self._level + owed
        self._owed.extend(owed)
        self._frames.extend(frames + levels)
        return levels

    def lost(self, sound: NDArray[np.float32], inversion: LockedInversion) -> float:
        """How far its sound is above what its frames say: ln, below 0 where partials waver.

        `sound` [n] is what has been made of the first frames.
        """
        heard = loudness(np.abs(inversion.transform(sound[JOINED * inversion.stft.hop :])))
        return float(np.mean(heard - self._frames[1 + JOINED :][: len(heard)]))


def loudness(magnitude: NDArray[np.float32]) -> Levels:
    """ln RMS of frames [n, bins], up to a constant: [n]."""
    power = np.square(magnitude, dtype=np.float64).sum(1)
    return np.asarray(0.5 * np.log(np.maximum(power, SILENCE)), np.float64)


def interpolated(values: list[float], place: float) -> float:
    """What lies at `place` among values that another thread may be adding to."""
    there = values.copy()
    return float(np.interp(place, range(len(there)), there))

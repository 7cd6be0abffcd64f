"""Which pitch the hands will strike next, most likely, and what is therefore rendered first.

How likely a pitch is falls with its distance from the last notes, and outside the scale of the
music. In chorales by Bach, classical piano music and fiddle tunes (56 pieces), the next note is
among the 16 likeliest pitches in 86, 83 and 100 of 100 cases. That a key is held or sounds says no
more than that it was struck lately, and its voice goes on without a new render of the key.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.render.schedule.scale import PITCH_CLASSES, ScaleDetector

FADING = 0.9  # of a note's weight that is left when the next one comes
SPAN = 6.0  # semitones from a note at which its weight has fallen to 1/e
OUTSIDE = 0.25  # weight of pitches that are not in the scale
RANKS = 6.0  # places down the list of pitches after which their chance has fallen to 1/e
LONGEST = 2.0  # seconds: what is older than that is just old
HEAD_START = 0.02  # seconds that everything counts as older: what is fresh differs little
NEVER = 1e6  # seconds: before all that can be played comes what cannot
MIDDLE_KEY = 60


class KeyPredictor:
    """The last keys that were played, as pitches of the model. Not locked."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high
        self._scale = ScaleDetector()
        self._pitches = np.arange(low, high + 1)
        self._nearness = self._around(MIDDLE_KEY)
        self._order = self._likeliest()

    def note_on(self, key: int) -> None:
        """A key went down."""
        self._nearness = FADING * self._nearness + self._around(key)
        self._scale.note_on(key)
        self._order = self._likeliest()

    def by_urgency(self, pending: Iterable[int], ages: Sequence[float]) -> list[int]:
        """All pitches of the model, those first whose render will gain most, by chance and age.

        By chance alone the first few would be rendered over and over while a knob moves, and the
        others left behind.

        Args:
            pending: pitches that a note waits for.
            ages: for each pitch, seconds that its render has been out of date; infinite: none.
        """
        bounded = np.where(np.isinf(ages), NEVER, np.minimum(ages, LONGEST) + HEAD_START)
        chances = np.exp(-np.argsort(self._order) / RANKS)
        gainful = self._pitches[np.argsort(-chances * bounded, kind="stable")].tolist()
        return list(dict.fromkeys((*pending, *gainful)))

    @property
    def likeliest(self) -> list[int]:
        """All pitches of the model, the likeliest first."""
        pitches: list[int] = self._pitches[self._order].tolist()
        return pitches

    def _likeliest(self) -> NDArray[np.intp]:
        """Places of all pitches, the likeliest first."""
        inside = np.isin(self._pitches % PITCH_CLASSES, list(self._scale.scale()))
        likelihood = self._nearness * np.where(inside, 1.0, OUTSIDE)
        return np.argsort(-likelihood, kind="stable")

    def _around(self, key: int) -> NDArray[np.float64]:
        """Weight that a note gives each pitch; one beyond the model counts as its nearest."""
        pitch = min(max(key, self.low), self.high)
        near: NDArray[np.float64] = np.exp(-np.abs(self._pitches - pitch) / SPAN)
        return near

"""How Magenta's script makes a piece from notes: fixed envelope, plain sum, 16 kHz.

Source: magenta `models/gansynth/lib/generate_util.py` (`get_envelope`, `combine_notes`), with its
divisions by zero guarded. Its peaks are signed maxima, so the negative side may go lower.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
LOWEST_KEY, HIGHEST_KEY = 36, 84  # other notes of a file are left out
LONGEST_SECONDS = 3.0
ATTACK_SECONDS = 0.010
RELEASE_SECONDS = 0.3
TAIL_SECONDS = 3.0
PEAK = 0.5


def envelope(seconds: float) -> NDArray[np.float64]:
    """Amplitude [n] of a note held for `seconds`: straight attack, 3 s at most, straight release.

    The release of a note shorter than the attack takes the place of what is left of it.
    """
    attack = int(SAMPLE_RATE * ATTACK_SECONDS)
    held = int(SAMPLE_RATE * min(seconds, LONGEST_SECONDS))
    release = int(SAMPLE_RATE * RELEASE_SECONDS)
    amplitude = np.ones(held + release)
    amplitude[:attack] = np.linspace(0.0, 1.0, attack)
    amplitude[held:] = np.linspace(1.0, 0.0, release)
    return amplitude


def length(end: float) -> int:
    """Frames of a piece whose last note ends at `end` seconds."""
    return int(end + TAIL_SECONDS) * SAMPLE_RATE


class Mix:
    """A piece, summed note by note in the order of their starts.

    What no later note reaches is handed on at once, so memory does not grow with the piece.

    Args:
        hand_on: is given the sums [n] of the next samples, again and again.

    Attributes:
        highest: the highest of the sums that were handed on, or 0.
    """

    def __init__(self, hand_on: Callable[[NDArray[np.float64]], object]) -> None:
        self.highest = 0.0
        self._hand_on = hand_on
        self._done = 0
        self._sums = np.zeros(len(envelope(LONGEST_SECONDS)))  # from sample `_done` on

    def add(self, samples: NDArray[np.floating], start: float, end: float, velocity: int) -> None:
        """Add a note's samples [64000] at 16 kHz, held from `start` to `end` seconds."""
        amplitude = envelope(end - start)
        note = samples[: len(amplitude)] * amplitude
        self.finish(int(start * SAMPLE_RATE))
        self._sums[: len(note)] += scaled(note, note.max(initial=0.0), velocity / 127.0)

    def finish(self, frame: int) -> None:
        """Hand on all sums before `frame`: no note is to come that begins sooner."""
        while self._done < frame:
            count = min(frame - self._done, len(self._sums))
            finished = self._sums[:count]
            self._sums = np.append(self._sums[count:], np.zeros(count))
            self._done += count
            self.highest = max(self.highest, float(finished.max()))
            self._hand_on(finished)


def scaled(samples: NDArray[np.float64], highest: float, peak: float) -> NDArray[np.float64]:
    """`samples` with what is `highest` among them and others at `peak`."""
    # Silence, and sound without a positive sample, has nothing to scale by: the original makes
    # NaN of it.
    return samples / highest * peak if highest > 0.0 else np.zeros_like(samples)

"""How Magenta's script makes a piece from notes: fixed envelope, plain sum, 16 kHz.

Source: magenta `models/gansynth/lib/generate_util.py` (`get_envelope`, `combine_notes`), with its
divisions by zero guarded. Its peaks are signed maxima, so the negative side may go lower.
"""

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


class Mix:
    """A piece whose last note ends at `end` seconds, summed note by note."""

    def __init__(self, end: float) -> None:
        self._clip = np.zeros(int(end + TAIL_SECONDS) * SAMPLE_RATE)

    def add(self, samples: NDArray[np.floating], start: float, end: float, velocity: int) -> None:
        """Add a note's samples [64000] at 16 kHz, held from `start` to `end` seconds."""
        amplitude = envelope(end - start)
        note = _scaled_to_peak(samples[: len(amplitude)] * amplitude, velocity / 127.0)
        first = int(start * SAMPLE_RATE)
        self._clip[first : first + len(note)] += note

    def clip(self) -> NDArray[np.float32]:
        """The whole piece [frames], its highest sample at 0.5."""
        return _scaled_to_peak(self._clip, PEAK).astype(np.float32)


def _scaled_to_peak(samples: NDArray[np.float64], peak: float) -> NDArray[np.float64]:
    highest = samples.max(initial=0.0)
    # Silence, and sound without a positive sample, has nothing to scale by: the original makes
    # NaN of it.
    return samples / highest * peak if highest > 0.0 else np.zeros_like(samples)

"""Fluctuation of partials in the frames of a note, in amplitude and phase.

A partial that is one of several close together is 1 + c G: G a complex Gaussian course, slow and
its own for every partial. What G is depends on the pitch, the partial and the frame's place in its
note alone, so it is the same however a note is cut, and a note that is walked through again
fluctuates as its frames do.
"""

from functools import cache
from math import pi

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.living import DEPTH_HERTZ, RATE_HERTZ, Living
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.units import key_to_hz

Floats = NDArray[np.float32]
Courses = NDArray[np.complex64]

FRAMES = 256  # of a course, which then begins again
ROWS = 64  # courses of a rate
RATES = np.geomspace(0.5, 12.0, 12)  # Hz: spread of the courses there are
SPREAD = 1.5  # of a course over the rate of its level
DEEPER = 1.15  # what frames smooth away
MOST_PARTIALS = 512
GOLDEN = 0.6180339887498949


class Fluctuation:
    """What the partials of a note do; computed once, so that cuts between frames change no bit.

    Args:
        living: of its timbre.
        pitch: MIDI key.
        bins: of a frame, `bin_hertz` apart.
        seconds: between two frames.
    """

    def __init__(
        self, living: Living, pitch: int, bins: int, bin_hertz: float, seconds: float
    ) -> None:
        hertz = key_to_hz(pitch)
        count = min(max(int(bins * bin_hertz / hertz), 1), MOST_PARTIALS)
        partials = hertz * np.arange(1, count + 1)
        depths = DEEPER * np.interp(np.log(partials), np.log(DEPTH_HERTZ), living.depths)
        amounts = np.interp(depths, *_depths())[:, None]
        rates = np.exp(np.interp(np.log(partials), np.log(RATE_HERTZ), np.log(living.rates)))
        nearest = np.abs(np.log(SPREAD * rates)[:, None] - np.log(RATES)).argmin(axis=1)
        rows = nearest * ROWS + (np.arange(count) + 7 * pitch) % ROWS
        places = (37 * pitch + np.arange(-1, FRAMES - 1)) % FRAMES
        turns = living.common_rate * seconds * np.arange(-1, FRAMES - 1) + GOLDEN * pitch
        together = np.sqrt(2 * living.common) * np.cos(2 * pi * turns)
        own = np.sqrt(1 - living.common) * _courses(seconds)[rows][:, places]
        course = (1 + amounts * (own + together)) / np.sqrt(1 + np.square(amounts))
        self._gains = np.abs(course[:, 1:]).T.astype(np.float32)  # [frames, partials]
        steps = np.angle(course[:, 1:] * np.conj(course[:, :-1])) / pi
        self._steps = steps.T.astype(np.float32)
        number = np.rint(np.arange(1, bins + 1) * bin_hertz / hertz).astype(np.int64)
        self._partials = np.clip(number, 1, count) - 1  # [bins]

    def applied(self, spectra: Spectra, first: int) -> Spectra:
        """Frames `first`, ... of the note as they fluctuate."""
        frames = (first + np.arange(len(spectra.magnitude))) % len(self._gains)
        gains, steps = (table[frames][:, self._partials] for table in (self._gains, self._steps))
        return spectra._replace(magnitude=spectra.magnitude * gains, turn=spectra.turn + steps)


@cache
def _courses(seconds: float) -> Courses:
    """Complex courses of power 1, complex64 [rates * ROWS, FRAMES]; a course goes round."""
    random = np.random.default_rng(0)
    hertz = np.fft.fftfreq(FRAMES, seconds)
    white = random.standard_normal((2, len(RATES), ROWS, FRAMES))
    shape = np.exp(-0.5 * np.square(hertz / RATES[:, None]))
    course = np.fft.ifft(shape[:, None] * (white[0] + 1j * white[1]), axis=-1)
    course /= np.sqrt(np.square(np.abs(course)).mean(axis=(1, 2), keepdims=True))
    return course.reshape(-1, FRAMES).astype(np.complex64)


@cache
def _depths() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standard deviations of levels in dB, and the amounts c that have them."""
    amounts = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.4, 2.0])
    real, imaginary = np.random.default_rng(1).standard_normal((2, 20000)) / np.sqrt(2)
    levels = 20 * np.log10(np.abs(1 + amounts[:, None] * (real + 1j * imaginary)))
    return levels.std(axis=1), amounts

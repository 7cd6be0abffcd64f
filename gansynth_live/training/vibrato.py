"""The vibrato that `steady` takes out, measured so that the engine can give it back.

A recording has its own at each key, and a soundfont transposes it along with the pitch: what counts
is the middle of the keys that swing clearly.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.settings import Vibrato
from gansynth_live.training.soundfont import HOLD_SECONDS
from gansynth_live.training.tuning import SAMPLE_RATE, WANDER_SECONDS

LOOK = 80  # samples between two looks at the pitch
LOOKS = SAMPLE_RATE / LOOK  # a second
SETTLED = slice(int(1.4 * LOOKS), int((HOLD_SECONDS - 0.1) * LOOKS))
RATES = (3.5, 8.0)  # Hz; slower is drift, faster a rustle
SHALLOWEST = 1.5  # cents
CLEAR = 0.7  # of what the pitch does must be the one sine
ENOUGH = 1 / 3  # of the keys must swing clearly
SPECTRUM_SIZE = 8192

Course = NDArray[np.float64]  # deviation in cents at each sample of a note


def vibrato_of(courses: Sequence[Course]) -> Vibrato | None:
    """Vibrato of an instrument from its notes (see `wander_cents`); None if it has no clear one."""
    found = [vibrato for course in courses if (vibrato := _of_note(course)) is not None]
    if len(found) < ENOUGH * len(courses):
        return None
    rate, depth, delay = np.median(found, axis=0).tolist()
    return Vibrato(round(rate, 2), round(depth, 1), round(delay, 2))


def _of_note(course: Course) -> Vibrato | None:
    looks = course[::LOOK]
    settled = _without_drift(looks[SETTLED])
    rate, depth = _strongest(settled)
    if depth < SHALLOWEST or depth**2 / 2 < CLEAR * settled.var():
        return None
    # The tracker's running means smooth the swing, too.
    kept = np.sinc(rate * WANDER_SECONDS / 2) ** 4
    return Vibrato(rate, depth / kept, _delay(looks - np.median(looks[SETTLED]), rate, depth))


def _strongest(settled: Course) -> tuple[float, float]:
    """Rate (Hz) and depth (cents) of the strongest sine."""
    window = np.hanning(len(settled))
    levels = np.abs(np.fft.rfft(settled * window, SPECTRUM_SIZE)) * 2 / window.sum()
    first, last = (int(rate * SPECTRUM_SIZE / LOOKS) for rate in RATES)
    peak = first + int(np.argmax(levels[first:last]))
    return peak * LOOKS / SPECTRUM_SIZE, float(levels[peak])


def _delay(looks: Course, rate: float, depth: float) -> float:
    """Seconds after which the swing never is less than half as deep as at the end."""
    turns = np.exp(-2j * np.pi * rate / LOOKS * np.arange(len(looks)))
    window = np.hanning(2 * round(LOOKS / rate) + 1)
    depths = 2 * np.abs(np.convolve(looks * turns, window / window.sum(), "same"))
    shallow = np.flatnonzero(depths[: SETTLED.stop] < depth / 2)
    return float(shallow[-1] + 1) / LOOKS if len(shallow) else 0.0


def _without_drift(course: Course) -> Course:
    time = np.linspace(-1, 1, len(course))
    return np.asarray(course - np.polyval(np.polyfit(time, course, 2), time), np.float64)

"""How a timbre dies away, measured on its own frames: for each frequency, and as a whole."""

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STEADY_DB, DECAYING_DB = 1.5, 3.5  # fall per second: up to one it is steady, from the other not
LEAST_SHARE = 0.5  # every frequency falls at least this much of the whole: nothing is left droning
HANN_POWER = 3 / 8  # mean square of a Hann window
STEEPEST = 0.5  # fall of ln magnitude per frame


class Trend(NamedTuple):
    """Where a timbre is heading.

    Attributes:
        fall: change of ln magnitude per frame for each bin, 0 or less, float32 [bins].
        decaying: 0 for a steady timbre, 1 for one that dies away, between for what is between.
        gain: level correction of a note in this timbre, amplitude factor.
    """

    fall: Floats
    decaying: float
    gain: float


def trend(early: Floats, late: Floats, distance: float, frame_seconds: float, gain: float) -> Trend:
    """The trend between magnitudes [frames, bins] of two times `distance` frames apart."""
    begin, end = np.log(early).mean(0), np.log(late).mean(0)
    powers = [np.square(part, dtype=np.float64).sum(1).mean() for part in (early, late)]
    whole = min(0.5 * float(np.log(powers[1] / powers[0])) / max(distance, 1.0), 0.0)
    fall = np.minimum((end - begin) / max(distance, 1.0), LEAST_SHARE * whole)
    decibels = -whole * 20 / log(10) / frame_seconds  # a second
    decaying = min(max((decibels - STEADY_DB) / (DECAYING_DB - STEADY_DB), 0.0), 1.0)
    return Trend(np.clip(fall, -STEEPEST, 0.0).astype(np.float32), decaying, gain)


def loudest_rms(magnitude: Floats, frames: int) -> float:
    """RMS of the audio of magnitudes [n, bins] (Hann window): the loudest `frames` in a row."""
    size = 2 * magnitude.shape[1]
    powers = np.square(magnitude, dtype=np.float64).sum(1) / (size / 2 * HANN_POWER * size)
    run = min(frames, len(powers))
    return float(np.sqrt(np.convolve(powers, np.ones(run) / run, "valid").max()))

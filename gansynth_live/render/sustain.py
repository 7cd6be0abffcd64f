"""How a held note goes on after the network's four seconds: steady, or dying away, never in a loop.

A note has a steady zone between its attack and its release. A voice takes its frames from there for
as long as it is held: walking back and forth between turns at random, so nothing repeats. How much
a timbre decays is measured on its own frames, for each frequency; a decaying voice takes the walk's
frames too, but goes on falling as it did. How long a voice has been dying away is its *clock*. It
stands still while the timbre is a steady one: a flute that has been held for a minute turns into a
bell that was struck just now, and not into the silence that a bell is after a minute.
"""

from math import log
from random import Random
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.stft import Stft

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

HELD = 0.745  # share of a note before its release: NSynth's keys are held for 3 of 4 seconds
STEADY_FROM = 0.15  # share of a note at which the attack is over, as a rule
STRUCK = 0.10  # share of a note that every timbre plays at its own pace
MEASURED = 8  # frames at either end of the steady zone that tell its trend
SHORTEST_RUN, LONGEST_RUN = 8, 40  # frames between two turns of the walk
NARROW = 16  # frames at the end of the zone among which a decaying note walks
STEADY_DB, DECAYING_DB = 1.5, 3.5  # fall a second up to which and from which a timbre counts so
LEAST_SHARE = 0.5  # every frequency falls at least this much of the whole: nothing is left droning
HANN_POWER = 3 / 8  # mean square of a Hann window
STEEPEST = 0.5  # fall of ln magnitude a frame
RECOVERY = 0.9  # share of its clock that a steady timbre keeps each frame


class Zone(NamedTuple):
    """Frames of a note, by number."""

    heard: int  # the first that has its middle in the note
    struck: int  # until here everything goes its own pace
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


class Trend(NamedTuple):
    """Where a timbre is heading.

    Attributes:
        fall: change of ln magnitude a frame for each bin, 0 or less, float32 [bins].
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


class Walk:
    """The frame of the note that each frame of a held voice comes from; one seed, one walk.

    Threads: any; a voice's next continuation may begin while the one that it plays still grows.
    """

    def __init__(self, zone: Zone, seed: int) -> None:
        self.zone = zone
        self._random = Random(seed)  # noqa: S311 (music, not secrets)
        self._places = list(range(zone.stop + 1))
        self._direction, self._run = -1, self._next_run()
        self._growing = Lock()

    def places(self, start: int, stop: int) -> Indices:
        """Source frames of frames [start, stop) of the voice."""
        with self._growing:
            while len(self._places) < stop:
                self._step()
        return np.array(self._places[start:stop], np.int64)

    def near_the_end(self, places: Indices) -> Indices:
        """The same walk folded into the last frames of the zone."""
        fold = min(NARROW, max(self.zone.stop - self.zone.start, 1))
        return self.zone.stop - np.abs((places - self.zone.start) % (2 * fold) - fold)

    def _step(self) -> None:
        if self._run == 0:
            self._direction, self._run = -self._direction, self._next_run()
        place = self._places[-1] + self._direction
        if not self.zone.start <= place <= self.zone.stop:
            self._direction, self._run = -self._direction, self._next_run()
            place = min(max(self._places[-1] + self._direction, self.zone.start), self.zone.stop)
        self._run -= 1
        self._places.append(place)

    def _next_run(self) -> int:
        return SHORTEST_RUN + int(self._random.random() * (LONGEST_RUN - SHORTEST_RUN))


class Course(NamedTuple):
    """Which frames a voice takes, from the frame before on, and how much they have to fall."""

    places: Indices  # [frames] of the note
    behind: Floats  # [frames] frames of decay to add
    clocks: list[float]  # [frames] how long the voice has been dying away, in frames


def course(walk: Walk, start: int, stop: int, clock: float, decaying: float) -> Course:
    """The course of frames [start, stop) of a voice whose clock stood at `clock` a frame before."""
    zone, clocks = walk.zone, [clock]
    for frame in range(start, stop):
        recovered = (1.0 - decaying) * (1.0 - RECOVERY) * max(clock - zone.struck, 0.0)
        clock += 1.0 if frame <= zone.struck else decaying - recovered
        clocks.append(clock)
    places = walk.places(start - 1, stop)
    if decaying >= 0.5:
        natural, ending = np.round(clocks).astype(np.int64), walk.near_the_end(places)
        places = np.where(natural <= zone.stop, natural, ending)
    behind = decaying * (np.array(clocks) - places)
    return Course(places, behind.astype(np.float32), clocks)


def first_course(
    walk: Walk, start: int, least: int, most: int, grain: int, clock: float, decaying: float
) -> Course:
    """The course of `least` frames from `start` on, and of up to `most` that come with them.

    Args:
        grain: frames of the note that are made together, from multiples of it on.
    """
    path = course(walk, start, start + min(least + grain - 1, most), clock, decaying)
    grains = path.places // grain
    wanted = grains[: least + 1]
    beyond = np.flatnonzero((grains < wanted.min()) | (grains > wanted.max()))
    count = int(beyond[0]) if len(beyond) else len(grains)
    return Course(path.places[:count], path.behind[:count], path.clocks[:count])

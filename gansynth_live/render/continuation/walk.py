"""How a held note goes on after the network's four seconds: steady, or dying away, never in a loop.

A note has a steady zone between its attack and its release. A voice takes its frames from there for
as long as it is held: walking back and forth between turns at random, so nothing repeats. How much
a timbre decays is measured on its own frames, for each frequency; a decaying voice takes the walk's
frames too, but goes on falling as it did. How long a voice has been dying away is its *clock*. It
stands still while the timbre is a steady one: a flute that has been held for a minute turns into a
bell that was struck just now, and not into the silence that a bell is after a minute.
"""

from random import Random
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.render.continuation.zone import Zone

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

SHORTEST_RUN, LONGEST_RUN = 8, 40  # frames between two turns of the walk
NARROW = 16  # frames at the end of the zone among which a decaying note walks
RECOVERY = 0.9  # share of its clock that a steady timbre keeps each frame


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
        """Which frame of the note each of the voice's frames [start, stop) is taken from."""
        with self._growing:
            while len(self._places) < stop:
                self._step()
        return np.array(self._places[start:stop], np.int64)

    def folded_to_end(self, places: Indices) -> Indices:
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


class FramePlan(NamedTuple):
    """Which frames a voice takes, from the frame before on, and how much they have to fall."""

    places: Indices  # [frames] of the note
    behind: Floats  # [frames] of decay to add, in frames
    clocks: list[float]  # [frames] how long the voice has been dying away, in frames


def plan_frames(walk: Walk, start: int, stop: int, clock: float, decaying: float) -> FramePlan:
    """The course of frames [start, stop) of a voice whose clock stood at `clock` a frame before."""
    zone, clocks = walk.zone, [clock]
    for frame in range(start, stop):
        recovered = (1.0 - decaying) * (1.0 - RECOVERY) * max(clock - zone.struck, 0.0)
        clock += 1.0 if frame <= zone.struck else decaying - recovered
        clocks.append(clock)
    places = walk.places(start - 1, stop)
    if decaying >= 0.5:
        natural, ending = np.round(clocks).astype(np.int64), walk.folded_to_end(places)
        places = np.where(natural <= zone.stop, natural, ending)
    behind = decaying * (np.array(clocks) - places)
    return FramePlan(places, behind.astype(np.float32), clocks)


def plan_first_frames(
    walk: Walk, start: int, least: int, most: int, grain: int, clock: float, decaying: float
) -> FramePlan:
    """The course of `least` frames from `start` on, and of up to `most` that come with them.

    Args:
        grain: frames of the note that are made together, from multiples of it on.
    """
    path = plan_frames(walk, start, start + min(least + grain - 1, most), clock, decaying)
    grains = path.places // grain
    wanted = grains[: least + 1]
    beyond = np.flatnonzero((grains < wanted.min()) | (grains > wanted.max()))
    count = int(beyond[0]) if len(beyond) else len(grains)
    return FramePlan(path.places[:count], path.behind[:count], path.clocks[:count])

"""What is to be rendered, and what has become of it: jobs and renders. Data only."""

from dataclasses import dataclass
from enum import IntEnum
from math import inf
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gansynth_live.render.continuation.passage import Passage
from gansynth_live.render.continuation.walk import Walk
from gansynth_live.render.notes.timbre import Timbre


@dataclass(frozen=True, slots=True)
class OfKey:
    """What notes of a pitch begin with in a timbre."""

    timbre: Timbre
    pitch: int


@dataclass(frozen=True, slots=True)
class OfVoice:
    """What a sounding note (by its serial number) goes on in when it turns to a timbre."""

    timbre: Timbre
    serial: int


Owner: TypeAlias = OfKey | OfVoice


class Keep(IntEnum):
    """How long a render is kept: its slot may go to what is to be kept longer."""

    SPENT = 0  # nobody will want it again
    OLD = 1  # its blend was the newest
    EXPECTED = 2  # its blend may be the newest soon
    WARM = 3  # its blend may be chosen at any moment
    NEWEST = 4
    SOUNDING = 5  # a voice goes on in it


class Join(NamedTuple):
    """Where a voice goes on.

    Attributes:
        voice: index in the machine.
        walk: the voice's own.
        past: what it plays until then.
        start: sample of the note, at the inversion's rate; None: the first that can be reached.
        turns: whether its timbre is another than that of `past`.
    """

    voice: int
    walk: Walk
    past: Passage
    start: int | None
    turns: bool


class Job(NamedTuple):
    """Sound that is wanted.

    Attributes:
        stops: ends of the slices that it is made in, in frames.
        deadline: time by which its first sound is wanted; infinite: when nothing else is to do.
        part: that it is made for.
        join: of a voice.
    """

    owner: Owner
    pitch: int
    stops: tuple[int, ...]
    keep: Keep
    deadline: float = inf
    part: int = 0
    join: Join | None = None


class Stream(Protocol):
    """Samples that are made slice by slice."""

    def advance(self, stop: int) -> NDArray[np.float32]:
        """Make the frames up to `stop`; return the samples [m] that became final."""
        ...

    def gain(self) -> float:
        """Level correction, once everything is made."""
        ...


@dataclass(eq=False, slots=True)
class Render:
    """What has become of a job, until its slot is used again. Guarded by the scheduler's lock.

    While a worker has `claimed` it, that worker alone touches `stream` and the slot.
    """

    owner: Owner
    pitch: int
    slot: int
    stops: list[int]  # that are still to be made
    keep: Keep  # change it by `Pool.keep`
    needed_at: float  # time when its first sound was, or will be; infinite: nobody waits
    part: int = 0  # that it was made for
    join: Join | None = None  # of a voice, until it has been begun: it holds all that came before
    claimed: bool = False
    goal: int = 0  # end of the slice that is claimed
    stream: Stream | None = None
    passage: Passage | None = None  # what may follow on it
    ready: int = 0  # samples that may be played
    finished: bool = False
    gain: float = 1.0  # level correction; exact once finished
    begun_at: float = 0.0  # time of its first claim
    prepared_at: float | None = None  # and when frames had been made for it, if they had to
    listings: int = 0  # parts whose keys start from it
    generation: int = 0  # the last in which its blend was the newest; 0: none
    stale_since: float | None = None  # time when its blend stopped being the newest

    @classmethod
    def of(cls, job: Job, slot: int) -> "Render":
        """Nothing of it is made yet."""
        stops, deadline = list(job.stops), job.deadline
        return cls(job.owner, job.pitch, slot, stops, job.keep, deadline, job.part, job.join)

    @property
    def timbre(self) -> Timbre:
        """What it sounds like."""
        return self.owner.timbre

    @property
    def is_of_voice(self) -> bool:
        """Whether it belongs to one voice, and not to a key."""
        return isinstance(self.owner, OfVoice)

    @property
    def rests(self) -> bool:
        """Whether nobody makes it and no key starts from it."""
        return self.finished and not self.claimed and not self.listings

    def claim(self, now: float) -> "Render":
        """Give its next slice to the caller."""
        if self.stream is None:
            self.begun_at = now
        self.claimed, self.goal = True, self.stops.pop(0)
        return self

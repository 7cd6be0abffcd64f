"""A continuation begins: the network runs, and only then is it said where its voice will join."""

from collections.abc import Callable
from typing import NamedTuple

from gansynth_live.model.audio.handover import nearest_frame
from gansynth_live.render.continuation import Continuation
from gansynth_live.render.estimate import Look, look_needed
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.pace import Pace
from gansynth_live.render.passage import Passage, newest_start
from gansynth_live.render.pool import LatentOf, Timbre
from gansynth_live.render.roster import Life, Roster
from gansynth_live.render.source import Generated
from gansynth_live.render.sustain import course
from gansynth_live.render.whereabouts import Whereabouts


class Need(NamedTuple):
    """A continuation that a voice could do with. The smallest comes first."""

    rank: int  # 0: or it will run dry; 1: the blend has moved; more: in good time
    order: float  # turn of its last change, or seconds that are left
    serial: int
    timbre: Timbre
    start: int | None  # sample of the note, at the model's rate; None: as soon as it can


class Joiner:
    """Begins continuations. Methods are for workers, without the cache's lock.

    Args:
        frames: of each continuation.
        clock: seconds, rising.
    """

    def __init__(
        self,
        renderer: NoteRenderer,
        latent: LatentOf,
        roster: Roster,
        where: Whereabouts,
        pace: Pace,
        frames: int,
        clock: Callable[[], float],
    ) -> None:
        self._renderer = renderer
        self._latent = latent
        self._roster = roster
        self._where = where
        self._pace = pace
        self._frames = frames
        self._clock = clock
        self._stft = renderer.generator.spec.stft

    def begin(self, life: Life, passage: Passage, need: Need, frames: int) -> Continuation:
        """The continuation that a voice on `passage` needs; so many frames are wanted first.

        The network takes longest, and how long differs. So it is run before the join is chosen.
        """
        life.begun_at, life.ready_at = self._clock(), None
        source, start = passage.source, need.start
        if need.timbre != life.timbre:
            source = self._generated(need.timbre, life.render.pitch)
            if start is None:
                likely = self._start(need, passage, self._pace.least_lead)
                self._prepare(source, life, passage, likely, frames)
                life.ready_at = self._clock()
        start = self._start(need, passage, self._pace.last_lead)
        return Continuation(
            self._renderer.locked,
            self._renderer.device_rate,
            life.walk,
            source,
            passage.tape,
            start,
            passage.standing(start),
            self._frames,
        )

    def _generated(self, timbre: Timbre, pitch: int) -> Generated:
        renderer = self._renderer
        latent = self._latent(timbre, pitch)
        return Generated(latent, pitch, renderer.generator, renderer.locked.unfold)

    def _prepare(
        self, source: Generated, life: Life, passage: Passage, start: int, frames: int
    ) -> None:
        """Let the network run for the first `frames` of a continuation.

        It will begin at `start` or, if that takes longer, a frame later.
        """
        standing, zone = passage.standing(start), life.walk.zone
        if look_needed(standing, source.latent) is not Look.NONE:
            for places in (zone.onset, zone.early, zone.late):
                source.prepare(places)
        first = nearest_frame(self._stft, start)
        decaying = standing.trend.decaying if standing.trend else 0.0
        path = course(life.walk, first, first + frames + 1, standing.clock, decaying)
        source.prepare(path.places)

    def _start(self, need: Need, passage: Passage, lead: float) -> int:
        """The sample of the note, at the model's rate, at which a voice is to go on."""
        start = need.start
        if start is None:
            record = self._roster.record(need.serial)
            start = passage.end if record is None else self._where.soonest(record, passage, lead)
        return min(start, newest_start(passage.tape, self._stft))

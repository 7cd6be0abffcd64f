"""Sounding voices: each goes on in the newest blend, and for as long as it is held.

When the blend has moved, or a voice's samples come to an end, a continuation is begun that takes
over at a sample that still lies ahead; when its first slice is there, the machine is told to swap.
One continuation of a voice is under way at a time, always towards the newest blend: steps of a knob
that came in between are never made. A released note fades in the timbre that it has.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from math import ceil, inf
from typing import NamedTuple

from gansynth_live.kernel.layout import ONE, RELEASE
from gansynth_live.kernel.machine import Machine
from gansynth_live.model.audio.handover import nearest_frame
from gansynth_live.render.continuation import OVERLAP, Continuation
from gansynth_live.render.estimate import FIRST_PART, RESTS_AT, Look, look_needed
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.pace import Pace
from gansynth_live.render.passage import Passage, newest_start
from gansynth_live.render.pool import LatentOf, Pool, Render, Timbre
from gansynth_live.render.roster import (
    Arrival,
    Arrived,
    Continued,
    Life,
    Record,
    Roster,
    retire,
)
from gansynth_live.render.source import Generated, Source
from gansynth_live.render.sustain import course

NEARLY_DRY, DRY = 0.25, 0.12  # seconds of sound left: the next slice comes soon; comes first
SLICES = (FIRST_PART, RESTS_AT, 60)  # frames of a continuation's parts: 0.25 s, 0.9 s, 2 s
SPACING = 1.5  # frames between two steps of a moving blend: 20 a second
AHEAD = 0.4  # of a note's length: so long before the end of its samples a voice's next are begun
PRESSING = 0.1  # and so long before it nothing else comes first
TOLD_AHEAD = 0.08  # seconds, and twice the lead: so long before its join a continuation is final
IN_GOOD_TIME = 2  # rank of what is not urgent
IMPATIENT, ALERT, PATIENT = 0.004, 0.02, 0.1  # seconds: a voice goes on, soon will, just sounds


class Need(NamedTuple):
    """A continuation that a voice could do with. The smallest comes first."""

    rank: int  # 0: or it will run dry; 1: the blend has moved; IN_GOOD_TIME
    order: float  # turn of its last change, or seconds that are left
    serial: int
    timbre: Timbre
    start: int | None  # sample of the note, at the model's rate; None: as soon as it can


class Voices:
    """All sounding voices of a machine. Not locked: the cache does that.

    Args:
        clock: seconds, rising.
        arrived: see `Roster`.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: LatentOf,
        pool: Pool,
        pace: Pace,
        clock: Callable[[], float],
        arrived: Arrived | None = None,
    ) -> None:
        self._machine = machine
        self._renderer = renderer
        self._latent = latent
        self._pool = pool
        self._pace = pace
        self._clock = clock
        self._turns = count(1)
        self._roster = Roster(machine, pool, renderer.zone, pace, arrived)
        spec = renderer.generator.spec
        self._stft, self._rate = spec.stft, spec.sample_rate
        self._seconds = self._stft.samples / self._rate  # of a note
        room = (machine.slot_frames - OVERLAP) / machine.sample_rate
        self._frames = int(room * self._rate / self._stft.hop)

    @property
    def patience(self) -> float | None:
        """Seconds until another look, when there was nothing to do; None: no voice sounds."""
        lives = self._roster.lives.values()
        if any(life.render.stops or (life.following and not life.is_open) for life in lives):
            return IMPATIENT
        if any(life.following for life in lives):
            return ALERT
        return PATIENT if lives else None

    def dry(self) -> Render | None:
        """The continuation whose next slice can wait for nothing else, if there is one."""
        records = self._roster.follow()
        for record in records:
            self._tell_in_time(record)
        # Where slices take long, those of all voices must be made in time, by two threads.
        return self._driest(records, max(DRY, len(records) * self._pace.lead / 2))

    def _driest(self, records: list[Record], least: float) -> Render | None:
        """The continuation with the least sound ahead of its voice, if less than `least` seconds.

        A moving knob replaces most continuations before that: it is not made any earlier.
        """
        driest = None
        for record in records:
            render = self._roster.newest(record)
            if render is None or not render.stops or render.in_hand:
                continue
            if (ahead := self._ahead(record, render)) < least:
                driest, least = render, ahead
        return driest

    def next(self, target: Timbre, *, urgent: bool = False) -> Render | None:
        """Begin the most urgent continuation, or go on with one that will soon run dry.

        Args:
            target: what voices should turn to; None: they stay as they are.
            urgent: only what a voice waits for: not what is in good time.
        """
        records = self._roster.follow()
        needs = (need for record in records for need in self._needs(record, target))
        need = min(needs, default=None, key=lambda need: need[:3])
        if need is not None and need.rank < IN_GOOD_TIME and (render := self._place(need)):
            return render
        if urgent:
            return None
        if render := self._driest(records, NEARLY_DRY):
            return render
        return None if need is None else self._place(need)

    def replay(self, arrivals: Mapping[int, deque[Arrival]]) -> Render | None:
        """Begin the next continuation that `arrivals` (by serial, in order) tells of."""
        for record in self._roster.follow():
            life = self._roster.lives.get(int(record["serial"]))
            if life is None or life.following is not None or life.render.passage is None:
                continue
            coming = arrivals.get(int(record["serial"]), deque())
            if coming and coming[0].start <= newest_start(life.render.passage.tape, self._stft):
                arrival = coming.popleft()
                need = Need(0, 0.0, arrival.serial, arrival.timbre, arrival.start)
                return self._place(need)
        return None

    def grown(self, render: Render) -> None:
        """More of a continuation is ready: with its first slice the voice may go on in it."""
        assert isinstance(render.timbre, Continued)  # noqa: S101
        life = self._roster.lives.get(render.timbre.serial)
        if life is None or render not in (life.following, life.render):
            retire(render)
        elif render is life.following and not life.told:
            if life.ready_at is not None:
                self._pace.made(life.ready_at - life.begun_at, self._clock() - life.ready_at)
            if (record := self._roster.record(render.timbre.serial)) is not None:
                self._tell_in_time(record)

    def _tell_in_time(self, record: Record) -> None:
        """Tell the machine what a voice goes on in; more of the same not before it must be known.

        Until then the blend may still move.
        """
        life = self._roster.lives.get(int(record["serial"]))
        if life is None or not life.is_open or life.following is None:
            return
        old, new = life.render.passage, life.following.passage
        assert old is not None and isinstance(new, Continuation)  # noqa: S101, PT018
        left = self._seconds_until(record, old, new.start)
        if life.goes_on_as_it_is and left > TOLD_AHEAD + 2 * self._pace.lead:
            return
        at, start = new.joint - old.base, new.joint - new.base
        slots = life.render.slot, at, life.following.slot, start
        life.told = self._machine.swap(int(record["index"]), int(record["serial"]), *slots)
        if not life.told:
            retire(life.following)
            life.following = None

    def _place(self, need: Need) -> Render | None:
        life = self._roster.lives[need.serial]
        name = Continued(need.timbre, need.serial, life.made)
        # A slow model needs the time that a short part lasts for the next part of another voice.
        slices = SLICES if self._pace.lead < NEARLY_DRY / 2 else SLICES[1:]
        stops = [stop for stop in slices if stop < self._frames] + [self._frames]
        begin = partial(self._begin, life, need)
        render = self._pool.place(name, life.render.pitch, stops, inf, begin)
        if render is not None:
            if life.following is not None:
                retire(life.following)
            life.following, life.told = render, False
            life.made += 1
            life.turn = next(self._turns)
        return render

    def _needs(self, record: Record, target: Timbre) -> Iterator[Need]:
        serial = int(record["serial"])
        life = self._roster.lives.get(serial)
        if life is None or life.render.passage is None:
            return
        if life.following is not None and not (life.is_open and life.goes_on_as_it_is):
            return
        passage = life.render.passage
        newest = newest_start(passage.tape, self._stft)
        soonest = self._soonest(record, passage, self._pace.lead)
        in_time = passage.start + SPACING * self._stft.hop <= soonest <= newest
        released = record["stage"] == RELEASE
        if in_time and not released and target not in (life.timbre, life.refused):
            yield Need(1, life.turn, serial, target, None)
        if life.following is not None:
            return
        left = self._seconds_until(record, passage, passage.end)
        pressing = left < PRESSING * self._seconds
        soon = left < AHEAD * self._seconds and not released
        if (pressing or soon) and passage.end <= newest:
            rank = 0 if pressing else IN_GOOD_TIME
            yield Need(rank, left, serial, life.timbre, max(passage.end, soonest))

    def _begin(self, life: Life, need: Need) -> Continuation:
        """The continuation itself. Thread: a worker's, without the cache's lock.

        The network takes longest, and how long differs. So it is run before the join is chosen.
        """
        life.begun_at, life.ready_at = self._clock(), None
        passage, start = life.render.passage, need.start
        assert passage is not None  # noqa: S101
        source = passage.source if need.timbre == life.timbre else self._source(need.timbre, life)
        if isinstance(source, Generated) and start is None:
            self._prepare(source, life, passage, self._start(need, passage, self._pace.least_lead))
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

    def _source(self, timbre: Timbre, life: Life) -> Source:
        pitch, renderer = life.render.pitch, self._renderer
        latent = self._latent(timbre, pitch)
        return Generated(latent, pitch, renderer.generator, renderer.locked.unfold)

    def _prepare(self, source: Generated, life: Life, passage: Passage, start: int) -> None:
        """Let the network run for what a continuation asks for first.

        It will begin at `start` or, if that takes longer, a frame later.
        """
        standing, zone = passage.standing(start), life.walk.zone
        if look_needed(standing, source.latent) is not Look.NONE:
            for places in (zone.onset, zone.early, zone.late):
                source.prepare(places)
        first = nearest_frame(self._stft, start)
        decaying = standing.trend.decaying if standing.trend else 0.0
        path = course(life.walk, first, first + FIRST_PART + 1, standing.clock, decaying)
        source.prepare(path.places)

    def _start(self, need: Need, passage: Passage, lead: float) -> int:
        """The sample of the note, at the model's rate, at which a voice is to go on."""
        start = need.start
        if start is None:
            record = self._roster.record(need.serial)
            start = passage.end if record is None else self._soonest(record, passage, lead)
        return min(start, newest_start(passage.tape, self._stft))

    def _soonest(self, record: Record, passage: Passage, lead: float) -> int:
        """The first sample, at the model's rate, that a voice can go on at in `lead` seconds."""
        ahead = lead * self._renderer.device_rate * _speed(record)
        sample = _position(record, passage) + ahead
        return ceil(sample * self._rate / self._renderer.device_rate)

    def _seconds_until(self, record: Record, passage: Passage, start: int) -> float:
        """Seconds until a voice reaches sample `start` of its note, at the model's rate."""
        rate = self._renderer.device_rate
        sample = start * rate / self._rate
        return float((sample - _position(record, passage)) / (rate * _speed(record)))

    def _ahead(self, record: Record, render: Render) -> float:
        """Seconds of sound that a voice still has in what it plays and goes on in."""
        playing = self._roster.lives[int(record["serial"])].render.passage
        assert playing is not None  # noqa: S101
        assert render.passage is not None  # noqa: S101
        samples = render.passage.base + render.ready - _position(record, playing)
        return samples / (self._renderer.device_rate * _speed(record))


def _position(record: Record, passage: Passage) -> float:
    """Sample of the note, at the device's rate, that a voice is at."""
    return float(passage.base + record["position"] / ONE)


def _speed(record: Record) -> float:
    """Samples that it moves a frame."""
    return float(record["rate"] * record["ratio"])

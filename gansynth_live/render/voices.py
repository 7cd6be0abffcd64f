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
from math import inf

from gansynth_live.kernel.layout import RELEASE
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.continuation import OVERLAP, Continuation
from gansynth_live.render.estimate import FIRST_PART, RESTS_AT
from gansynth_live.render.failures import Failures, OfVoice
from gansynth_live.render.joiner import Joiner, Need
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.pace import Pace
from gansynth_live.render.passage import newest_start
from gansynth_live.render.pool import LatentOf, Pool, Render, Timbre
from gansynth_live.render.roster import Arrival, Arrived, Continued, Roster, retire
from gansynth_live.render.whereabouts import Record, Whereabouts, position

NEARLY_DRY, DRY = 0.25, 0.12  # seconds of sound left: the next slice comes soon; comes first
SLICES = (FIRST_PART, RESTS_AT, 60)  # frames of a continuation's parts: 0.25 s, 0.9 s, 2 s
# Seconds of lead up to which first parts are short. A slower model needs the time that a short part
# lasts for the next part of another voice.
QUICK = 0.08
SPACING = 1.5  # frames between two steps of a moving blend: 20 a second
AHEAD = 0.4  # of a note: from so far before the end of its samples a voice's next are begun
PRESSING = 0.1  # and so long before it nothing else comes first
TOLD_AHEAD = 0.08  # seconds, and twice the lead: so long before its join a continuation is final
IN_GOOD_TIME = 2  # rank of what is not urgent
IMPATIENT, ALERT, PATIENT = 0.004, 0.02, 0.1  # seconds: a voice goes on, soon will, just sounds


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
        failures: Failures,
        pace: Pace,
        clock: Callable[[], float],
        arrived: Arrived | None = None,
    ) -> None:
        self._machine = machine
        self._pool = pool
        self._failures = failures
        self._pace = pace
        self._clock = clock
        self._turns = count(1)
        self._roster = Roster(machine, pool, renderer.zone, pace, arrived)
        self._records: list[Record] = []
        spec = renderer.generator.spec
        self._stft = spec.stft
        self._seconds = self._stft.samples / spec.sample_rate  # of a note
        room = (machine.slot_frames - OVERLAP) / machine.sample_rate
        self._frames = int(room * spec.sample_rate / self._stft.hop)
        self._where = Whereabouts(renderer.device_rate, spec.sample_rate)
        self._joiner = Joiner(
            renderer, latent, self._roster, self._where, pace, self._frames, clock
        )

    @property
    def patience(self) -> float | None:
        """Seconds until another look, when there was nothing to do; None: no voice sounds."""
        lives = self._roster.lives.values()
        if any(life.render.stops or (life.following and not life.is_open) for life in lives):
            return IMPATIENT
        if any(life.following for life in lives):
            return ALERT
        return PATIENT if lives else None

    def begin_anew(self) -> None:
        """From now on held notes walk as those of a piece do that begins now."""
        self._roster.begin_anew()

    def are_settled(self) -> bool:
        """Whether no worker makes what a voice goes on in."""
        lives = self._roster.lives.values()
        renders = (render for life in lives for render in (life.render, life.following))
        return not any(render is not None and render.in_hand for render in renders)

    def follow(self) -> None:
        """Look who sounds, and how far they have come: what follows is about these voices."""
        self._records = self._roster.follow()
        for record in self._records:
            self._tell_in_time(record)

    def dry(self) -> Render | None:
        """The continuation whose next slice can wait for nothing else, if there is one."""
        # Where slices take long, those of all voices must be made in time, by two threads.
        return self._driest(max(DRY, len(self._records) * self._pace.lead / 2))

    def _driest(self, least: float) -> Render | None:
        """The continuation with the least sound ahead of its voice, if less than `least` seconds.

        A moving knob replaces most continuations before that: it is not made any earlier.
        """
        driest = None
        for record in self._records:
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
        needs = (need for record in self._records for need in self._needs(record, target))
        need = min(needs, default=None, key=lambda need: need[:3])
        if need is not None and need.rank < IN_GOOD_TIME and (render := self._place(need)):
            return render
        if urgent:
            return None
        if render := self._driest(NEARLY_DRY):
            return render
        return None if need is None else self._place(need)

    def replay(self, arrivals: Mapping[int, deque[Arrival]]) -> Render | None:
        """Begin the next continuation that `arrivals` (by serial, in order) tells of."""
        for record in self._records:
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
        left = self._where.seconds_until(record, old, new.start)
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
        slices = SLICES if self._pace.lead < QUICK else SLICES[1:]
        stops = [stop for stop in slices if stop < self._frames] + [self._frames]
        assert life.render.passage is not None  # noqa: S101
        begin = partial(self._joiner.begin, life, life.render.passage, need, stops[0])
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
        if life is None or life.render.passage is None or record["stays"]:
            return
        if life.following is not None and not (life.is_open and life.goes_on_as_it_is):
            return
        passage = life.render.passage
        newest = newest_start(passage.tape, self._stft)
        soonest = self._where.soonest(record, passage, self._pace.lead)
        in_time = passage.start + SPACING * self._stft.hop <= soonest <= newest
        turns = in_time and record["stage"] != RELEASE and target != life.timbre
        if turns and not self._failures.is_paused(OfVoice(target, serial)):
            yield Need(1, life.turn, serial, target, None)
        if life.following is not None or self._failures.is_paused(OfVoice(life.timbre, serial)):
            return
        left = self._where.seconds_until(record, passage, passage.end)
        pressing = left < PRESSING * self._seconds
        # Seconds of the note, not of the clock: a key that plays its render fast needs no more.
        to_go = passage.end / self._where.rate - position(record, passage) / self._where.device_rate
        soon = to_go < AHEAD * self._seconds
        if (pressing or soon) and passage.end <= newest:
            rank = 0 if pressing else IN_GOOD_TIME
            yield Need(rank, left, serial, life.timbre, max(passage.end, soonest))

    def _ahead(self, record: Record, render: Render) -> float:
        """Seconds of sound that a voice still has in what it plays and goes on in."""
        playing = self._roster.lives[int(record["serial"])].render.passage
        assert playing is not None  # noqa: S101
        assert render.passage is not None  # noqa: S101
        samples = render.passage.base + render.ready - position(record, playing)
        return self._where.seconds_for(record, samples)

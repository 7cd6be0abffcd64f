"""Sounding voices: each goes on in the newest blend, and for as long as it is held.

When the blend has moved, or a voice's samples come to an end, a continuation is begun that takes
over at a sample that still lies ahead; when its first slice is there, the machine is told to swap.
One continuation of a voice is under way at a time, always towards the newest blend: steps of a knob
that came in between are never made. A released note fades in the timbre that it has.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from math import inf

from gansynth_live.kernel.machine import Machine
from gansynth_live.render.continuation.continuation import OVERLAP, Continuation
from gansynth_live.render.continuation.estimate import FIRST_PART, RESTS_AT
from gansynth_live.render.continuation.passage import Passage, newest_start
from gansynth_live.render.continuation.zone import Zone
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.slots.pool import Pool
from gansynth_live.render.slots.render import Job, Join, Keep, OfVoice, Owner, Render
from gansynth_live.render.voices.lead_time import LeadTime
from gansynth_live.render.voices.policy import Need, Policy, Rank
from gansynth_live.render.voices.tracker import OnVoiceSwitch, VoiceSwitch, VoiceTracker
from gansynth_live.render.voices.view import Timing, VoiceView

NEARLY_DRY, DRY = 0.25, 0.12  # seconds of sound left: the next slice comes soon; comes first
SLICES = (FIRST_PART, RESTS_AT, 60)  # frames of a continuation's parts: 0.25 s, 0.9 s, 2 s
# Seconds of lead up to which first parts are short. A slower model needs the time that a short part
# lasts for the next part of another voice.
QUICK = 0.08
TOLD_AHEAD = 0.08  # seconds, and twice the lead: so long before its join a continuation is final
IMPATIENT, ALERT, PATIENT = 0.004, 0.02, 0.1  # seconds: a voice goes on, soon will, just sounds


class Voices:
    """All sounding voices of a machine. Not locked: the scheduler does that.

    Args:
        is_paused: whether an owner's last job has failed and is not yet to be tried again.
        clock: seconds, rising.
        switched: told whenever a voice began, or went on in another render.

    Attributes:
        timing: of the machine and the model.
        length: of a continuation, in frames of the model.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        pool: Pool,
        is_paused: Callable[[Owner], bool],
        lead: LeadTime,
        clock: Callable[[], float],
        switched: OnVoiceSwitch | None = None,
    ) -> None:
        stft, rate = renderer.locked.stft, renderer.locked.sample_rate
        self.timing = Timing(renderer.device_rate, rate)
        room = (machine.slots.frames - OVERLAP) / machine.sample_rate
        self.length = int(room * rate / stft.hop)
        self._machine = machine
        self._lead = lead
        self._clock = clock
        self._stft = stft
        self._numbers = count(1)
        self._tracker = VoiceTracker(machine, pool, Zone.of(stft), lead, switched)
        self._policy = Policy(stft, self.timing, is_paused)

    @property
    def patience(self) -> float | None:
        """Seconds until another look, when there was nothing to do; None: no voice sounds."""
        voices = self._tracker.voices
        if any(each.render.stops or (each.following and not each.is_open) for each in voices):
            return IMPATIENT
        if any(each.following for each in voices):
            return ALERT
        return PATIENT if voices else None

    def sounding(self) -> list[tuple[Timbre, int]]:
        """Timbre and pitch of each voice, without the same ones again."""
        voices = self._tracker.voices
        return list(dict.fromkeys((voice.timbre, voice.render.pitch) for voice in voices))

    def begin_anew(self) -> None:
        """From now on held notes walk as those of a piece do that begins now."""
        self._tracker.begin_anew()

    def are_settled(self) -> bool:
        """Whether no worker makes what a voice goes on in."""
        renders = ((voice.render, voice.following) for voice in self._tracker.voices)
        return not any(render and render.claimed for both in renders for render in both)

    def follow(self) -> None:
        """Look who sounds, and how far they have come: what follows is about these voices."""
        self._tracker.update()
        for view in self._tracker.views:
            self._tell_in_time(view)

    def dry(self) -> Render | None:
        """The continuation whose next slice can wait for nothing else, if there is one."""
        # First both threads may be busy; then the slices of all voices must be made in time.
        whole = self._lead.busy + len(self._tracker.views) * self._lead.whole / 2
        return self._driest(max(DRY, whole))

    def next(self, targets: Sequence[Timbre], *, urgent: bool = False) -> Iterator[Render | Job]:
        """Continuations to begin, or to go on with, the most urgent first.

        Args:
            targets: what the voices of each part should turn to.
            urgent: only what a voice waits for: not what is in good time.
        """
        lead, needs = self._lead.whole, list[Need]()
        for view in self._tracker.views:
            if voice := self._tracker.get(view.serial):
                needs += self._policy.needs(view, voice, targets[view.part], lead)
        need = min(needs, default=None, key=lambda need: need[:3])
        if need is not None and need.rank < Rank.IN_GOOD_TIME:
            yield self._job(need)
        if urgent:
            return
        if render := self._driest(NEARLY_DRY):
            yield render
        if need is not None and need.rank == Rank.IN_GOOD_TIME:
            yield self._job(need)

    def replay(self, switches: Mapping[int, deque[VoiceSwitch]]) -> Iterator[Job]:
        """The next continuation that `switches` (by serial, in order) tell of."""
        for view in self._tracker.views:
            voice, coming = self._tracker.get(view.serial), switches.get(view.serial)
            if voice is None or voice.following is not None or voice.passage is None or not coming:
                continue
            if coming[0].start <= newest_start(voice.passage.tape, self._stft):
                switch = coming.popleft()
                yield self._job(Need(Rank.PRESSING, 0, view.serial, switch.timbre, switch.start))

    def begun(self, serial: int, render: Render) -> None:
        """The continuation of a note has its place: the voice will go on in nothing else."""
        voice = self._tracker[serial]
        self._tracker.drop(voice)
        voice.following, voice.told = render, False
        voice.begun = next(self._numbers)

    def grown(self, serial: int, render: Render) -> None:
        """More of a continuation is ready: with its first slice the voice may go on in it."""
        if not self._tracker.is_wanted(serial, render):
            return
        voice = self._tracker[serial]
        if render is not voice.following or voice.told:
            return
        if render.prepared_at is not None:
            seconds = render.prepared_at - render.begun_at, self._clock() - render.prepared_at
            self._lead.record(*seconds)
        view = next((each for each in self._tracker.views if each.serial == serial), None)
        if view is not None and (now := self._tracker.look(view)) is not None:
            self._tell_in_time(now)

    def _job(self, need: Need) -> Job:
        voice = self._tracker[need.serial]
        view = next(each for each in self._tracker.views if each.serial == need.serial)
        assert voice.passage is not None  # noqa: S101 (a need has one)
        turns = need.timbre != voice.timbre
        join = Join(view.voice, voice.walk, voice.passage, need.start, turns)
        slices = SLICES if self._lead.whole < QUICK else SLICES[1:]
        stops = (*(stop for stop in slices if stop < self.length), self.length)
        owner = OfVoice(need.timbre, need.serial)
        deadline = self._clock() + (need.order if need.rank != Rank.TURN else 0.0)
        return Job(owner, voice.render.pitch, stops, Keep.SOUNDING, deadline, view.part, join)

    def _driest(self, least: float) -> Render | None:
        """The continuation with the least sound ahead of its voice, if less than `least` seconds.

        A moving knob replaces most continuations before that: it is not made any earlier.
        """
        driest = None
        for view in self._tracker.views:
            voice = self._tracker.get(view.serial)
            render = voice.newest if voice is not None else None
            if voice is None or render is None or not render.stops or render.claimed:
                continue
            if (ahead := self._ahead(view, voice.passage, render)) < least:
                driest, least = render, ahead
        return driest

    def _ahead(self, view: VoiceView, playing: Passage | None, render: Render) -> float:
        """Seconds of sound that a voice still has in what it plays and goes on in."""
        if playing is None or render.passage is None:
            return inf
        samples = render.passage.base + render.ready - self.timing.place(view, playing)
        return self.timing.seconds_for(view, samples)

    def _tell_in_time(self, view: VoiceView) -> None:
        """Tell the machine what a voice goes on in; more of the same not before it must be known.

        Until then the blend may still move.
        """
        voice = self._tracker.get(view.serial)
        if voice is None or not voice.is_open or voice.following is None:
            return
        old, new = voice.passage, voice.following.passage
        if old is None or not isinstance(new, Continuation):
            return
        left = self.timing.seconds_until(view, old, new.start)
        if voice.goes_on_as_it_is and left > TOLD_AHEAD + 2 * self._lead.whole:
            return
        at, start = new.joint - old.base, new.joint - new.base
        slots = voice.render.slot, at, voice.following.slot, start
        voice.told = self._machine.swap(view.voice, view.serial, *slots)
        if not voice.told:
            self._tracker.drop(voice)

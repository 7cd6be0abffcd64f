"""The cache for a piece that is known from start to end: every note finds its own timbre's render.

`plan_notes` walks the messages once and writes down which note needs which timbre. `Lookahead`
renders the plan some way ahead of the performance, `reach` lets keys change over exactly where the
plan says, and `follow` lets sounding voices go on. Whole notes only, and no clock but that of the
piece: the same plan gives the same sound.
"""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import inf
from typing import NamedTuple, Self, TypeAlias

from gansynth_live.errors import UsageError
from gansynth_live.kernel.machine import Machine
from gansynth_live.midi.messages import Event
from gansynth_live.render.agenda import Wish
from gansynth_live.render.cache import NoteCache
from gansynth_live.render.failures import OfKey, OfVoice
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.pace import Pace
from gansynth_live.render.patient import LEAD_FRAMES, Note, bring_on, wait_for_note
from gansynth_live.render.pool import LatentOf, Render, Timbre, VibratoOf, no_vibrato
from gansynth_live.render.priority import Hands
from gansynth_live.render.roster import Arrival
from gansynth_live.render.voices import Voices
from gansynth_live.render.workers import Workers

FARTHEST = 128  # notes ahead: evens out dense passages, and bounds the memory that a piece takes

# Given the voices and the time in seconds: the next continuation, begun; None when that is all.
BringOn: TypeAlias = Callable[[Voices, float], Render | None]


class PlannedNote(NamedTuple):
    """A note-on and what it is to sound like."""

    frame: int
    key: int
    timbre: Timbre


def plan_notes(
    events: Iterable[tuple[int, Event]], timbre_after: Callable[[Event], Timbre]
) -> list[PlannedNote]:
    """The note-ons among `events` (frame, message; in order), each with the timbre in force.

    `timbre_after` is told every message in order and answers with the timbre that holds after it:
    it may keep controller positions, or look only at the time.
    """
    plan = []
    for frame, event in events:
        timbre = timbre_after(event)
        if event.is_note_on:
            plan.append(PlannedNote(frame, event.data1, timbre))
    return plan


def towards(timbre_at: Callable[[float], Timbre]) -> BringOn:
    """Voices turn to the timbre in force at each moment (seconds); None: they stay as they are."""
    return lambda voices, seconds: voices.next(timbre_at(seconds))


def as_it_was(arrivals: Iterable[Arrival]) -> BringOn:
    """Voices go on where they went on in a performance that reported its `arrivals`."""
    coming: dict[int, deque[Arrival]] = defaultdict(deque)
    for arrival in arrivals:
        if arrival.start > 0:
            coming[arrival.serial].append(arrival)
    return lambda voices, _seconds: voices.replay(coming)


class Lookahead:
    """Renders a plan ahead of its performance: the agenda of a `NoteCache`.

    For each block: `follow` its beginning, `reach` its end, send its messages, process it. Memory
    stays within the machine's slots however long the piece is: the render whose next use lies
    farthest ahead makes room first. As a context it starts its threads and stops them.

    Args:
        plan: in order of frames.
        bring_on: how sounding voices go on: `towards` a blend, or `as_it_was`.
        workers: number of render threads; 0: one for each core, since no callback needs one.
        vibrato: of a timbre; asked by render threads.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: LatentOf,
        plan: Sequence[PlannedNote],
        bring_on: BringOn,
        workers: int = 0,
        vibrato: VibratoOf = no_vibrato,
    ) -> None:
        self._seconds = 0.0  # of the piece
        pace = Pace(LEAD_FRAMES / machine.sample_rate)
        self._cache = NoteCache(
            machine,
            renderer,
            latent,
            self,
            clock=lambda: self._seconds,
            pace=pace,
            vibrato=vibrato,
        )
        self._rate = machine.sample_rate
        self._bring_on = bring_on
        threads = workers or os.cpu_count() or 1
        self._hands_on = ThreadPoolExecutor(threads, "continue")
        hands = Hands(self._cache.low, self._cache.high)
        self._plan = plan
        self._notes: list[Note] = [(note.timbre, hands.pitch_of(note.key)) for note in plan]
        self._reached = 0  # notes of the plan that have been performed
        self._uses: dict[Note, deque[int]] = defaultdict(deque)  # places in the plan still to come
        for place, note in enumerate(self._notes):
            self._uses[note].append(place)
        self._workers = Workers(self._cache, threads)

    def __enter__(self) -> Self:
        self._workers.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.stop()
        self._hands_on.shutdown()

    @property
    def rendered(self) -> int:
        """Notes rendered so far."""
        return self._cache.tally.rendered

    def reach(self, frame: int) -> None:
        """Let each note-on before `frame` find its render; waits for those still being made.

        Raises:
            UsageError: the slots do not suffice for what sounds at once.
            RenderError: no render thread is left.
            Exception: what a render that the plan needs failed with.
        """
        while self._reached < len(self._plan) and self._plan[self._reached].frame < frame:
            self._perform(self._notes[self._reached], self._plan[self._reached].frame)

    def follow(self, frame: int) -> None:
        """Let the voices that sound at `frame` go on, as far as the next blocks need it.

        Raises:
            Exception: what a continuation failed with.
        """
        self._seconds = frame / self._rate
        voices = self._cache.voices
        bring_on(self._cache, self._hands_on, lambda: self._bring_on(voices, self._seconds))
        for owner in self._cache.failures:
            if isinstance(owner, OfVoice) and (error := self._cache.failures.error_of(owner)):
                raise error

    def pressing(self) -> None:
        """Voices are brought on by `follow` (see `Agenda`)."""

    def continuation(self, _urgent: bool) -> None:
        """Voices are brought on by `follow` (see `Agenda`)."""

    def awaited(self) -> tuple[()]:
        """Nobody waits: time does (see `Agenda`)."""
        return ()

    def wishes(self) -> Iterator[Wish]:
        """The next notes of the plan (see `Agenda`)."""
        window = self._notes[self._reached : self._reached + FARTHEST]
        for place, (timbre, pitch) in enumerate(window, self._reached):
            yield Wish(timbre, pitch, worth=-float(place))

    def grown(self, render: Render) -> None:
        """Nothing is listed before the plan reaches it (see `Agenda`)."""

    def _perform(self, note: Note, frame: int) -> None:
        cache = self._cache
        render = wait_for_note(cache, note)
        with cache.changing():
            if error := cache.failures.error_of(OfKey(*note)):
                raise error
            if render is None:
                raise UsageError(
                    f"{cache.pool.size} notes of cache do not suffice for what sounds at once in "
                    "this piece; give it more memory ([cache] megabytes)"
                )
            uses = self._uses[note]
            uses.popleft()
            render.worth = -float(uses[0]) if uses else -inf
            if cache.listing.of(render.pitch) is not render:
                cache.listing.show(render, cache.clock(), frame)
            self._reached += 1

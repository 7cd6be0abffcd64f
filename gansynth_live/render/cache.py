"""The note cache: what is rendered, what keys start from, and what a worker should do next.

One cache serves the stage and the file: an agenda says which notes are wanted and when keys
change over (`live.LiveCache`, `offline.Lookahead`). Every decision is made under one lock, every
sample is made outside it; nothing here waits for a render except who asks to.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import inf
from threading import Condition, Lock

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import RenderError, UsageError
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.agenda import Agenda, Wish
from gansynth_live.render.failures import Failures, OfKey, OfVoice, Owner, reason
from gansynth_live.render.listing import Listing
from gansynth_live.render.note import NoteRenderer, NoteStream, stops_after
from gansynth_live.render.pace import Pace
from gansynth_live.render.pool import (
    LatentOf,
    Pool,
    Render,
    Timbre,
    VibratoOf,
    megabytes_for,
    no_vibrato,
)
from gansynth_live.render.roster import Arrival, Arrived, Continued, is_continued, timbre_of
from gansynth_live.render.samples import NonFiniteSoundError
from gansynth_live.render.voices import NEARLY_DRY, Voices

log = logging.getLogger(__name__)

RETRY = 0.02  # seconds: the callback frees slots and takes commands without telling
SPARE_SLOTS = 3  # beyond one for each pitch: the new renders that keys change over to


@dataclass
class Tally:
    """What happened so far."""

    rendered: int = 0
    failed: int = 0
    non_finite: int = 0  # of those, refused for NaN or Inf
    faults: int = 0  # of render threads, outside any render
    render_seconds: float = 0.0  # work on the finished ones, all slices


class NoteCache:
    """Renders, and the worker's side of making them.

    Args:
        report: told once about each cause of failed renders, by the worker that met it.
        clock: seconds, rising.
        pace: of the continuations of sounding voices.
        arrived: told whenever a voice began, or went on in another render (see `Roster`); in
            order, by one thread at a time, which does not hold the lock.
        vibrato: of a timbre; it goes with each render, so a voice swings as what it plays.

    Attributes:
        failures: what could not be made lately.
        fault: why nothing can be rendered any more; None: it can.

    Raises:
        UsageError: the machine has too few slots to change every key over.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: LatentOf,
        agenda: Agenda,
        report: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        pace: Pace | None = None,
        arrived: Arrived | None = None,
        vibrato: VibratoOf = no_vibrato,
    ) -> None:
        spec = renderer.generator.spec
        self.low, self.high = spec.low_pitch, spec.high_pitch
        self.machine = machine
        self.renderer = renderer
        self.clock = clock
        self.pool = Pool(machine)
        self.failures = Failures(clock)
        self.fault: RenderError | None = None
        self._arrived = arrived
        self._arrivals: deque[Arrival] = deque()  # that have not been told yet
        self._telling = Lock()
        note = None if arrived is None else self._arrivals.append
        self.pace = pace or Pace()
        self.voices = Voices(
            machine, renderer, latent, self.pool, self.failures, self.pace, clock, note
        )
        self.listing = Listing(machine, self.low, self.high)
        self.tally = Tally()
        self.short_of_slots = False
        self._latent = latent
        self._vibrato = vibrato
        self.agenda = agenda
        self._report = report
        self._closed = False
        self._changes = 0  # that may give a worker something to do
        self._condition = Condition()
        if self.pool.size < (least := spec.pitches + SPARE_SLOTS):
            raise UsageError(
                f"the note cache holds {self.pool.size} notes, but this model needs {least}; set "
                f"[cache] megabytes to {megabytes_for(least, renderer.note_bytes)} or more"
            )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; afterwards everybody who waits looks again."""
        with self._condition:
            yield
            self._changes += 1
            self._condition.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the lock."""
        with self._condition:
            yield

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until `predicate` (called with the lock held) is true; False on timeout.

        Raises:
            RenderError: no render thread is left that could make it true.
        """
        with self._condition:
            self._condition.wait_for(lambda: predicate() or self.fault is not None, timeout)
            if not (came := predicate()) and self.fault is not None:
                raise self.fault
            return came

    def is_closed_within(self, seconds: float) -> bool:
        """Wait so long, unless it is closed before."""
        with self._condition:
            return self._condition.wait_for(lambda: self._closed, seconds)

    def stumble(self, error: Exception) -> None:
        """Count what a worker met outside any render; told once."""
        with self.changing():
            self.tally.faults += 1
            new = self.failures.is_news(error)
        log.info("a fault outside any render", exc_info=error if new else None)
        if new and self._report is not None:
            self._report(f"a render thread stumbled: {reason(error)}")

    def abandon(self, error: BaseException) -> None:
        """The last worker has given up: whoever waits for a render learns why it will not come."""
        with self.changing():
            self.fault = RenderError(f"notes can no longer be rendered: {reason(error)}")

    def close(self) -> None:
        """Let workers end after the slice that they are in."""
        with self.changing():
            self._closed = True

    def take(self, on_call: bool = False) -> Render | None:
        """Wait for something to do and take it (see `poll`); None when closed. Thread: workers."""
        while True:
            seen = self._changes
            if self._closed:
                return None
            if (render := self.poll(on_call)) is not None:
                return render
            with self._condition:
                if self._changes == seen:
                    settled = not self.short_of_slots and self.listing.tell_refused()
                    self._condition.wait(self._patience if settled else RETRY)

    @property
    def _patience(self) -> float | None:
        """Seconds until another look, when there was nothing to do; None: until something is."""
        seconds = self.failures.seconds_to_next_try
        if self.voices.patience is not None:
            seconds = min(seconds, self.voices.patience)
        return None if seconds == inf else max(seconds, RETRY / 10)

    def poll(self, on_call: bool = False) -> Render | None:
        """The render whose next slice is most urgent, now in the caller's hand; None if none is.

        Args:
            on_call: only what is for notes that sound, or wait to.
        """
        with self._condition:
            self.listing.tell_refused()
            self.voices.follow()
            if (render := self._most_urgent(on_call)) is not None:
                in_hand(render)
        self._tell_arrivals()
        return render

    def take_all(self, next_one: Callable[[], Render | None]) -> list[Render]:
        """All that `next_one`, called with the lock held, comes up with, in the caller's hand."""
        with self._condition:
            taken = [in_hand(render) for render in iter(next_one, None)]
        self._tell_arrivals()
        return taken

    def _tell_arrivals(self) -> None:
        while self._arrived and self._arrivals and self._telling.acquire(blocking=False):
            try:
                while self._arrivals:
                    self._arrived(self._arrivals.popleft())
            finally:
                self._telling.release()

    def work(self, render: Render) -> None:
        """Make the next slice of a render that the calling thread took."""
        began = self.clock()
        try:
            samples, gain = self._next_slice(render)
            self.machine.fill(render.slot, samples)
        except Exception as error:  # a broken render must not end the worker
            self._give_up(render, error)
            return
        if gain is not None and not is_continued(render):  # a held voice waits for the next one
            self.machine.finish(render.slot)
        with self.changing():
            render.in_hand = False
            render.ready += samples.size
            if gain is not None:
                self.failures.forget(owner_of(render))
                render.gain = gain
                render.finished = True
                render.stream = None
            if is_continued(render):
                self.voices.grown(render)
                return
            self.tally.render_seconds += self.clock() - began
            self.tally.rendered += render.finished
            self.agenda.grown(render)

    def _next_slice(self, render: Render) -> tuple[NDArray[np.float32], float | None]:
        """Samples [m] of the next slice, and the level correction if it is the last."""
        if render.stream is None:
            assert render.begin is not None  # noqa: S101
            self.machine.begin_slot(render.slot, self._vibrato(timbre_of(render)))
            render.stream, render.begin = render.begin(), None
            render.passage = render.stream.passage
        samples = render.stream.advance(render.goal)
        return samples, None if render.stops else render.stream.gain()

    def _most_urgent(self, on_call: bool) -> Render | None:
        """What runs dry, what a note waits for, what a voice goes on in, and then the rest."""
        if render := self.agenda.pressing():
            return render
        started = [
            render
            for render in self.pool.growing()
            if render.stops and not (render.in_hand or is_continued(render))
        ]
        if on_call:
            started = [render for render in started if self._lead(render) < inf]
        thirsty = min(started, key=self._lead, default=None)
        if thirsty is not None and self._lead(thirsty) < NEARLY_DRY:
            return thirsty
        awaited = next(filter(self._is_new, self.agenda.awaited()), None)
        if awaited is not None:
            return self._begin(awaited) or thirsty
        if render := self.agenda.continuation(on_call) or thirsty:
            return render
        if on_call:
            return None
        wishes = filter(self._is_new, self.agenda.wishes())
        if (first := next(wishes, None)) is None:
            self.short_of_slots = False
            return None
        return self._begin_any(chain([first], wishes))

    def _begin_any(self, wishes: Iterable[Wish]) -> Render | None:
        """Begin the first wish that has room; one that has none stops only what is worth less."""
        refused = -inf
        for wish in wishes:
            if wish.worth > refused:
                if render := self._begin(wish):
                    return render
                refused = wish.worth
        return None

    def _is_new(self, wish: Wish) -> bool:
        if self.failures.is_paused(OfKey(wish.timbre, wish.pitch)):
            return False
        return self.pool.find(wish.timbre, wish.pitch) is None

    def _begin(self, wish: Wish) -> Render | None:
        frames = self.renderer.frames
        sliced = wish.sliced or self.voices.patience is not None  # so that voices can come between
        stops = stops_after(0, frames) if sliced else [frames]
        begin = partial(self._first_sound, wish.timbre, wish.pitch)
        render = self.pool.place(wish.timbre, wish.pitch, stops, wish.worth, begin)
        if render is not None:
            render.awaited = wish.awaited
        elif not self.short_of_slots:
            self._condition.notify_all()  # who waits for this render should know
        self.short_of_slots = render is None
        return render

    def _first_sound(self, timbre: Timbre, pitch: int) -> NoteStream:
        return self.renderer.begin(self._latent(timbre, pitch), pitch)

    def _lead(self, render: Render) -> float:
        """Seconds until a note that waits for this render, or plays it, has nothing to play."""
        if render.listed_at is None:
            return 0.0 if render.awaited and self.listing.of(render.pitch) is None else inf
        return render.ready / self.renderer.device_rate - (self.clock() - render.listed_at)

    def _give_up(self, render: Render, error: Exception) -> None:
        self.machine.finish(render.slot)
        with self.changing():
            self.listing.hide(render)
            self.pool.remove(render)
            self.tally.failed += 1
            self.tally.non_finite += isinstance(error, NonFiniteSoundError)
            new = self.failures.is_news(error)
            self.failures.add(owner_of(render), error)
        what = f"key {render.pitch} of {render.timbre}"
        log.info("%s could not be rendered", what, exc_info=error if new else None)
        if new and self._report is not None:
            self._report(f"{what} could not be rendered and is tried again: {reason(error)}")


def owner_of(render: Render) -> Owner:
    """Whom a render is made for."""
    if isinstance(render.timbre, Continued):
        return OfVoice(render.timbre.timbre, render.timbre.serial)
    return OfKey(render.timbre, render.pitch)


def in_hand(render: Render) -> Render:
    """The render, with its next slice given to the caller."""
    render.in_hand = True
    render.goal = render.stops.pop(0)
    return render

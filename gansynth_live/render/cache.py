"""The note cache: what is rendered, what keys start from, and what a worker should do next.

One cache serves the stage and the file: an agenda says which notes are wanted and when keys
change over (`live.LiveCache`, `offline.Lookahead`). Every decision is made under one lock, every
sample is made outside it; nothing here waits for a render except who asks to.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from threading import Condition
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.listing import Listing
from gansynth_live.render.note import NonFiniteSoundError, NoteRenderer, stops_after
from gansynth_live.render.pool import LatentOf, Pool, Render, Timbre, megabytes_for

NEARLY_DRY = 0.25  # seconds of sound ahead of a note below which its next slice comes first
RETRY = 0.02  # seconds: the callback frees slots and takes commands without telling
SPARE_SLOTS = 3  # beyond one for each pitch: the new renders that keys change over to


class Wish(NamedTuple):
    """A note that should be in the cache."""

    timbre: Timbre
    pitch: int
    worth: float  # the render may take the slot of one that is worth less
    awaited: bool = False  # a note waits for its first sound: nothing but a dry voice comes before
    sliced: bool = False  # make it in slices, so that awaited notes can come in between


class Agenda(Protocol):
    """What is wanted, and when keys change over. Called with the cache's lock held."""

    def wishes(self) -> Iterable[Wish]:
        """Wanted notes, the most urgent first; those that exist are skipped by the cache."""
        ...

    def grown(self, render: Render) -> None:
        """More of a render is ready."""
        ...


@dataclass
class Tally:
    """What happened so far."""

    rendered: int = 0
    failed: int = 0
    non_finite: int = 0  # of those, refused for NaN or Inf
    render_seconds: float = 0.0  # work on the finished ones, all slices


class NoteCache:
    """Renders, and the worker's side of making them.

    Args:
        report: told once about each kind of failed render, by the worker that met it.
        clock: seconds, rising.

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
    ) -> None:
        spec = renderer.generator.spec
        self.low, self.high = spec.low_pitch, spec.high_pitch
        self.machine = machine
        self.renderer = renderer
        self.clock = clock
        self.pool = Pool(machine)
        self.listing = Listing(machine, self.low, self.high)
        self.tally = Tally()
        self.failed: dict[tuple[Timbre, int], Exception] = {}
        self.short_of_slots = False
        self._latent = latent
        self._agenda = agenda
        self._report = report
        self._reported: set[str] = set()
        self._closed = False
        self._condition = Condition()
        if self.pool.size < (least := spec.pitches + SPARE_SLOTS):
            raise UsageError(
                f"the note cache holds {self.pool.size} notes, but this model needs {least}; set "
                f"[cache] megabytes to {megabytes_for(least, machine.slot_frames)} or more"
            )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; afterwards everybody who waits looks again."""
        with self._condition:
            yield
            self._condition.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the lock."""
        with self._condition:
            yield

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until `predicate` (called with the lock held) is true; False on timeout."""
        with self._condition:
            return self._condition.wait_for(predicate, timeout)

    def sounding_pitches(self) -> set[int]:
        """Pitches of the renders that voices play now."""
        slots = np.flatnonzero(self.machine.memory.users)
        renders = (self.pool.at(int(slot)) for slot in slots)
        return {render.pitch for render in renders if render is not None}

    def close(self) -> None:
        """Let workers end after the slice that they are in."""
        with self.changing():
            self._closed = True

    def take(self) -> Render | None:
        """Wait for something to do and take it (see `poll`); None when closed. Thread: workers."""
        with self._condition:
            while not self._closed:
                if (render := self.poll()) is not None:
                    return render
                settled = not self.short_of_slots and self.listing.tell_refused()
                self._condition.wait(None if settled else RETRY)
        return None

    def poll(self) -> Render | None:
        """The render whose next slice is most urgent, now in the caller's hand; None if none is."""
        with self._condition:
            self.listing.tell_refused()
            render = self._most_urgent()
            if render is not None:
                render.in_hand = True
            return render

    def work(self, render: Render) -> None:
        """Make the next slice of a render that the calling thread took."""
        began = self.clock()
        try:
            samples, gain = self._next_slice(render)
            self.machine.fill(render.slot, render.ready, samples)
        except Exception as error:  # a broken render must not end the worker
            self._give_up(render, error)
            return
        if gain is not None:
            self.machine.finish(render.slot)
        with self.changing():
            render.in_hand = False
            render.ready += samples.size
            self.tally.render_seconds += self.clock() - began
            if gain is not None:
                render.gain = gain
                render.finished = True
                render.stream = None
                self.tally.rendered += 1
            self._agenda.grown(render)

    def _next_slice(self, render: Render) -> tuple[NDArray[np.float32], float | None]:
        """Samples [m] of the next slice, and the level correction if it is the last."""
        if render.stream is None:
            self.machine.begin_slot(render.slot)
            render.stream = self.renderer.begin(self._latent(render.timbre), render.pitch)
        samples = render.stream.advance(render.stops.pop(0))
        return samples, None if render.stops else render.stream.gain()

    def _most_urgent(self) -> Render | None:
        started = [r for r in self.pool if r.stops and not r.in_hand]
        thirsty = min(started, key=self._lead, default=None)
        if thirsty is not None and self._lead(thirsty) < NEARLY_DRY:
            return thirsty
        for wish in self._agenda.wishes():
            if thirsty is not None and not wish.awaited:
                break
            if (wish.timbre, wish.pitch) in self.failed or self.pool.find(wish.timbre, wish.pitch):
                continue
            return self._begin(wish) or thirsty
        self.short_of_slots = False
        return thirsty

    def _begin(self, wish: Wish) -> Render | None:
        frames = self.renderer.frames
        stops = stops_after(0, frames) if wish.sliced else [frames]
        render = self.pool.place(wish.timbre, wish.pitch, stops, wish.worth)
        if render is not None:
            render.awaited = wish.awaited
        elif not self.short_of_slots:
            self._condition.notify_all()  # who waits for this render should know
        self.short_of_slots = render is None
        return render

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
            self.failed[render.timbre, render.pitch] = error
            self.tally.failed += 1
            self.tally.non_finite += isinstance(error, NonFiniteSoundError)
            kind = type(error).__name__
            new = kind not in self._reported
            self._reported.add(kind)
        if new and self._report is not None:
            self._report(f"key {render.pitch} of {render.timbre} could not be rendered: {error}")

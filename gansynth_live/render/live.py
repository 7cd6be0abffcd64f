"""The cache on stage: the knob aims at a blend, the hands say which keys come first."""

import time
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from gansynth_live.model.runtime import default_threads
from gansynth_live.render.cache import NoteCache, Wish
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.pool import Render
from gansynth_live.render.priority import Hands
from gansynth_live.render.snapshot import Found, RenderSnapshot, take_snapshot
from gansynth_live.render.workers import Workers

T = TypeVar("T", bound=Hashable)  # what the knob chooses: a Blend


class LiveCache(Generic[T]):
    """Keeps every key playable and lets it follow the newest blend: the agenda of a `NoteCache`.

    Methods are for the control thread; none waits for a render, except `wait_until_ready`.

    Args:
        latent: the latent [latent_size] of a blend; asked by render threads.
        first: the blend to begin with.
        report: told once about each kind of failed render, by a render thread.
        workers: number of render threads; 0: all cores but one.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: Callable[[T], NDArray[np.float32]],
        first: T,
        *,
        report: Callable[[str], None],
        workers: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cache = NoteCache(machine, renderer, latent, self, report, clock)
        self.hands = Hands(self.cache.low, self.cache.high)
        self._target = first
        self._turn = 1.0  # rises with each aim: renders of newer blends are worth more
        self._pending: dict[int, None] = {}  # pitches that a note waits for
        self._found = Found()
        self._workers = Workers(self.cache, workers or default_threads())

    @property
    def target(self) -> T:
        """The newest blend."""
        return self._target

    def start(self) -> None:
        """Begin to render."""
        self._workers.start()

    def stop(self, seconds: float = 5.0) -> bool:
        """Stop rendering; False if a thread did not end in time. Keys keep what they have."""
        return self._workers.stop(seconds)

    def aim(self, blend: T) -> None:
        """Make `blend` the newest. Keys that have it cached change over now, others in time."""
        if blend == self._target:
            return
        cache, now = self.cache, self.cache.clock()
        with cache.changing():
            for render in cache.pool.renders_of(self._target):
                render.stale_since = now
            self._target = blend
            self._turn += 1.0
            cache.failed.clear()
            for render in cache.pool.renders_of(blend):
                render.stale_since = None
                render.worth = self._turn
                if render.finished:
                    self._show(render)

    def note_on(self, key: int) -> None:
        """A key went down (notice NOTE_ON)."""
        with self.cache.changing():
            self.hands.press(key)
            pitch = self.hands.pitch_of(key)
            listed = self.cache.listing.of(pitch)
            if listed is None:
                self._await(pitch)
                self._found.nothing += 1
            elif listed.timbre == self._target:
                self._found.newest += 1
            else:
                self._found.older += 1

    def note_off(self, key: int) -> None:
        """A key came up (notice NOTE_OFF)."""
        with self.cache.reading():
            self.hands.release(key)

    def wait_until_ready(
        self,
        progress: Callable[[int, int], None] | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Wait until all keys can be played; False if `timeout` (seconds) passes first.

        A key whose render failed does not hold the others up. `progress` is told (pitches that are
        ready, pitches) as they come.
        """
        pitches = self.cache.high - self.cache.low + 1
        deadline = None if timeout is None else self.cache.clock() + timeout
        settled = 0
        while settled < pitches:
            left = None if deadline is None else deadline - self.cache.clock()
            if not self.cache.wait_for(partial(self._settled_beyond, settled), left):
                return False
            with self.cache.reading():
                settled = self._settled()
            if progress is not None:
                progress(settled, pitches)
        return True

    def snapshot(self) -> RenderSnapshot:
        """How the cache stands now. Thread: any."""
        with self.cache.reading():
            return take_snapshot(self.cache, self._found)

    def wishes(self) -> Iterator[Wish]:
        """Every pitch in the newest blend, by what the hands need (see `Agenda`)."""
        for pitch in self.hands.urgency(self._pending, self.cache.sounding_pitches()):
            cold = self.cache.listing.of(pitch) is None
            yield Wish(self._target, pitch, self._turn, pitch in self._pending, sliced=cold)

    def grown(self, render: Render) -> None:
        """List a render, unless its pitch has a newer one (see `Agenda`)."""
        listed = self.cache.listing.of(render.pitch)
        if render.finished:
            if listed is None or listed.worth <= render.worth:
                self._show(render)
        elif listed is None and render.awaited:
            self._show_early(render)

    def _await(self, pitch: int) -> None:
        """A note waits for this pitch; what is being made of it sounds at once."""
        self._pending[pitch] = None
        if render := self.cache.pool.find(self._target, pitch):
            render.awaited = True
            self._show_early(render)

    def _show_early(self, render: Render) -> None:
        if render.ready > 0:
            render.gain = self._probable_gain(render)
            self._show(render)

    def _show(self, render: Render) -> None:
        self.cache.listing.show(render, self.cache.clock())
        self._pending.pop(render.pitch, None)

    def _probable_gain(self, render: Render) -> float:
        """Level correction of a note whose loudest part is not known yet: its nearest sibling's."""
        siblings = [r for r in self.cache.pool.renders_of(render.timbre) if r.finished]
        nearest = min(siblings, key=lambda r: abs(r.pitch - render.pitch), default=render)
        return nearest.gain

    def _settled_beyond(self, count: int) -> bool:
        return self._settled() > count

    def _settled(self) -> int:
        """Pitches that can be played or, for now, never will."""
        return len(self.cache.listing) + sum(
            self.cache.listing.of(pitch) is None for _, pitch in self.cache.failed
        )

"""The cache on stage: the knob aims at a blend, the hands say which keys come first."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from math import inf
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from gansynth_live.model.runtime import default_threads
from gansynth_live.render.agenda import Wish
from gansynth_live.render.cache import NoteCache
from gansynth_live.render.failures import OfKey
from gansynth_live.render.note import NoteRenderer
from gansynth_live.render.pool import Render, VibratoOf, no_vibrato
from gansynth_live.render.priority import Hands
from gansynth_live.render.roster import Arrived
from gansynth_live.render.snapshot import Found, RenderSnapshot, stale_seconds, take_snapshot
from gansynth_live.render.workers import Workers

# What a render is worth: one of the newest blend, of an anchor, or that of its last turn.
NEWEST, WARM = 2e9, 1e9
OTHER_BLENDS = 2  # not anchors: the newest, and the one before it that keys still start from
OTHER_SLOTS = 64  # for what sounding voices go on in

T = TypeVar("T", bound=Hashable)  # what the knob chooses: a Blend


class LiveCache(Generic[T]):
    """Keeps every key playable and lets it follow the newest blend: the agenda of a `NoteCache`.

    Methods are for the control thread; none waits for a render, except `wait_until_ready`.

    Args:
        latent: the latent [latent_size] of a blend at a pitch; asked by render threads.
        first: the blend to begin with.
        report: told once about each cause of failed renders, by a render thread.
        workers: number of render threads beside the one on call; 0: all cores but one.
        arrived: told whenever a voice began, or went on in another render (see `Roster`).
        vibrato: of a blend; asked by render threads.

    Attributes:
        turn: how often the newest blend was another one, from 1.
        expected: the blend that will probably follow the newest, if any.
        anchors: blends that are kept warm.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: Callable[[T, int], NDArray[np.float32]],
        first: T,
        *,
        report: Callable[[str], None],
        workers: int = 0,
        clock: Callable[[], float] = time.monotonic,
        arrived: Arrived | None = None,
        vibrato: VibratoOf = no_vibrato,
    ) -> None:
        self.cache = NoteCache(
            machine, renderer, latent, self, report, clock, arrived=arrived, vibrato=vibrato
        )
        self.hands = Hands(self.cache.low, self.cache.high)
        self._target = first
        self.turn = 1
        self.expected: T | None = None
        self.anchors: tuple[T, ...] = ()
        self._pending: dict[int, None] = {}  # pitches that a note waits for
        self._found = Found()
        self._workers = Workers(self.cache, workers or default_threads(), on_call=1)

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

    def check(self) -> None:
        """Nothing, while notes can be rendered. Thread: any.

        Raises:
            RenderError: no render thread is left.
        """
        if self.cache.fault is not None:
            raise self.cache.fault

    def aim(self, blend: T, expected: T | None = None) -> None:
        """Make `blend` the newest. Keys that have it cached change over now, others in time.

        Args:
            expected: the blend that will probably follow soon, if another.
        """
        if (blend, expected) == (self._target, self.expected):
            return
        with self.cache.changing():
            self.expected = expected
            if blend != self._target:
                self.turn_to(blend)
                self.show_newest()

    def turn_to(self, blend: T) -> None:
        """Make `blend` the newest, without a word to the keys."""
        if blend == self._target:
            return
        with self.cache.changing():
            pool, before, now = self.cache.pool, self._target, self.cache.clock()
            self._target = blend
            for render in pool.renders_of(before):
                render.turn, render.stale_since = self.turn, now
                render.worth = self._worth(render)
            self.turn += 1
            for render in pool.renders_of(blend):
                render.stale_since = None
                render.worth = NEWEST

    def show_newest(self) -> None:
        """Let every key whose render of the newest blend is finished start from it."""
        with self.cache.changing():
            for render in self.cache.pool.renders_of(self._target):
                if render.finished:
                    self._show(render)

    def keep_warm(self, anchors: Iterable[T]) -> None:
        """Render these too when nothing else is to do, and throw them out last.

        Args:
            anchors: blends that may be wanted at any moment, the likeliest first; as many count as
                there is memory for.
        """
        pitches = self.cache.high - self.cache.low + 1
        most = max((self.cache.pool.size - OTHER_SLOTS) // pitches - OTHER_BLENDS, 0)
        before, new = self.anchors, tuple(dict.fromkeys(anchors))[:most]
        if new == before:
            return
        with self.cache.changing():
            self.anchors = new
            for blend in {*before, *new}:
                for render in self.cache.pool.renders_of(blend):
                    render.worth = self._worth(render)

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

    def wait_until_ready(
        self,
        progress: Callable[[int, int], None] | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Wait until all keys can be played; False if `timeout` (seconds) passes first.

        A key whose render failed does not hold the others up. `progress` is told (pitches that are
        ready, pitches) as they come.

        Raises:
            RenderError: no render thread is left.
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
            return take_snapshot(self.cache, self._found, self._target, self.anchors)

    def awaited(self) -> Iterator[Wish]:
        """Keys that wait (see `Agenda`)."""
        return (
            Wish(self._target, pitch, NEWEST, awaited=True, sliced=True) for pitch in self._pending
        )

    def wishes(self) -> Iterator[Wish]:
        """Keys of a moving knob's next blend; of the newest; of the anchors.

        See `Agenda`. A key that cannot be played yet is not made for a blend that may never come.
        """
        cache, pitches = self.cache, self._by_urgency()
        cold = {pitch for pitch in pitches if cache.listing.of(pitch) is None}
        if self.expected not in (None, self._target) and not cold:
            for pitch in pitches:
                yield Wish(self.expected, pitch, self.turn + 0.5)
        for pitch in pitches:
            yield Wish(self._target, pitch, NEWEST, sliced=pitch in cold)
        anchors = [a for a in self.anchors if len(cache.pool.renders_of(a)) < len(pitches)]
        if anchors:
            yield from (Wish(anchor, pitch, WARM) for pitch in pitches for anchor in anchors)

    def grown(self, render: Render) -> None:
        """List a render, unless its pitch has a newer one (see `Agenda`)."""
        listed = self.cache.listing.of(render.pitch)
        if render.timbre != self._target and render.stale_since is None:
            render.stale_since = self.cache.clock()
        if render.finished:
            if listed is None or self._age(listed) >= self._age(render):
                self._show(render)
        elif listed is None and render.awaited:
            self._show_early(render)

    def pressing(self) -> Render | None:
        """Voices that run dry (see `Agenda`)."""
        return self.cache.voices.dry()

    def continuation(self, urgent: bool) -> Render | None:
        """Sounding voices follow the newest blend (see `Agenda`)."""
        return self.cache.voices.next(self._target, urgent=urgent)

    def _by_urgency(self) -> list[int]:
        now, listing = self.cache.clock(), self.cache.listing
        pitches = range(self.cache.low, self.cache.high + 1)
        ages = (stale_seconds(listing.of(pitch), now) for pitch in pitches)
        return self.hands.urgency(self._pending, [inf if age is None else age for age in ages])

    def _age(self, render: Render) -> int:
        """Turns of the knob since its blend was the newest."""
        return 0 if render.timbre == self._target else self.turn - render.turn

    def _worth(self, render: Render) -> float:
        if render.timbre == self._target:
            return NEWEST
        return WARM if render.timbre in self.anchors else float(render.turn)

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
        listing = self.cache.listing
        failed = [o for o in self.cache.failures if isinstance(o, OfKey)]
        never = {o.pitch for o in failed if o.timbre == self._target and not listing.of(o.pitch)}
        return len(listing) + len(never)

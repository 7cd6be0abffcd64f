"""The renders of a live instrument: knobs aim at blends, hands say which keys come first."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.corners import nearby
from gansynth_live.model.runtime import default_threads
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.notes.timbre import VibratoOf, no_vibrato
from gansynth_live.render.schedule.part import SPARE_KEYS, Part
from gansynth_live.render.schedule.readiness import wait_until_ready
from gansynth_live.render.schedule.scheduler import Scheduler
from gansynth_live.render.schedule.snapshot import LookupCounts, RenderSnapshot, take_snapshot
from gansynth_live.render.schedule.workers import Workers
from gansynth_live.render.slots.render import Job, Keep, Render
from gansynth_live.render.voices.tracker import OnVoiceSwitch

OTHER_BLENDS = 1  # not an anchor: the newest
OTHER_SLOTS = 16  # for what keys still start from, and what sounding voices go on in

T = TypeVar("T", bound=Hashable)  # what the knob chooses: a Blend


class LiveCache(Generic[T]):
    """Keeps every key playable and lets it follow its part's newest blend.

    It is the agenda of its `scheduler`. Methods are for the control thread; none waits for
    a render, except `wait_until_ready`.

    Args:
        latent: the latent [latent_size] of a blend at a pitch; asked by render threads.
        firsts: the blend that each part begins with.
        report: told once about each cause of failed renders, by a render thread.
        workers: number of render threads beside the one on call; 0: all cores but one.
        switched: told whenever a voice began, or went on in another render (see `Scheduler`).
        vibrato: of a blend; asked by render threads.

    Attributes:
        parts: by number; they share every render that they have in common.
        generation: one more with each change of a newest blend, from 1.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: Callable[[T, int], NDArray[np.float32]],
        firsts: Sequence[T],
        *,
        report: Callable[[str], None] | None = None,
        workers: int = 0,
        clock: Callable[[], float] = time.monotonic,
        switched: OnVoiceSwitch | None = None,
        vibrato: VibratoOf = no_vibrato,
    ) -> None:
        self.scheduler = scheduler = Scheduler(
            machine,
            renderer,
            latent,
            self,
            report,
            clock,
            switched=switched,
            vibrato=vibrato,
            parts=len(firsts),
        )
        share = (scheduler.pool.size - OTHER_SLOTS) // len(firsts) - SPARE_KEYS
        most = share if len(firsts) > 1 else None
        frames = renderer.frames
        self.parts = [
            Part(number, scheduler.tables[number], scheduler.pool, frames, clock, first, most)
            for number, first in enumerate(firsts)
        ]
        self.generation = 1
        self._found = LookupCounts()
        self._served = 0  # the part whose wishes came first lately
        self._workers = Workers(scheduler, workers or default_threads(), on_call=1)

    @property
    def targets(self) -> list[T]:
        """The newest blend of each part."""
        return [part.target for part in self.parts]

    @property
    def keys(self) -> int:
        """Number of keys, of all parts, that are kept playable."""
        with self.scheduler.holding():
            return sum(len(part.wanted) for part in self.parts)

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
        if self.scheduler.fault is not None:
            raise self.scheduler.fault

    def aim(self, blend: T, expected: T | None = None, part: int = 0) -> None:
        """Make `blend` a part's newest. Keys that have it cached change over now, others in time.

        Args:
            expected: the blend that will probably follow soon, if another.
        """
        aimed = self.parts[part]
        if (blend, expected) == (aimed.target, aimed.expected):
            return
        with self.scheduler.changing():
            before, aimed.expected = aimed.expected, expected
            if blend != aimed.target:
                self.turn_to(blend, part)
                aimed.publish_newest()
            self._keep_again(before)

    def turn_to(self, blend: T, part: int = 0) -> None:
        """Make `blend` a part's newest, without a word to the keys."""
        turned = self.parts[part]
        if blend == turned.target:
            return
        with self.scheduler.changing():
            pool, before, now = self.scheduler.pool, turned.target, self.scheduler.clock()
            turned.target = blend
            for render in pool.renders_of(before):
                render.generation, render.stale_since = self.generation, now
            self.generation += 1
            for render in pool.renders_of(blend):
                render.stale_since = None
            self._keep_again(before, blend)

    def publish_newest(self) -> None:
        """Let every key whose render of its part's newest blend is finished start from it."""
        with self.scheduler.changing():
            for part in self.parts:
                part.publish_newest()

    def keep_warm(self, anchors: Iterable[T], part: int = 0) -> None:
        """Render these too when nothing else is to do, and throw them out last.

        Args:
            anchors: blends that may be wanted at any moment, the likeliest first; as many count as
                there is memory for.
        """
        pitches = self.scheduler.renderer.generator.spec.pitches
        room = (self.scheduler.pool.size - OTHER_SLOTS) // pitches
        most = max(room // len(self.parts) - OTHER_BLENDS, 0)
        turned = self.parts[part]
        before, turned.reachable = turned.anchors, tuple(dict.fromkeys(anchors))
        new = turned.reachable[:most]
        if new == before:
            return
        with self.scheduler.changing():
            turned.anchors = new
            self._keep_again(*before, *new)

    def note_on(self, key: int, part: int = 0) -> None:
        """A key of a part went down, which starts from this whole pitch."""
        struck = self.parts[part]
        with self.scheduler.changing():
            struck.predictor.note_on(key)
            pitch = struck.table.pitch_of(key)
            listed = struck.table.of(pitch)
            if listed is None:
                struck.wait_for(pitch)
                self._found.nothing += 1
            elif listed.timbre == struck.target:
                self._found.newest += 1
            else:
                self._found.older += 1
            struck.make_room()

    def wait_until_ready(
        self,
        progress: Callable[[int, int], None] | None = None,
        timeout: float | None = None,
    ) -> bool:
        """Wait until all keys can be played; False if `timeout` (seconds) passes first.

        A key whose render failed does not hold the others up. `progress` is told (keys that are
        ready, keys) as they come.

        Raises:
            RenderError: no render thread is left.
        """
        return wait_until_ready(self.scheduler, self.parts, progress, timeout)

    def snapshot(self) -> RenderSnapshot:
        """How the cache stands now. Thread: any."""
        with self.scheduler.holding():
            return take_snapshot(self.scheduler, self._found, self.parts)

    def awaited(self) -> Iterator[Job]:
        """Keys that wait (see `Agenda`)."""
        return chain.from_iterable(part.awaited() for part in self.parts)

    def wishes(self) -> Iterator[Job]:
        """What the parts wish for, each in its turn the first (see `Agenda`)."""
        self._served = (self._served + 1) % len(self.parts)
        order = (*self.parts[self._served :], *self.parts[: self._served])
        in_slices = self.scheduler.voices.patience is not None
        return chain.from_iterable(part.wishes(in_slices=in_slices) for part in order)

    def likely(self) -> Iterator[tuple[Blend, int]]:
        """Places around what sounds (see `Agenda`)."""
        for timbre, pitch in self.scheduler.voices.sounding():
            if isinstance(timbre, Blend):
                beside = chain.from_iterable(part.beside(timbre) for part in self.parts)
                yield from ((place, pitch) for place in nearby(timbre, list(beside)))

    def grown(self, render: Render) -> None:
        """List a render, unless its pitch has a newer one (see `Agenda`)."""
        if render.timbre not in self.targets and render.stale_since is None:
            render.stale_since = self.scheduler.clock()
        for part in self.parts:
            if render.timbre == part.target or part.number == render.part:
                part.offer(render, self.generation)

    def _keep_again(self, *blends: T | None) -> None:
        """Settle how long the renders of some blends are kept now."""
        pool = self.scheduler.pool
        for blend in blends:
            keep = self._keep_of(blend)
            for render in pool.renders_of(blend):
                if render.keep != Keep.SPENT:
                    pool.keep(render, keep)

    def _keep_of(self, blend: T | None) -> Keep:
        if blend in self.targets:
            return Keep.NEWEST
        if any(blend in part.anchors for part in self.parts):
            return Keep.WARM
        is_expected = any(blend == part.expected for part in self.parts)
        return Keep.EXPECTED if is_expected else Keep.OLD

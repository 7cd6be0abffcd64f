"""One part as the renderer sees it: what its keys should play, and which are struck next."""

from collections.abc import Callable, Container, Hashable, Iterator
from itertools import pairwise
from math import inf
from typing import Generic, TypeVar

from gansynth_live.latent.blend import Blend
from gansynth_live.render.notes.renderer import stops_after
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.schedule.key_prediction import KeyPredictor
from gansynth_live.render.slots.key_table import KeyTable
from gansynth_live.render.slots.pool import Pool
from gansynth_live.render.slots.render import Job, Keep, OfKey, Render

SPARE_KEYS = 4  # that stay listed beyond those wished for: the hands go to and fro

T = TypeVar("T", bound=Hashable)  # what the knob chooses: a Blend


class Part(Generic[T]):
    """The blend, the hands and the keys of a part. Not locked: the scheduler does that.

    Args:
        table: which renders its keys start from.
        pool: all renders.
        frames: of a whole note.
        clock: seconds, rising.
        first: the blend to begin with.
        most: number of pitches that there is memory for; None: for all.

    Attributes:
        target: the newest blend.
        expected: the blend that will probably follow it, if any.
        reachable: blends that one move of a control may lead to, neighbours next to each other.
        anchors: those of them that are kept warm.
        pending: pitches that a note waits for, and since when.
    """

    def __init__(
        self,
        number: int,
        table: KeyTable,
        pool: Pool,
        frames: int,
        clock: Callable[[], float],
        first: T,
        most: int | None = None,
    ) -> None:
        self.number = number
        self.table = table
        self.predictor = KeyPredictor(table.low, table.high)
        self.target = first
        self.expected: T | None = None
        self.reachable: tuple[T, ...] = ()
        self.anchors: tuple[T, ...] = ()
        self.pending: dict[int, float] = {}
        self._pool = pool
        self._clock = clock
        self._frames = frames
        self._pitches = range(table.low, table.high + 1)
        self._most = None if most is None or most >= len(self._pitches) else most

    @property
    def wanted(self) -> list[int]:
        """The pitches that should be playable: all, or the likeliest that there is memory for."""
        return list(self._pitches) if self._most is None else self.predictor.likeliest[: self._most]

    def awaited(self) -> Iterator[Job]:
        """Keys that wait (see `Agenda`)."""
        stops = stops_after(0, self._frames)
        return (
            self._job(self.target, pitch, Keep.NEWEST, stops, since)
            for pitch, since in self.pending.items()
        )

    def wishes(self, *, in_slices: bool) -> Iterator[Job]:
        """Keys of a moving knob's next blend; of the newest; of the anchors.

        See `Agenda`. A key that cannot be played yet is not made for a blend that may never come.

        Args:
            in_slices: make all of them in slices, so that what sounds can come in between.
        """
        stops = stops_after(0, self._frames) if in_slices else [self._frames]
        pitches = self._by_urgency()
        are_cold = any(self.table.of(pitch) is None for pitch in pitches)
        if self.expected is not None and self.expected != self.target and not are_cold:
            keep = Keep.WARM if self.expected in self.anchors else Keep.EXPECTED
            yield from (self._job(self.expected, pitch, keep, stops) for pitch in pitches)
        for pitch in pitches:
            some = stops if self.table.of(pitch) else stops_after(0, self._frames)
            yield self._job(self.target, pitch, Keep.NEWEST, some)
        anchors = [a for a in self.anchors if len(self._pool.renders_of(a)) < len(self._pitches)]
        if anchors:
            yield from (
                self._job(anchor, pitch, Keep.WARM, stops)
                for pitch in pitches
                for anchor in anchors
            )

    def beside(self, blend: Blend) -> list[str]:
        """The instruments before and after an unmixed one that a control may lead to."""
        pairs = pairwise(each for each in self.reachable if isinstance(each, Blend))
        beside = [other for pair in pairs if blend in pair for other in pair if other != blend]
        return [other.weights[0][0] for other in beside]

    def offer(self, render: Render, generation: int) -> None:
        """Start from a render that has grown, unless its pitch has a newer one.

        Args:
            generation: of the blends now.
        """
        listed = self.table.of(render.pitch)
        if render.finished:
            if listed is None or self._age(listed, generation) >= self._age(render, generation):
                self.publish(render)
        elif listed is None and render.needed_at < inf:
            self._publish_early(render)

    def wait_for(self, pitch: int) -> None:
        """A note waits for this pitch; what is being made of it sounds at once."""
        self.pending[pitch] = now = self._clock()
        if render := self._pool.find(self.target, pitch):
            render.needed_at = now
            (self.publish if render.finished else self._publish_early)(render)

    def publish(self, render: Render) -> None:
        """Let notes of the render's pitch start from it."""
        self.table.publish(render, self._clock())
        self.pending.pop(render.pitch, None)

    def publish_newest(self) -> None:
        """Start from all renders of the newest blend that are finished."""
        for render in self._pool.renders_of(self.target):
            if render.finished:
                self.publish(render)

    def make_room(self) -> None:
        """Where not all keys have room, let go of those that others have become likelier than."""
        if self._most is None:
            return
        kept = {*self.predictor.likeliest[: self._most + SPARE_KEYS], *self.pending}
        for render in filter(None, map(self.table.of, self._pitches)):
            if render.pitch not in kept:
                self.table.withdraw(render)
                self._pool.keep(render, min(render.keep, Keep.WARM))
        for pitch in self.wanted:
            found = self._pool.find(self.target, pitch)
            if found is not None and found.finished and self.table.of(pitch) is None:
                self._pool.keep(found, Keep.NEWEST)
                self.publish(found)

    def settled(self, failed: Container[OfKey]) -> int:
        """Wanted keys that can be played or, for now, never will."""
        return sum(
            self.table.of(pitch) is not None or OfKey(self.target, pitch) in failed
            for pitch in self.wanted
        )

    def stale_seconds(self, pitch: int, now: float) -> float | None:
        """Seconds since the blend of a key's render was replaced; None: it has no render."""
        render = self.table.of(pitch)
        if render is None:
            return None
        if render.timbre == self.target or render.stale_since is None:
            return 0.0
        return now - render.stale_since

    def _by_urgency(self) -> list[int]:
        now = self._clock()
        ages = (self.stale_seconds(pitch, now) for pitch in self._pitches)
        order = self.predictor.by_urgency(
            self.pending, [inf if age is None else age for age in ages]
        )
        if self._most is None:
            return order
        wanted = {*self.wanted, *self.pending}
        return [pitch for pitch in order if pitch in wanted]

    def _age(self, render: Render, generation: int) -> int:
        """Generations since its blend was the newest here."""
        return 0 if render.timbre == self.target else generation - render.generation

    def _job(
        self, timbre: Timbre, pitch: int, keep: Keep, stops: list[int], deadline: float = inf
    ) -> Job:
        return Job(OfKey(timbre, pitch), pitch, tuple(stops), keep, deadline, self.number)

    def _publish_early(self, render: Render) -> None:
        if render.ready > 0:
            render.gain = self._probable_gain(render)
            self.publish(render)

    def _probable_gain(self, render: Render) -> float:
        """Level correction of a note whose loudest part is not known yet: its nearest sibling's."""
        siblings = [r for r in self._pool.renders_of(render.timbre) if r.finished]
        nearest = min(siblings, key=lambda r: abs(r.pitch - render.pitch), default=render)
        return nearest.gain

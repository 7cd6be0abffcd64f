"""In which order sound is made."""

from collections.abc import Callable, Iterator
from math import inf

from gansynth_live.render.schedule.agenda import Agenda
from gansynth_live.render.slots.failures import Failures
from gansynth_live.render.slots.pool import Pool
from gansynth_live.render.slots.render import Job, Render
from gansynth_live.render.voices.voices import NEARLY_DRY, Voices


class Order:
    """Puts what the agenda wants, what voices need and what has been begun in order. Not locked.

    Args:
        device_rate: of the renders, Hz.
        clock: seconds, rising.
    """

    def __init__(
        self,
        pool: Pool,
        voices: Voices,
        failures: Failures,
        device_rate: int,
        clock: Callable[[], float],
    ) -> None:
        self._pool = pool
        self._voices = voices
        self._failures = failures
        self._device_rate = device_rate
        self._clock = clock

    def candidates(self, agenda: Agenda, on_call: bool) -> Iterator[Render | Job]:
        """What runs dry, what a note waits for, what a voice goes on in, and then the rest.

        Renders to go on with, and jobs to begin where there is room.

        Args:
            on_call: only what is for notes that sound, or wait to.
        """
        targets = agenda.targets
        if targets is not None and (render := self._voices.dry()):
            yield render
        begun = self._next_begun(on_call)
        if begun is not None and self._seconds_left(begun) < NEARLY_DRY:
            yield begun
        yield from filter(self._is_new, agenda.awaited())
        if targets is not None:
            yield from self._voices.next(targets, urgent=on_call)
        if begun is not None:
            yield begun
        if not on_call:
            yield from filter(self._is_new, agenda.wishes())

    def _next_begun(self, on_call: bool) -> Render | None:
        """The key's render that has been begun and has the earliest deadline."""
        begun = [
            render
            for render in self._pool.growing()
            if render.stops and not (render.claimed or render.is_of_voice)
        ]
        if on_call:
            begun = [render for render in begun if render.needed_at < inf]
        return min(begun, key=self._seconds_left, default=None)

    def _seconds_left(self, render: Render) -> float:
        """Seconds until a note that waits for this render, or plays it, has nothing to play."""
        return render.needed_at + render.ready / self._device_rate - self._clock()

    def _is_new(self, job: Job) -> bool:
        """Whether a key's job is to be begun now."""
        if self._failures.is_paused(job.owner):
            return False
        return self._pool.find(job.owner.timbre, job.pitch) is None

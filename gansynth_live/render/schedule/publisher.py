"""Where sound that was made becomes sound that may be played, or its failure is told."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from gansynth_live.kernel.machine import Machine
from gansynth_live.render.notes.finite import NonFiniteSoundError
from gansynth_live.render.schedule.backend import Slice
from gansynth_live.render.slots.failures import Failures, reason
from gansynth_live.render.slots.key_table import KeyTable
from gansynth_live.render.slots.pool import Pool
from gansynth_live.render.slots.render import OfVoice, Render
from gansynth_live.render.voices.voices import Voices

log = logging.getLogger(__name__)


@dataclass
class RenderCounts:
    """What happened so far."""

    rendered: int = 0
    failed: int = 0
    non_finite: int = 0  # of those, refused for NaN or Inf
    faults: int = 0  # of render threads, outside any render
    render_seconds: float = 0.0  # work on the finished ones, all slices


class Publisher:
    """Publishes what was made. Threads: any; it takes the scheduler's lock for what all share.

    Args:
        changing: takes the lock; afterwards everybody looks again.
        grown: is told that more of a key's render is ready; the lock is held.
        report: told once about each cause of failed renders.

    Attributes:
        counts: what happened so far.
    """

    def __init__(
        self,
        machine: Machine,
        pool: Pool,
        tables: Sequence[KeyTable],
        voices: Voices,
        failures: Failures,
        changing: Callable[[], AbstractContextManager[None]],
        grown: Callable[[Render], None],
        report: Callable[[str], None] | None,
    ) -> None:
        self.counts = RenderCounts()
        self._machine = machine
        self._pool = pool
        self._tables = tables
        self._voices = voices
        self._failures = failures
        self._changing = changing
        self._grown = grown
        self._report = report

    def publish(self, render: Render, made: Slice | Exception, seconds: float) -> None:
        """Let a claimed slice be played; it took so many seconds."""
        if isinstance(made, Exception):
            self._give_up(render, made)
            return
        slots, is_last = self._machine.slots, made.gain is not None
        if render.ready == 0:
            slots.begin(render.slot, made.vibrato)
        slots.fill(render.slot, made.samples)
        if is_last and not render.is_of_voice:  # a held voice waits for the next one
            slots.finish(render.slot)
        with self._changing():
            render.claimed = False
            render.ready += made.samples.size
            if made.gain is not None:
                self._failures.forget(render.owner)
                render.gain, render.finished, render.stream = made.gain, True, None
            self._pool.update(render)
            if isinstance(render.owner, OfVoice):
                self._voices.grown(render.owner.serial, render)
                return
            self.counts.render_seconds += seconds
            self.counts.rendered += render.finished
            self._grown(render)

    def _give_up(self, render: Render, error: Exception) -> None:
        self._machine.slots.finish(render.slot)
        with self._changing():
            for table in self._tables:
                table.withdraw(render)
            self._pool.remove(render)
            self.counts.failed += 1
            self.counts.non_finite += isinstance(error, NonFiniteSoundError)
            new = self._failures.is_news(error)
            self._failures.add(render.owner, error)
        what = f"key {render.pitch} of {render.timbre}"
        log.info("%s could not be rendered", what, exc_info=error if new else None)
        if new and self._report is not None:
            self._report(f"{what} could not be rendered and is tried again: {reason(error)}")

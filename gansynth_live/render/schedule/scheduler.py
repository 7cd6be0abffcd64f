"""The scheduler: what is rendered, what keys start from, and what a worker should do next.

One scheduler serves the stage and the file: an agenda says what is wanted and when keys change over
(`live.LiveCache`, `freewheel.Freewheel`), `order.py` in which order it is made, a backend makes it,
and here it is claimed and published. Every decision is made under one lock, every sample is made
outside it; nothing here waits for a render except who asks to.
"""

import logging
import time
from collections.abc import Callable, Iterable
from itertools import islice
from math import inf

from gansynth_live.errors import RenderError, UsageError
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.notes.frame_cache import FrameCache
from gansynth_live.render.notes.renderer import NOTES_A_MIX, NoteRenderer
from gansynth_live.render.notes.timbre import LatentOf, VibratoOf, no_vibrato
from gansynth_live.render.schedule.agenda import Agenda
from gansynth_live.render.schedule.backend import Backend, LocalBackend
from gansynth_live.render.schedule.lock import Lock
from gansynth_live.render.schedule.order import Order
from gansynth_live.render.schedule.publisher import Publisher
from gansynth_live.render.schedule.switches import SwitchTeller
from gansynth_live.render.slots.failures import Failures, reason
from gansynth_live.render.slots.key_table import KeyTable
from gansynth_live.render.slots.pool import Pool, megabytes_for
from gansynth_live.render.slots.render import Job, Keep, OfKey, OfVoice, Render
from gansynth_live.render.voices.lead_time import LeadTime
from gansynth_live.render.voices.starter import ContinuationStarter
from gansynth_live.render.voices.tracker import OnVoiceSwitch
from gansynth_live.render.voices.voices import Voices

log = logging.getLogger(__name__)

RETRY = 0.02  # seconds: the callback frees slots and takes commands without telling
SPARE_SLOTS = 3  # beyond one for each pitch: the new renders that keys change over to


class Scheduler:
    """Renders, and the worker's side of making them.

    Args:
        report: told once about each cause of failed renders, by the worker that met it.
        clock: seconds, rising.
        switched: told whenever a voice began, or went on in another render; in order, by one
            thread at a time, which does not hold the lock.
        parts: number of them.
        vibrato: of a timbre; it goes with each render, so a voice swings as what it plays.

    Attributes:
        agenda: what is wanted; to be changed with the lock held.
        failures: what could not be made lately.
        fault: why nothing can be rendered any more; None: it can.
        is_short: whether a wish found no slot.
        lock: taken for every decision; `changing` and `holding` take it.
        lead: how far ahead of a voice its continuations join.
        tables: which renders the keys of each part start from.

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
        switched: OnVoiceSwitch | None = None,
        vibrato: VibratoOf = no_vibrato,
        parts: int = 1,
    ) -> None:
        spec = renderer.generator.spec
        self.agenda = agenda
        self.machine = machine
        self.renderer = renderer
        self.clock = clock
        self.lock = Lock()
        self.changing, self.holding = self.lock.changing, self.lock.holding
        self.pool = pool = Pool(machine)
        if pool.size < (least := spec.pitches + SPARE_SLOTS):
            raise UsageError(
                f"the note cache holds {pool.size} notes, but this model needs {least}; set "
                f"[cache] megabytes to {megabytes_for(least, renderer.note_bytes)} or more"
            )
        self.failures = Failures(clock)
        self.fault: RenderError | None = None
        self.is_short = False
        self.lead = LeadTime()
        self.tables = [
            KeyTable(machine, pool, spec.low_pitch, spec.high_pitch, part) for part in range(parts)
        ]
        self.frames = FrameCache(renderer.generator, latent, pool.size // NOTES_A_MIX)
        self._switches = SwitchTeller(switched) if switched else None
        note = self._switches.add if self._switches else None
        paused = self.failures.is_paused
        self.voices = voices = Voices(machine, renderer, pool, paused, self.lead, clock, note)
        self._order = Order(pool, voices, self.failures, renderer.device_rate, clock)
        frames, timing = self.frames, voices.timing
        starter = ContinuationStarter(
            machine, renderer, latent, frames, timing, self.lead, voices.length, clock
        )
        self._backend: Backend = LocalBackend(renderer, latent, vibrato, frames, starter)
        self._publisher = Publisher(
            machine,
            pool,
            self.tables,
            voices,
            self.failures,
            self.changing,
            lambda render: self.agenda.grown(render),
            report,
        )
        self.counts = self._publisher.counts
        self._report = report

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until `predicate` (called with the lock held) is true; False on timeout.

        Raises:
            RenderError: no render thread is left that could make it true.
        """
        self.lock.wait_for(lambda: predicate() or self.fault is not None, timeout)
        with self.holding():
            if not (came := predicate()) and self.fault is not None:
                raise self.fault
            return came

    def stumble(self, error: Exception) -> None:
        """Count what a worker met outside any render; told once."""
        with self.changing():
            self.counts.faults += 1
            new = self.failures.is_news(error)
        log.info("a fault outside any render", exc_info=error if new else None)
        if new and self._report is not None:
            self._report(f"a render thread stumbled: {reason(error)}")

    def abandon(self, error: BaseException) -> None:
        """The last worker has given up: whoever waits for a render learns why it will not come."""
        with self.changing():
            self.fault = RenderError(f"notes can no longer be rendered: {reason(error)}")

    def take(self, on_call: bool = False) -> Render | None:
        """Wait for something to do and claim it (see `poll`); None when closed. Thread: workers."""
        while not self.lock.is_closed:
            seen = self.lock.changes
            if (render := self.poll(on_call=True)) is not None:
                return render
            # What a knob may need next of what sounds comes before notes that may not be played.
            if not on_call and self.prepare():
                continue
            if not on_call and (render := self.poll()) is not None:
                return render
            self.lock.rest(seen, self._patience)
        return None

    def _patience(self) -> float | None:
        """Seconds until another look, when there was nothing to do; None: until something is."""
        if self.is_short or not self._retry_refused():
            return RETRY
        seconds = self.failures.seconds_to_next_try
        if self.voices.patience is not None:
            seconds = min(seconds, self.voices.patience)
        return None if seconds == inf else max(seconds, RETRY / 10)

    def poll(self, on_call: bool = False) -> Render | None:
        """The render whose next slice is most urgent, claimed for the caller; None if none is.

        Args:
            on_call: only what is for notes that sound, or wait to.
        """
        with self.holding():
            self._retry_refused()
            self.voices.follow()
            render = self._claim(self._order.candidates(self.agenda, on_call), on_call)
            if render is not None:
                self.lock.wake()  # there may be more
        self._tell_switches()
        return render

    def claim_all(self, candidates: Callable[[], Iterable[Render | Job]]) -> list[Render]:
        """All that `candidates`, called with the lock held, come up with again and again."""
        with self.holding():
            claimed = list(iter(lambda: self._claim(candidates()), None))
        self._tell_switches()
        return claimed

    def _claim(self, candidates: Iterable[Render | Job], on_call: bool = True) -> Render | None:
        """The first that has a slot, or gets one."""
        refused = Keep.SPENT  # the longest that found no room: what is kept no longer finds none
        for each in candidates:
            if isinstance(each, Render):
                return each.claim(self.clock())
            if each.keep <= refused:
                continue
            if (render := self.pool.place(each)) is not None:
                if isinstance(each.owner, OfVoice):
                    self.voices.begun(each.owner.serial, render)
                else:
                    self.is_short = False
                return render.claim(self.clock())
            refused = each.keep
        self._say_short(is_short=refused > Keep.SPENT, whole=not on_call)
        return None

    def _say_short(self, *, is_short: bool, whole: bool) -> None:
        """Remember whether wishes found no slot; only a `whole` look shows that all found one."""
        was_short, self.is_short = self.is_short, is_short or (self.is_short and not whole)
        if self.is_short and not was_short:
            with self.changing():  # who waits for a render should know
                pass

    def _retry_refused(self) -> bool:
        left = [table for table in self.tables if not table.retry_refused()]
        return not left

    def prepare(self) -> bool:
        """Have frames made that a knob may need next; False: they are there. Thread: workers."""
        with self.holding():
            likely = list(islice(self.agenda.likely(), self.frames.most // 2))
            places = [place for place in likely if not self.failures.is_paused(OfKey(*place))]
            place = next((place for place in places if not self.frames.holds(*place)), None)
            if place is None:
                return False
        began = self.clock()
        try:
            self.frames.make(*place)
        except Exception as error:  # told when a render needs them
            with self.holding():
                self.failures.add(OfKey(*place), error)
        self.lead.record_busy(self.clock() - began)
        return True

    def work(self, *renders: Render) -> None:
        """Make the next slices of renders that the calling thread has claimed, and publish them."""
        began = self.clock()
        for render, made in self._backend.run(renders):
            now = self.clock()
            self._publisher.publish(render, made, now - began)
            self.lead.record_busy(now - began)
            began = now

    def _tell_switches(self) -> None:
        if self._switches is not None:
            self._switches.tell()

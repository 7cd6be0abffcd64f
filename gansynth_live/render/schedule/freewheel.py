"""Time waits for the renderer: each note has its own timbre's render, at its own frame.

So a file is rendered, and what a DAW exports in freewheel: how fast the machine is changes nothing.
Sounding voices are brought on before each step, and each note-on has its render put under its key
at its very frame. Nothing else changes what a key starts from. Both do it in the same steps, so
that both sound the same.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from math import inf
from typing import Any, NamedTuple, TypeAlias

from gansynth_live.errors import UsageError
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.render.slots.render import Job, Keep, OfKey, OfVoice, Render
from gansynth_live.render.voices.voices import Voices

STEP = 1024  # frames between two looks at what sounding voices need
LEAD_FRAMES = 2048  # a continuation takes over no sooner: later than the next step
FARTHEST = 128  # notes ahead: evens out dense passages, and bounds the memory that a piece takes

# Given the voices: the next continuations, begun or gone on with; none when that is all.
BringOn: TypeAlias = Callable[[Voices], Iterable[Render | Job]]


class PlannedNote(NamedTuple):
    """A note that begins, or may begin, and what it is to sound like."""

    frame: int
    key: int  # the whole pitch that it starts from
    timbre: Timbre
    part: int = 0


def step_end(frame: int, origin: int) -> int:
    """End of the step that a frame lies in.

    Steps are counted from the piece's first note, `origin`, so that nothing depends on the silence
    before it, nor on the blocks of a driver.
    """
    return frame + STEP - (frame - origin) % STEP


class Freewheel:
    """The agenda of a live cache's scheduler, from `begin` to `end`. For one thread.

    For each step: `expect` its note-ons, `bring_on` what sounds at its beginning, then let its end
    be `reached`.

    Args:
        threads: that bring voices on.
        patience: seconds to wait for a note at most.
        is_whole: all notes of the piece are expected at once: what none of them needs again is
            thrown out first.
    """

    targets = None  # voices are brought on by `bring_on` (see `Agenda`)

    def __init__(
        self,
        renders: LiveCache[Any],
        threads: int,
        patience: float = inf,
        *,
        is_whole: bool = False,
    ) -> None:
        self._renders = renders
        self._scheduler = renders.scheduler
        self._patience = patience
        self._is_whole = is_whole
        self._lead = LEAD_FRAMES / self._scheduler.machine.sample_rate
        self._hands = ThreadPoolExecutor(threads, "bring-on")
        self._expected: deque[tuple[PlannedNote, OfKey]] = deque()
        self._uses: Counter[OfKey] = Counter()
        self._most = min(FARTHEST, self._scheduler.pool.size // 2)

    def begin(self) -> None:
        """Take over: continuations that are in the making are finished first."""
        scheduler = self._scheduler
        with scheduler.changing():
            scheduler.agenda = self
            scheduler.lead.fixed = self._lead
            scheduler.voices.begin_anew()
        scheduler.wait_for(scheduler.voices.are_settled, _timeout(self._patience))

    def end(self) -> None:
        """Give back: keys have the newest blend again as soon as it is rendered."""
        scheduler = self._scheduler
        with scheduler.changing():
            self._expected.clear()
            scheduler.agenda = self._renders
            scheduler.lead.fixed = None
            self._renders.publish_newest()

    def close(self) -> None:
        """End the threads that bring voices on."""
        self._hands.shutdown()

    def expect(self, notes: Iterable[PlannedNote]) -> None:
        """Begin to render what the next note-ons need, in order of their frames."""
        with self._scheduler.changing():
            for note in notes:
                pitch = self._renders.parts[note.part].table.pitch_of(note.key)
                key = OfKey(note.timbre, pitch)
                self._expected.append((note, key))
                self._uses[key] += 1
                if len(self._expected) <= self._most:
                    self._keep_expected(key)

    def follow(self, blends: Sequence[Timbre]) -> None:
        """Let what sounds go on towards its part's blend, as far as the next step needs it."""
        for part, blend in enumerate(blends):
            self._renders.turn_to(blend, part)
        self.bring_on(lambda voices: voices.next(blends))

    def bring_on(self, candidates: BringOn) -> None:
        """Make slices of what sounding voices go on in until nothing more is needed."""
        scheduler, voices = self._scheduler, self._scheduler.voices

        def followed() -> Iterable[Render | Job]:
            voices.follow()
            dry = voices.dry()
            return candidates(voices) if dry is None else [dry]

        while renders := scheduler.claim_all(followed):
            list(self._hands.map(scheduler.work, renders))

    def reached(self, stop: int) -> Exception | None:
        """Let each note-on before frame `stop` find its render; waits for those being made.

        Where there is none the key keeps what it has, and the first reason is returned.

        Raises:
            RenderError: no render thread is left.
        """
        deadline, failure = time.monotonic() + self._patience, None
        while self._expected and self._expected[0][0].frame < stop:
            note, key = self._expected[0]
            render = self._render_of(key, max(deadline - time.monotonic(), 0.0))
            self._renders.turn_to(note.timbre, note.part)
            with self._scheduler.changing():
                self._expected.popleft()
                if len(self._expected) >= self._most:
                    self._keep_expected(self._expected[self._most - 1][1])
                if isinstance(render, Render):
                    self._publish(render, note, key)
                else:
                    failure = failure or render
        return failure

    @property
    def failure(self) -> Exception | None:
        """What a voice could not go on for."""
        failures = self._scheduler.failures
        owners = [owner for owner in failures if isinstance(owner, OfVoice)]
        return next(filter(None, map(failures.error_of, owners)), None)

    def awaited(self) -> Iterator[Job]:
        """The next note, for which everything waits (see `Agenda`)."""
        return (self._job(key, note.part, Keep.NEWEST) for note, key in islice(self._expected, 1))

    def wishes(self) -> Iterator[Job]:
        """The notes after it (see `Agenda`)."""
        some = islice(self._expected, 1, self._most)
        return (self._job(key, note.part, Keep.EXPECTED) for note, key in some)

    def likely(self) -> tuple[()]:
        """Nothing else is worth waiting for (see `Agenda`)."""
        return ()

    def grown(self, render: Render) -> None:
        """Nothing is listed before its note is reached (see `Agenda`)."""

    def _job(self, key: OfKey, part: int, keep: Keep) -> Job:
        deadline = self._scheduler.clock() if keep == Keep.NEWEST else inf
        stops = (self._scheduler.renderer.frames,)
        return Job(key, key.pitch, stops, keep, deadline, part)

    def _render_of(self, key: OfKey, timeout: float) -> Render | Exception | None:
        """The render of the next note, once it is finished, or why there is none."""
        scheduler = self._scheduler

        def is_decided() -> bool:
            render = scheduler.pool.find(key.timbre, key.pitch)
            if render is not None:
                return render.finished
            return scheduler.is_short or scheduler.failures.error_of(key) is not None

        with scheduler.changing():
            scheduler.is_short = False  # voices may have ended since a worker last looked
        scheduler.wait_for(is_decided, _timeout(timeout))
        with scheduler.holding():
            render = scheduler.pool.find(key.timbre, key.pitch)
            if render is not None:
                return render if render.finished else None
            if error := scheduler.failures.error_of(key):
                return error
            return _too_small(scheduler.pool.size) if scheduler.is_short else None

    def _publish(self, render: Render, note: PlannedNote, key: OfKey) -> None:
        part, pool = self._renders.parts[note.part], self._scheduler.pool
        part.predictor.note_on(note.key)
        if part.table.of(render.pitch) is not render:
            part.table.publish(render, self._scheduler.clock(), note.frame)
        self._uses[key] -= 1
        if self._is_whole and self._uses[key] == 0:
            pool.keep(render, Keep.SPENT)

    def _keep_expected(self, key: OfKey) -> None:
        render = self._scheduler.pool.find(key.timbre, key.pitch)
        if render is not None and render.keep < Keep.EXPECTED:
            self._scheduler.pool.keep(render, Keep.EXPECTED)


def _timeout(seconds: float) -> float | None:
    return None if seconds == inf else seconds


def _too_small(slots: int) -> UsageError:
    return UsageError(
        f"{slots} notes of cache do not suffice for what sounds at once in this piece; give it "
        "more memory ([cache] megabytes)"
    )

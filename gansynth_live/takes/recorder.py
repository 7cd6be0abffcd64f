"""Always listens: what was performed in the last minutes can be kept afterwards.

Nothing here is near the callback. Memory is bounded: so many minutes, events and moments of rest.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Lock
from typing import TypeVar

from gansynth_live import __version__
from gansynth_live.config import Config
from gansynth_live.errors import UsageError
from gansynth_live.instrument import Instrument
from gansynth_live.kernel.events import Performed
from gansynth_live.parameters.parameter import Value
from gansynth_live.presets.preset import FLOAT, MadeFor
from gansynth_live.render.voices.tracker import VoiceSwitch
from gansynth_live.synth import Synth
from gansynth_live.takes.keyframe import capture, is_at_rest, layout_of
from gansynth_live.takes.take import Edit, Happened, Switch, Take

SECONDS = 15 * 60.0
REST_SECONDS = 2.0  # of silence, after which a take may begin
AGAIN_SECONDS = 10.0  # until a rest that goes on is copied again
MOST_EVENTS = 180_000  # 200 a second
MOST_SWITCHES = 60_000
MOST_EDITS = 5_000
MOST_RESTS = 16
REAL_TIME = 0xF8  # from this status byte on: clock and active sensing, which come without end
RESET = 0xFF

T = TypeVar("T")


@dataclass(frozen=True)
class Rest:
    """A moment at which nothing sounded, and the instrument at that moment."""

    frame: int
    missing: int
    keyframe: Mapping[str, bytes]


class Recorder:
    """Hears a synth. `hear`, `edited` and `attend` are for the thread that attends to the synth.

    `switched` and `keep` are for any thread.
    """

    def __init__(self, config: Config, instrument: Instrument) -> None:
        self._config = config
        self._instrument = instrument
        self._synth: Synth | None = None
        self._events: deque[Happened] = deque(maxlen=MOST_EVENTS)
        self._switches: deque[tuple[int, VoiceSwitch]] = deque(maxlen=MOST_SWITCHES)
        self._edits: deque[Edit] = deque(maxlen=MOST_EDITS)
        self._bound: deque[int] = deque(maxlen=MOST_EDITS)  # frames at which controllers were
        self._rests: deque[Rest] = deque(maxlen=MOST_RESTS)
        self._lock = Lock()
        self._last = 0  # frame of the last message or edit, or of the last sound
        self._rests_since_then = False

    def listen_to(self, synth: Synth) -> None:
        """Record what this synth performs from now on."""
        self._synth = synth
        synth.subscribe(self.hear)

    def hear(self, event: Performed) -> None:
        """Take in a message that was performed."""
        if event.status >= REAL_TIME and event.status != RESET:
            return
        message = Happened(event.frame, event.status, event.data1, event.data2, event.serial)
        with self._lock:
            self._events.append(message)
            self._moved(event.frame)

    def switched(self, switch: VoiceSwitch) -> None:
        """Take in that a voice began, or went on in another render."""
        with self._lock:
            if self._synth is not None:
                self._switches.append((self._synth.frame, switch))

    def edited(self, part: int, values: Mapping[str, Value]) -> None:
        """Take in that parameters were set by other ways than MIDI."""
        with self._lock:
            if self._synth is not None:
                self._edits.append(Edit(self._synth.frame, part, dict(values)))
                self._moved(self._synth.frame)

    def learnt(self) -> None:
        """Take in that controllers have been bound anew."""
        with self._lock:
            if self._synth is not None:
                self._bound.append(self._synth.frame)

    def attend(self) -> None:
        """Look whether the instrument rests; copy it once each time that it does."""
        synth = self._synth
        if synth is None:
            return
        machine, now = synth.machine, synth.frame
        if not is_at_rest(machine):
            self._last = now
        elif self._is_time_to_copy(now, machine.sample_rate):
            before = synth.snapshot().engine
            rest = Rest(now, before.missing, capture(machine))
            if synth.snapshot().engine.notes != before.notes or not is_at_rest(machine):
                return  # a note began meanwhile: the copy shows two moments
            with self._lock:
                if self._rests_since_then:  # else a take would begin with a long silence
                    self._rests.pop()
                self._rests.append(rest)
                self._rests_since_then = True
                self._forget(now - int(SECONDS * machine.sample_rate))

    def keep(self) -> Take:
        """What was performed since the last moment of rest before the last notes.

        Raises:
            UsageError: there was nothing, or no rest in the time that is remembered.
        """
        synth = self._synth
        with self._lock:
            struck = [event.frame for event in self._events if event.serial > 0]
            if synth is None or not struck:
                raise UsageError("nothing was played yet that could be kept")
            before = [rest for rest in self._rests if rest.frame <= struck[-1]]
            if not before or before[-1].frame < self._remembered_from():
                raise UsageError(
                    "there was no rest of 2 s in what is remembered: pause, then play and keep"
                )
            rest = before[-1]
            events = [event for event in self._events if event.frame >= rest.frame]
            told = [switch for frame, switch in self._switches if frame >= rest.frame]
            edits = [edit for edit in self._edits if edit.frame >= rest.frame]
            learnt = sum(frame >= rest.frame for frame in self._bound)
        return self._take(synth, rest, events, told, edits, learnt)

    def _take(
        self,
        synth: Synth,
        rest: Rest,
        events: list[Happened],
        told: list[VoiceSwitch],
        edits: list[Edit],
        learnt: int,
    ) -> Take:
        bundle, library = self._instrument.bundle, self._instrument.library
        switches = [Switch.of(switch) for switch in told]
        names = {name for switch in switches for name, _ in switch.weights}
        return Take(
            made=datetime.now().astimezone().isoformat(timespec="seconds"),
            version=__version__,
            layout=layout_of(synth.machine),
            sample_rate=synth.machine.sample_rate,
            switch_rate=self._instrument.renderer.locked.sample_rate,
            start=rest.frame,
            end=synth.frame,
            missing=synth.snapshot().engine.missing - rest.missing,
            model=MadeFor(bundle.spec.name, bundle.digest),
            config=self._config,
            keyframe=dict(rest.keyframe),
            instruments={
                name: library.instrument(name).astype(FLOAT).tobytes()
                for name in sorted(names)
                if library.is_own(name)
            },
            events=events,
            switches=switches,
            edits=edits,
            learnt=learnt,
        )

    def _is_time_to_copy(self, now: int, rate: int) -> bool:
        if not self._rests:
            return True
        if self._rests_since_then:
            return now - self._rests[-1].frame >= AGAIN_SECONDS * rate
        return now - self._last >= REST_SECONDS * rate

    def _moved(self, frame: int) -> None:
        self._last = max(frame, self._last)
        self._rests_since_then = False

    def _remembered_from(self) -> int:
        """The frame before which something was forgotten because there was too much."""
        full = len(self._events) == MOST_EVENTS or len(self._switches) == MOST_SWITCHES
        firsts = [*islice(self._events, 1)] if full else []
        frames = [event.frame for event in firsts]
        frames += [frame for frame, _ in islice(self._switches, 1)] if full else []
        return max(frames, default=-1)

    def _forget(self, before: int) -> None:
        while len(self._rests) > 1 and self._rests[0].frame < before:
            self._rests.popleft()
        first = self._rests[0].frame
        while self._events and self._events[0].frame < first:
            self._events.popleft()
        while self._switches and self._switches[0][0] < first:
            self._switches.popleft()
        while self._edits and self._edits[0].frame < first:
            self._edits.popleft()

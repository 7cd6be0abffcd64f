"""The renders of a piece that is known from start to end.

`plan_notes` walks the messages once and writes down which note needs which timbre. `Lookahead`
renders the plan some way ahead of the performance, with `Freewheel` as the agenda: the same plan
gives the same sound.
"""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, Self, TypeAlias

from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import EVERYTHING, PartSettings
from gansynth_live.kernel.tuning import Tunings
from gansynth_live.midi.messages import Event
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.notes.timbre import LatentOf, Timbre, VibratoOf, no_vibrato
from gansynth_live.render.schedule.freewheel import Freewheel, PlannedNote
from gansynth_live.render.schedule.live import LiveCache
from gansynth_live.render.schedule.returns import Returns
from gansynth_live.render.slots.render import Job, Render
from gansynth_live.render.voices.tracker import VoiceSwitch
from gansynth_live.render.voices.voices import Voices

# Given the voices and the time in seconds: their next continuations, begun or gone on with.
BringOn: TypeAlias = Callable[[Voices, float], Iterable[Render | Job]]


class PlannedPart(NamedTuple):
    """What a part plays in a piece.

    Attributes:
        timbre_after: is told every message of the piece in order, and answers with the timbre that
            holds after it.
        settings: which keys play it.
        is_solo: whether it begins with one voice.
    """

    timbre_after: Callable[[Event], Timbre]
    settings: PartSettings = EVERYTHING
    is_solo: bool = False


def plan_notes(
    events: Iterable[tuple[int, Event]], parts: Sequence[PlannedPart], tunings: Tunings
) -> list[PlannedNote]:
    """What the keys among `events` (frame, message; in order) begin or may begin, in each part.

    Args:
        tunings: of the machine that plays them.
    """
    plan = []
    returns = [
        Returns(part.settings, partial(tunings.pitch_of, number), is_solo=part.is_solo)
        for number, part in enumerate(parts)
    ]
    for frame, event in events:
        for number, (timbre_after, settings, _) in enumerate(parts):
            timbre = timbre_after(event)
            pitches = returns[number].after(event.status, event.data1, event.data2)
            if event.is_note_on and settings.plays(event.channel, event.data1):
                pitch = tunings.pitch_of(number, event.data1)
                pitches = [] if pitch is None else [pitch]
            plan += [PlannedNote(frame, each, timbre, number) for each in pitches]
    return plan


def towards(*timbre_at: Callable[[float], Timbre]) -> BringOn:
    """Voices turn to the timbre that is in force in their part at each moment (seconds)."""
    return lambda voices, seconds: voices.next([timbre(seconds) for timbre in timbre_at])


def as_it_was(switches: Iterable[VoiceSwitch]) -> BringOn:
    """Voices go on where they went on in a performance that reported its `switches`."""
    coming: dict[int, deque[VoiceSwitch]] = defaultdict(deque)
    for switch in switches:
        if switch.start > 0:
            coming[switch.serial].append(switch)
    return lambda voices, _seconds: voices.replay(coming)


class Lookahead:
    """Renders a plan ahead of its performance.

    For each block: `follow` its beginning, `reach` its end, send its messages, process it. Memory
    stays within the machine's slots however long the piece is. As a context it starts its threads
    and stops them.

    Args:
        plan: in order of frames.
        bring_on: how sounding voices go on: `towards` a blend, or `as_it_was`.
        workers: number of render threads; 0: one for each core, since no callback needs one.
        vibrato: of a timbre; asked by render threads.
    """

    def __init__(
        self,
        machine: Machine,
        renderer: NoteRenderer,
        latent: LatentOf,
        plan: Sequence[PlannedNote],
        bring_on: BringOn,
        workers: int = 0,
        vibrato: VibratoOf = no_vibrato,
    ) -> None:
        threads = workers or os.cpu_count() or 1
        firsts: list[Timbre] = [None] * (1 + max((note.part for note in plan), default=0))
        self.renders = LiveCache[Timbre](
            machine, renderer, latent, firsts, workers=threads, vibrato=vibrato
        )
        self._freewheel = Freewheel(self.renders, threads, is_whole=True)
        self._rate = machine.sample_rate
        self._plan = plan
        self._bring_on = bring_on

    def __enter__(self) -> Self:
        self._freewheel.begin()
        self._freewheel.expect(self._plan)
        self.renders.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.renders.stop()
        self._freewheel.close()

    def reach(self, frame: int) -> None:
        """Let each note-on before `frame` find its render; waits for those still being made.

        Raises:
            UsageError: the slots do not suffice for what sounds at once.
            RenderError: no render thread is left.
            Exception: what a render that the plan needs failed with.
        """
        if failure := self._freewheel.reached(frame):
            raise failure

    def follow(self, frame: int) -> None:
        """Let the voices that sound at `frame` go on, as far as the next blocks need it.

        Raises:
            Exception: what a continuation failed with.
        """
        seconds = frame / self._rate
        self._freewheel.bring_on(lambda voices: self._bring_on(voices, seconds))
        if failure := self._freewheel.failure:
            raise failure

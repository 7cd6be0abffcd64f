"""A DAW exports us in freewheel: before each step the callback waits until all is ready for it."""

from collections.abc import Callable, Sequence
from functools import partial

from gansynth_live.kernel.gate import PATIENCE_SECONDS, Gate, Message
from gansynth_live.midi import messages
from gansynth_live.model.runtime import default_threads
from gansynth_live.render.schedule.freewheel import Freewheel, PlannedNote, step_end
from gansynth_live.render.schedule.returns import Returns, solo_parts
from gansynth_live.synth import Synth

Say = Callable[[str], None]


class Export:
    """Answers the callback while time waits, in the control thread.

    Args:
        say: is told in one line how an export went that was not waited for to the end.
    """

    def __init__(self, synth: Synth, say: Say) -> None:
        self._synth = synth
        self._gate = Gate(synth.machine)
        self._freewheel = Freewheel(synth.renders, default_threads(), PATIENCE_SECONDS)
        self._say = say
        self._is_running = False
        self._returns: list[Returns] = []  # of each part
        self._first_note: int | None = None  # frame of it, from which steps are counted
        self._unready = 0  # steps that were not waited for, before this export

    def serve(self) -> bool:
        """Prepare the step that is waited for, if one is; False when time is real."""
        if self._gate.is_in_use != self._is_running:
            (self._end if self._is_running else self._begin)()
        if self._is_running and (wanted := self._gate.wanted) is not None:
            self._gate.open_until(self._prepare(wanted))
        return self._is_running

    def _begin(self) -> None:
        self._is_running = True
        self._first_note = None
        machine = self._synth.machine
        solo, pitch_of = solo_parts(machine), machine.tunings.pitch_of
        self._returns = [
            Returns(each.part, partial(pitch_of, each.number), is_solo=solo[each.number])
            for each in self._synth.listeners
        ]
        self._unready = machine.snapshot().unready
        self._freewheel.begin()

    def _end(self) -> None:
        self._is_running = False
        self._freewheel.end()
        if missed := self._synth.machine.snapshot().unready - self._unready:
            self._say(
                f"the export lacks sound: {missed} steps of it did not wait longer than "
                f"{PATIENCE_SECONDS:.0f} s for the renderer; export again"
            )

    def _prepare(self, wanted: int) -> int:
        """Get ready as far as is wanted, at most for a step; the frame up to which all is.

        As a file is rendered: voices go on as the blend stands when a step begins.
        """
        self._synth.events.fetch()
        start = self._gate.reached
        coming = self._gate.upcoming(wanted)
        if self._first_note is None:
            self._first_note = next((m.frame for m in coming if is_note_on(m)), None)
        origin = start if self._first_note is None else self._first_note
        stop = min(step_end(start, origin), wanted)
        coming = [message for message in coming if message.frame < stop]
        notes = self._expect([message for message in coming if message.frame <= start])
        listeners = self._synth.listeners
        blends = [listener.blend_at(start) for listener in listeners]
        notes += self._expect([message for message in coming if message.frame > start])
        for listener in listeners:
            listener.has_heard(stop)
        self._freewheel.expect(notes)
        if step_end(start - 1, origin) == start:
            self._freewheel.follow(blends)
        self._freewheel.reached(stop)
        return stop

    def _expect(self, coming: Sequence[Message]) -> list[PlannedNote]:
        notes = []
        for message in coming:
            channel, key = message.status & 0x0F, message.data1
            for listener, returns in zip(self._synth.listeners, self._returns, strict=True):
                listener.expect(*message)
                pitches = returns.after(*message[1:])
                if is_note_on(message):
                    pitches = listener.pitches_of(channel, key)
                if pitches:
                    frame, blend = message.frame, listener.blend_at(message.frame)
                    notes += [PlannedNote(frame, each, blend, listener.number) for each in pitches]
        return notes


def is_note_on(message: Message) -> bool:
    """Whether a message strikes a key."""
    return message.status & 0xF0 == messages.NOTE_ON and message.data2 > 0

"""A DAW exports us in freewheel: before each step the callback waits until all is ready for it."""

from collections.abc import Callable, Sequence

from gansynth_live.kernel.gate import PATIENCE_SECONDS, Gate, Message
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.listener import Listener
from gansynth_live.midi import messages
from gansynth_live.render.freewheel import Freewheel
from gansynth_live.render.live import LiveCache
from gansynth_live.render.offline import PlannedNote
from gansynth_live.render.patient import step_end

Say = Callable[[str], None]


class Export:
    """Answers the callback while time waits, in the control thread.

    Args:
        ears: hear each message before it acts.
        say: is told in one line how an export went that was not waited for to the end.
    """

    def __init__(
        self, machine: Machine, ears: Listener, renders: LiveCache[Blend], say: Say
    ) -> None:
        self._machine = machine
        self._gate = Gate(machine)
        self._ears = ears
        self._freewheel = Freewheel(renders, PATIENCE_SECONDS)
        self._say = say
        self._is_running = False
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
        self._unready = self._machine.snapshot().unready
        self._freewheel.begin()

    def _end(self) -> None:
        self._is_running = False
        self._freewheel.end()
        if missed := self._machine.snapshot().unready - self._unready:
            self._say(
                f"the export lacks sound: {missed} steps of it did not wait longer than "
                f"{PATIENCE_SECONDS:.0f} s for the renderer; export again"
            )

    def _prepare(self, wanted: int) -> int:
        """Get ready as far as is wanted, at most for a step; the frame up to which all is.

        As a file is rendered: voices go on as the blend stands when a step begins.
        """
        self._ears.fetch()
        start = self._gate.reached
        coming = self._gate.upcoming(wanted)
        if self._first_note is None:
            self._first_note = next((m.frame for m in coming if is_note_on(m)), None)
        origin = start if self._first_note is None else self._first_note
        stop = min(step_end(start, origin), wanted)
        coming = [message for message in coming if message.frame < stop]
        notes = self._hear([message for message in coming if message.frame <= start])
        blend = self._ears.blend_at(start)
        notes += self._hear([message for message in coming if message.frame > start])
        self._ears.has_heard(stop)
        self._freewheel.expect(notes)
        if step_end(start - 1, origin) == start:
            self._freewheel.follow(blend)
        self._freewheel.reached()
        return stop

    def _hear(self, coming: Sequence[Message]) -> list[PlannedNote]:
        notes = []
        for message in coming:
            self._ears.hear(*message)
            if is_note_on(message):
                blend = self._ears.blend_at(message.frame)
                notes.append(PlannedNote(message.frame, message.data1, blend))
        return notes


def is_note_on(message: Message) -> bool:
    """Whether a message strikes a key."""
    return message.status & 0xF0 == messages.NOTE_ON and message.data2 > 0

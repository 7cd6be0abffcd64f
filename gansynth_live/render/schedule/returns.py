"""Notes that a note-off begins: a part with one voice returns to a key that is still down."""

from collections.abc import Callable

from gansynth_live.kernel.layout import POLY
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.midi.messages import CONTROL_CHANGE, LEGATO_PEDAL, MONO_ON, NOTE_OFF, NOTE_ON


def solo_parts(machine: Machine) -> list[bool]:
    """Of each part, whether it has one voice now."""
    return [bool(mode != POLY) for mode in machine.memory.parts["mode"]]


class Returns:
    """Follows which keys of a part are down, as its messages come in their order.

    To which of them it returns is for the engine to say; here are all that it may be.

    Args:
        part: which keys play it.
        pitch_of: the pitch from whose render a key starts now; None: it is silent.
        is_solo: whether it has one voice; else it has from the first message on that says so.
    """

    def __init__(
        self, part: PartSettings, pitch_of: Callable[[int], int | None], *, is_solo: bool
    ) -> None:
        self._part = part
        self._pitch_of = pitch_of
        self._is_solo = is_solo
        self._down: dict[int, None] = {}  # in the order in which they were struck

    def after(self, status: int, data1: int, data2: int) -> list[int]:
        """The pitches of keys that may begin after a message, because another one came up."""
        kind, channel = status & 0xF0, status & 0x0F
        if kind == CONTROL_CHANGE and data1 in (LEGATO_PEDAL, MONO_ON):
            self._is_solo = self._is_solo or self._part.hears(status)
        if kind not in (NOTE_ON, NOTE_OFF) or not self._part.plays(channel, data1):
            return []
        self._down.pop(data1, None)
        if kind == NOTE_ON and data2 > 0:
            if self._pitch_of(data1) is not None:
                self._down[data1] = None
            return []
        if not self._is_solo or not self._down:
            return []
        likely = {next(reversed(self._down)), min(self._down), max(self._down)}
        pitches = {self._pitch_of(key) for key in likely}
        return sorted(pitch for pitch in pitches if pitch is not None)

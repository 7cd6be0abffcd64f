"""What the callback noticed reaches the morph controls and the note cache."""

from typing import Any

from gansynth_live.faults import Faults
from gansynth_live.kernel.layout import (
    CONTROL,
    KEY_PRESSURE,
    NOTE_OFF,
    NOTE_ON,
    PRESSURE,
    PROGRAM,
    SYSTEM,
)
from gansynth_live.kernel.machine import Machine
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.foresight import Foresight
from gansynth_live.midi import messages
from gansynth_live.render.live import LiveCache

# The first status byte of what a kind of notice stands for.
STATUS_OF = {
    NOTE_ON: messages.NOTE_ON,
    NOTE_OFF: messages.NOTE_OFF,
    KEY_PRESSURE: messages.KEY_PRESSURE,
    CONTROL: messages.CONTROL_CHANGE,
    PROGRAM: messages.PROGRAM_CHANGE,
    PRESSURE: messages.CHANNEL_PRESSURE,
    SYSTEM: messages.SYSTEM_EXCLUSIVE,  # the first of the system messages
}


class Listener:
    """Hears the hands and the knobs, and aims the cache where they are and where they go.

    For one thread.

    Args:
        foresight: of controls with the same settings as `controls`.
        faults: of the control thread; a message that fails takes no other with it.
    """

    def __init__(
        self,
        machine: Machine,
        controls: MorphControls,
        foresight: Foresight,
        renders: LiveCache[Blend],
        faults: Faults,
    ) -> None:
        self._machine = machine
        self._controls = controls
        self._foresight = foresight
        self._renders = renders
        self._faults = faults
        self._has_moved = True  # since the cache was told what to keep warm
        self._rests = False  # until the next message
        self._heard_until = 0  # frame before which everything has been heard

    def listen(self) -> None:
        """Pass on what was noticed since the last time, then aim at the blend of this moment."""
        self.fetch()
        if not self._rests:
            with self._faults:
                self._aim(int(self._machine.memory.status["frame"][0]) / self._machine.sample_rate)

    def fetch(self) -> None:
        """Pass on what was noticed since the last time, and had not been heard before."""
        for notice in self._machine.notices():
            with self._faults:
                self._pass_on(notice)

    def hear(self, frame: int, status: int, data1: int, data2: int) -> None:
        """Pass on a message, which may be still to come (see `has_heard`)."""
        self._rests = False
        seconds = frame / self._machine.sample_rate
        self._controls.feed(seconds, status, data1, data2)
        self._foresight.feed(seconds, status, data1, data2)

    def has_heard(self, stop: int) -> None:
        """All messages before frame `stop` have been passed on: notices of them are no news."""
        self._heard_until = stop

    def blend_at(self, frame: int) -> Blend:
        """The blend at a frame, by what was heard."""
        return self._controls.blend_at(frame / self._machine.sample_rate)

    def _pass_on(self, notice: Any) -> None:
        frame, kind, a, b = (int(notice[field]) for field in ("frame", "kind", "a", "b"))
        if frame < self._heard_until:
            return
        self._rests = False
        if kind == NOTE_ON:
            self._renders.note_on(a)
        if message := message_of(kind, int(notice["channel"]), a, b):
            self.hear(frame, *message)

    def _aim(self, now: float) -> None:
        blend = self._controls.blend_at(now)
        moves = blend != self._renders.target
        self._renders.aim(blend, self._foresight.blend_at(now))
        if self._has_moved and not moves:
            self._renders.keep_warm(self._controls.anchors_at(now))
        self._has_moved = moves
        self._rests = not moves and self._controls.rests_at(now) and self._foresight.rests_at(now)


def message_of(kind: int, channel: int, a: int, b: int) -> tuple[int, int, int] | None:
    """The MIDI message (status, data) that a notice passes on; None for those that are news."""
    return (STATUS_OF[kind] | channel, a, b) if kind in STATUS_OF else None

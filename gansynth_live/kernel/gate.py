"""The gate: in JACK's freewheel no frame is performed before all that it needs is there.

Freewheel is how a DAW exports: time stands still until a block has been made. The callback says how
far it wants to go and waits at the gate; Python looks at what is due until then or sooner, has it
rendered, and opens the gate as far as that. In real time the gate stands open.
"""

from typing import NamedTuple

import numpy as np

from gansynth_live.kernel.crossing import load, store
from gansynth_live.kernel.layout import S_CHANNELS
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.memory import AT_GATE, HEAD, OPEN_UNTIL, TAIL, VOID, WAITS, WANTED
from gansynth_live.kernel.settings import passes

PATIENCE_SECONDS = 8.0  # JACK throws a client out that takes 10


class Message(NamedTuple):
    """A MIDI message on its way into the engine."""

    frame: int
    status: int
    data1: int
    data2: int


class Gate:
    """Python's side of a machine's gate. For one thread."""

    def __init__(self, machine: Machine) -> None:
        self._memory = machine.memory

    @property
    def is_in_use(self) -> bool:
        """Whether the callback waits at it: JACK is in freewheel."""
        return load(self._memory.gate, WAITS) != 0

    @property
    def reached(self) -> int:
        """The frame that the callback waits with, the next to be performed."""
        return load(self._memory.gate, AT_GATE)

    @property
    def wanted(self) -> int | None:
        """Frame up to which the callback waits to go on; None when it does not wait."""
        if self.reached < load(self._memory.gate, OPEN_UNTIL):
            return None
        wanted = load(self._memory.gate, WANTED)
        return wanted if wanted > self.reached else None

    def open_until(self, frame: int) -> None:
        """Everything is there that frames before this one need."""
        store(self._memory.gate, OPEN_UNTIL, frame)

    def upcoming(self, stop: int) -> list[Message]:
        """Messages that are heard and will act before frame `stop`, in their order."""
        memory = self._memory
        found = []
        for ring, cursor in (
            (memory.jack_events, memory.jack_cursor),
            (memory.port_events, memory.port_cursor),
        ):
            frame = self.reached
            first = max(load(cursor, TAIL), int(cursor[VOID]))
            waiting = np.arange(first, load(cursor, HEAD)) & (len(ring) - 1)
            for event in ring[waiting]:
                frame = max(frame, int(event["frame"]))
                found.append(Message(frame, *(int(event[name]) for name in Message._fields[1:])))
        coming = (message for message in found if message.frame < stop and self._hears(message))
        return sorted(coming, key=lambda message: message.frame)

    def _hears(self, message: Message) -> bool:
        """Whether the engine will hear a message; those of the system it always does."""
        return passes(message.status, int(self._memory.settings[S_CHANNELS]))

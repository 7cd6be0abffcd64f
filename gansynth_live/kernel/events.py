"""MIDI messages into the engine, and back as what was performed.

What may end a note always counts: a quarter of the ring's places is kept for it. When those are
taken as well, the very last place takes LET_GO, which ends every note before it: a full ring leaves
none hanging.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import load_acquire
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import LET_GO
from gansynth_live.kernel.memory import HEAD, TAIL
from gansynth_live.kernel.ring import commit

KEPT_SHARE = 4  # one place in so many


class Performed(NamedTuple):
    """A MIDI message that was performed (PERFORMED).

    Attributes:
        frame: when it acted.
        port: where it came from: THE_PROGRAM, JACK_INPUT, or a MIDI input from FIRST_INPUT on.
        serial: number of the note that it began; 0: it began none.
    """

    frame: int
    status: int
    data1: int
    data2: int
    port: int
    serial: int


@compiled
def offer(
    ring: NDArray[np.record],
    cursor: NDArray[np.int64],
    frame: int,
    status: int,
    data1: int,
    data2: int,
    port: int,
) -> bool:
    """Queue one message (producer's side); False if there is no room for it."""
    free = len(ring) - (cursor[HEAD] - load_acquire(cursor, TAIL))
    ends = may_end_notes(status, data1, data2)
    if free > (1 if ends else len(ring) // KEPT_SHARE):
        _write(ring, cursor, frame, status, data1, data2, port)
        return True
    if ends and free == 1:
        _write(ring, cursor, frame, LET_GO, 0, 0, port)
    return False


@compiled
def may_end_notes(status: int, data1: int, data2: int) -> bool:
    """Whether a message is a note-off, a pedal, a channel mode message or a reset."""
    kind = status >> 4
    if kind == 0xB:
        return data1 in (64, 66) or data1 >= 120
    return kind == 0x8 or (kind == 0x9 and data2 == 0) or status in (0xFF, LET_GO)


@compiled
def _write(
    ring: NDArray[np.record],
    cursor: NDArray[np.int64],
    frame: int,
    status: int,
    data1: int,
    data2: int,
    port: int,
) -> None:
    event = ring[cursor[HEAD] & (len(ring) - 1)]
    event.frame = frame
    event.status = status
    event.data1 = data1
    event.data2 = data2
    event.port = port
    commit(cursor)

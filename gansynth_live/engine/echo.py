"""Telling Python what was performed, without ever waiting for it."""

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import THE_PROGRAM
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.ring import commit, free_place
from gansynth_live.midi.messages import NOTE_OFF


@compiled
def echo(
    memory: Memory, frame: int, status: int, data1: int, data2: int, port: int, serial: int
) -> None:
    """Put a message that acts at `frame` into the ring (PERFORMED); a full one drops and counts."""
    place = free_place(memory.performed, memory.performed_cursor)
    if place < 0:
        memory.status[0].unheard += 1
        return
    performed = memory.performed[place]
    performed.frame = frame
    performed.status = status
    performed.data1 = data1
    performed.data2 = data2
    performed.port = port
    performed.serial = serial
    commit(memory.performed_cursor)


@compiled
def echo_lifted(memory: Memory, frame: int, channel: int, key: int) -> None:
    """Tell a note-off that nobody sent: the engine let the key go."""
    echo(memory, frame, NOTE_OFF | channel, key, 0, THE_PROGRAM, 0)

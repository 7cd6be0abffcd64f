"""Telling Python what happened, without ever waiting for it."""

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.ring import commit, free_place


@compiled
def notify(memory: Memory, frame: int, kind: int, channel: int, a: int, b: int) -> None:
    """Put a notice into the ring; a full ring drops it and counts."""
    place = free_place(memory.notices, memory.notice_cursor)
    if place < 0:
        memory.status[0].unheard += 1
        return
    notice = memory.notices[place]
    notice.frame = frame
    notice.kind = kind
    notice.channel = channel
    notice.a = a
    notice.b = b
    commit(memory.notice_cursor)

"""Single-producer, single-consumer rings of records: the only way into and out of the callback.

A ring is an array of records (length a power of two) and a cursor with two counters on cache lines
of their own. The producer writes a record, then moves the head with release order; the consumer
reads up to the head it acquired, then moves the tail. Nobody waits: a full ring refuses.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import load_acquire, store_release
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.memory import HEAD, TAIL


@compiled
def waiting(cursor: NDArray[np.int64]) -> int:
    """Records that are ready to be read (consumer's side)."""
    count: int = load_acquire(cursor, HEAD) - cursor[TAIL]
    return count


@compiled
def front(ring: NDArray[np.record], cursor: NDArray[np.int64]) -> int:
    """Index of the oldest record; only while `waiting` is not 0."""
    index: int = cursor[TAIL] & (len(ring) - 1)
    return index


@compiled
def drop_front(cursor: NDArray[np.int64]) -> None:
    """Give the oldest record's place back to the producer."""
    store_release(cursor, TAIL, cursor[TAIL] + 1)


@compiled
def free_place(ring: NDArray[np.record], cursor: NDArray[np.int64]) -> int:
    """Index where the producer may write the next record, or -1 when the ring is full."""
    head = cursor[HEAD]
    if head - load_acquire(cursor, TAIL) >= len(ring):
        return -1
    index: int = head & (len(ring) - 1)
    return index


@compiled
def commit(cursor: NDArray[np.int64]) -> None:
    """Show the record written at `free_place` to the consumer."""
    store_release(cursor, HEAD, cursor[HEAD] + 1)

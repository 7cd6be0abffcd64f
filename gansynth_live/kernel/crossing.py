"""What Python calls to hand something over to the callback, or to look at what it has done."""

import numpy as np
from numba import int64
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import load_acquire, store_release
from gansynth_live.kernel.compile import compiled_entry
from gansynth_live.kernel.events import offer
from gansynth_live.kernel.memory import EVENTS, HEAD, TAIL


@compiled_entry(int64[::1], int64)
def load(array: NDArray[np.int64], index: int) -> int:
    """array[index], ordered before all that follows."""
    value: int = load_acquire(array, index)
    return value


@compiled_entry(int64[::1], int64, int64)
def store(array: NDArray[np.int64], index: int, value: int) -> None:
    """array[index] = value, ordered after all that came before."""
    store_release(array, index, value)


def put(ring: NDArray[np.record], cursor: NDArray[np.int64], record: tuple[float, ...]) -> bool:
    """Append one record to a ring; False if it is full. One producer at a time."""
    head = int(cursor[HEAD])
    if head - load(cursor, TAIL) >= len(ring):
        return False
    ring[head & (len(ring) - 1)] = record
    store(cursor, HEAD, head + 1)
    return True


@compiled_entry(EVENTS, int64[::1], int64, int64, int64, int64, int64)
def put_event(
    ring: NDArray[np.record],
    cursor: NDArray[np.int64],
    frame: int,
    status: int,
    data1: int,
    data2: int,
    port: int,
) -> bool:
    """Append one message to a ring; False if there is no room for it (see `offer`)."""
    return offer(ring, cursor, frame, status, data1, data2, port)

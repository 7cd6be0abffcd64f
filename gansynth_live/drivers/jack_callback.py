"""JACK's call-backs, compiled: MIDI at its frame in, sound straight into the port buffers out.

RT: no Python at run time. Importing this module needs the JACK library (`DeviceError` if missing).
"""

import ctypes
from typing import Any

import llvmlite.binding
import numpy as np
from numba import carray, types

from gansynth_live.drivers.libjack import libjack
from gansynth_live.engine.process import process
from gansynth_live.kernel.atomics import pointer_at
from gansynth_live.kernel.compile import compiled_callback, compiled_view
from gansynth_live.kernel.memory import Memory, memory_from
from gansynth_live.kernel.ring import commit, free_place

TABLE_LENGTH = 2 * len(Memory._fields)

# jack_midi_event_t on 64-bit systems.
MIDI_EVENT = np.dtype([("time", "u4"), ("unused", "u4"), ("size", "u8"), ("message", "i8")])

CLIENT = np.dtype(
    [
        ("table", "i8"),  # address of the machine's table of addresses
        ("left", "i8"),  # ports
        ("right", "i8"),
        ("midi", "i8"),
        ("event", "i8"),  # address of a MIDI_EVENT to work with
        ("down", "i8"),  # 1 when the server has gone
    ]
)


def _jack_call(name: str, signature: Any) -> Any:
    # Compiled code finds the call by name, so that it can be cached on disk.
    address = ctypes.cast(getattr(libjack(), name), ctypes.c_void_p).value
    llvmlite.binding.add_symbol(name, address)
    return types.ExternalFunction(name, signature)


_get_buffer = _jack_call("jack_port_get_buffer", types.int64(types.int64, types.uint32))
_count_events = _jack_call("jack_midi_get_event_count", types.uint32(types.int64))
_get_event = _jack_call("jack_midi_event_get", types.int32(types.int64, types.int64, types.uint32))


@compiled_view
def _take_midi(memory: Memory, client: Any, frames: int) -> None:
    """Copy this block's messages into the machine's ring, each with its absolute frame."""
    now = memory.status[0].frame
    buffer = _get_buffer(client.midi, np.uint32(frames))
    arrived = carray(pointer_at(client.event), (1,), MIDI_EVENT)[0]
    for number in range(_count_events(buffer)):
        if _get_event(client.event, buffer, np.uint32(number)) != 0:
            continue
        place = free_place(memory.jack_events, memory.jack_cursor)
        if arrived.size == 0 or arrived.size > 3 or place < 0:  # system exclusive, or a flood
            continue
        message = carray(pointer_at(arrived.message), (3,), np.uint8)
        event = memory.jack_events[place]
        event.frame = now + arrived.time
        event.status = message[0]
        event.data1 = message[1] if arrived.size > 1 else np.uint8(0)
        event.data2 = message[2] if arrived.size > 2 else np.uint8(0)
        commit(memory.jack_cursor)


@compiled_callback(types.int32(types.uint32, types.voidptr))
def jack_process(frames: int, user: Any) -> int:
    """JackProcessCallback; `user` is the address of a CLIENT."""
    client = carray(user, (1,), CLIENT)[0]
    memory = memory_from(carray(pointer_at(client.table), (TABLE_LENGTH,), np.int64))
    _take_midi(memory, client, frames)
    left = carray(pointer_at(_get_buffer(client.left, frames)), (frames,), np.float32)
    right = carray(pointer_at(_get_buffer(client.right, frames)), (frames,), np.float32)
    process(memory, left, right, frames)
    memory.status[0].callbacks += 1
    return 0


@compiled_callback(types.int32(types.voidptr))
def jack_xrun(user: Any) -> int:
    """JackXRunCallback: some client of the graph was late, and it may have been us."""
    client = carray(user, (1,), CLIENT)[0]
    memory = memory_from(carray(pointer_at(client.table), (TABLE_LENGTH,), np.int64))
    memory.status[0].xruns += 1
    return 0


@compiled_callback(types.void(types.voidptr))
def jack_shutdown(user: Any) -> None:
    """JackShutdownCallback: the server has gone, or has thrown us out."""
    carray(user, (1,), CLIENT)[0].down = 1


@compiled_callback(types.void(types.voidptr))
def jack_say_nothing(_message: Any) -> None:
    """JackErrorCallback: what matters is noticed and said by the driver."""

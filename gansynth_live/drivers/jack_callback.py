"""JACK's call-backs, compiled: MIDI at its frame in, sound straight into the port buffers out.

RT: no Python at run time; no waiting but in freewheel, when time waits too. Importing this module
needs the JACK library (`DeviceError` if missing).
"""

from typing import Any

import numpy as np
from numba import carray, types
from numpy.typing import NDArray

from gansynth_live.drivers.libjack import libjack
from gansynth_live.engine.keyboard import let_go
from gansynth_live.engine.line import ALL_CHANNELS
from gansynth_live.engine.process import process
from gansynth_live.kernel.atomics import load_acquire, pointer_at, store_release
from gansynth_live.kernel.compile import compiled, compiled_callback, compiled_view
from gansynth_live.kernel.events import offer
from gansynth_live.kernel.gate import PATIENCE_SECONDS
from gansynth_live.kernel.layout import JACK_INPUT, S_SAMPLE_RATE
from gansynth_live.kernel.memory import (
    AT_GATE,
    GIVEN_UP_AT,
    OPEN_UNTIL,
    WAITS,
    WANTED,
    Memory,
    memory_from,
)
from gansynth_live.kernel.nap import external, nap

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
        ("client", "i8"),  # as JACK calls us
        ("down", "i8"),  # 1 when the server has gone
        ("changes", "i8"),  # of the graph, counted
        ("channels", "i8"),  # bit n: a message of channel n has come
        ("is_running", "i8"),  # 1 once a block was asked for
        ("next", "u4"),  # JACK's frame time that the next block should have
        ("scale", "f4"),  # of the output: less than 1 where both sides go to one speaker
    ]
)

LOST_SECONDS = 0.25  # a gap between two blocks in which messages may have been lost
PATIENCE = int(PATIENCE_SECONDS * 1e6)  # microseconds
NAP = 100  # microseconds


def _jack_call(name: str, signature: Any) -> Any:
    return external(libjack(), name, signature)


_get_buffer = _jack_call("jack_port_get_buffer", types.int64(types.int64, types.uint32))
_count_events = _jack_call("jack_midi_get_event_count", types.uint32(types.int64))
_now = _jack_call("jack_get_time", types.uint64())
_get_event = _jack_call("jack_midi_event_get", types.int32(types.int64, types.int64, types.uint32))
_frame_time = _jack_call("jack_last_frame_time", types.uint32(types.int64))


@compiled
def _notice_a_stall(memory: Memory, client: Any, frames: int) -> None:
    """Let go of everything when JACK's time has run on without us: note-offs may be lost.

    In freewheel its time says nothing, nor does its first step afterwards.
    """
    now = _frame_time(client.client)
    gap = np.int32(now - client.next)  # frame times wrap around
    in_real_time = load_acquire(memory.gate, WAITS) == 0
    late = gap > LOST_SECONDS * memory.settings[S_SAMPLE_RATE]
    if client.is_running and in_real_time and late:
        let_go(memory, memory.status[0].frame, ALL_CHANNELS)
        memory.status[0].stalls += 1
    client.is_running = in_real_time
    client.next = now + np.uint32(frames)


@compiled_view
def _take_midi(memory: Memory, client: Any, frames: int) -> None:
    """Copy this block's messages into the machine's ring, each with its absolute frame."""
    now = memory.status[0].frame
    buffer = _get_buffer(client.midi, np.uint32(frames))
    arrived = carray(pointer_at(client.event), (1,), MIDI_EVENT)[0]
    for number in range(_count_events(buffer)):
        if _get_event(client.event, buffer, np.uint32(number)) != 0:
            continue
        if arrived.size == 0 or arrived.size > 3:  # system exclusive
            continue
        message = carray(pointer_at(arrived.message), (3,), np.uint8)
        if message[0] < 0xF0:
            client.channels |= 1 << (message[0] & 0x0F)
        data1 = int(message[1]) if arrived.size > 1 else 0
        data2 = int(message[2]) if arrived.size > 2 else 0
        frame = now + int(arrived.time)
        ring, cursor = memory.jack_events, memory.jack_cursor
        if not offer(ring, cursor, frame, int(message[0]), data1, data2, JACK_INPUT):
            memory.status[0].dropped += 1


@compiled
def _wait(memory: Memory, stop: int) -> int:
    """Sleep until the gate is open further, but not for ever; the frame to go on to, up to `stop`.

    Who has waited in vain does not wait again before the gate moves.
    """
    gate, now = memory.gate, memory.status[0].frame
    gate[WANTED] = stop
    store_release(gate, AT_GATE, now)
    deadline = _now() + np.uint64(PATIENCE)
    opened = load_acquire(gate, OPEN_UNTIL)
    while opened <= now and load_acquire(gate, WAITS) != 0:
        if opened == gate[GIVEN_UP_AT] or _now() > deadline:
            gate[GIVEN_UP_AT] = opened
            memory.status[0].unready += 1
            return stop
        nap(NAP)
        opened = load_acquire(gate, OPEN_UNTIL)
    return min(opened, stop) if opened > now else stop


@compiled
def _process_in_steps(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], frames: int
) -> None:
    """A block in freewheel."""
    start, done = memory.status[0].frame, 0
    while done < frames:
        stop = _wait(memory, start + frames) - start
        process(memory, left[done:stop], right[done:stop], stop - done)
        done = stop


@compiled_callback(types.int32(types.uint32, types.voidptr))
def jack_process(frames: int, user: Any) -> int:
    """JackProcessCallback; `user` is the address of a CLIENT."""
    client = carray(user, (1,), CLIENT)[0]
    memory = memory_from(carray(pointer_at(client.table), (TABLE_LENGTH,), np.int64))
    _notice_a_stall(memory, client, frames)
    _take_midi(memory, client, frames)
    left = carray(pointer_at(_get_buffer(client.left, frames)), (frames,), np.float32)
    right = carray(pointer_at(_get_buffer(client.right, frames)), (frames,), np.float32)
    if load_acquire(memory.gate, WAITS) == 0:
        process(memory, left, right, frames)
    else:
        _process_in_steps(memory, left, right, frames)
    if client.scale != np.float32(1.0):
        for frame in range(frames):
            left[frame] *= client.scale
            right[frame] *= client.scale
    memory.status[0].callbacks += 1
    return 0


@compiled_callback(types.void(types.int32, types.voidptr))
def jack_freewheel(starting: int, user: Any) -> None:
    """JackFreewheelCallback: from now on time waits for us, or no more."""
    client = carray(user, (1,), CLIENT)[0]
    memory = memory_from(carray(pointer_at(client.table), (TABLE_LENGTH,), np.int64))
    memory.gate[GIVEN_UP_AT] = -1
    store_release(memory.gate, WAITS, np.int64(starting))


@compiled_callback(types.int32(types.voidptr))
def jack_xrun(user: Any) -> int:
    """JackXRunCallback: some client of the graph was late, and it may have been us."""
    client = carray(user, (1,), CLIENT)[0]
    memory = memory_from(carray(pointer_at(client.table), (TABLE_LENGTH,), np.int64))
    memory.status[0].xruns += 1
    return 0


@compiled_callback(types.void(types.uint32, types.uint32, types.int32, types.voidptr))
def jack_connected(_a: int, _b: int, _connected: int, user: Any) -> None:
    """JackPortConnectCallback, on a thread of the library's own: two ports met or parted."""
    carray(user, (1,), CLIENT)[0].changes += 1


@compiled_callback(types.void(types.uint32, types.int32, types.voidptr))
def jack_registered(_port: int, _registered: int, user: Any) -> None:
    """JackPortRegistrationCallback, on a thread of the library's own: a port came or went."""
    carray(user, (1,), CLIENT)[0].changes += 1


@compiled_callback(types.void(types.voidptr))
def jack_shutdown(user: Any) -> None:
    """JackShutdownCallback: the server has gone, or has thrown us out."""
    client = carray(user, (1,), CLIENT)[0]
    memory = memory_from(carray(pointer_at(client.table), (TABLE_LENGTH,), np.int64))
    store_release(memory.gate, WAITS, np.int64(0))
    client.down = 1


@compiled_callback(types.void(types.voidptr))
def jack_say_nothing(_message: Any) -> None:
    """JackErrorCallback: what matters is noticed and said by the driver."""

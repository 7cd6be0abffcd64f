"""One block of sound: the single function behind sound card, JACK, file and tests.

RT: everything here runs in the audio callback. It never allocates, locks, logs or waits.
"""

import numpy as np
from numba import float32, int64
from numpy.typing import NDArray

from gansynth_live.engine.dispatch import obey, panic, perform, reset_all
from gansynth_live.engine.keyboard import let_go
from gansynth_live.engine.line import ALL_CHANNELS
from gansynth_live.kernel.atomics import load_acquire, store_release
from gansynth_live.kernel.bus import finish
from gansynth_live.kernel.compile import compiled, compiled_entry
from gansynth_live.kernel.effects.rack import add_effects, begin_mixes
from gansynth_live.kernel.effects.sends import left_of, right_of
from gansynth_live.kernel.layout import (
    PENDING,
    S_ACTIVE_SENSING,
    S_SAMPLE_RATE,
    SEGMENT,
    THE_PROGRAM,
)
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.memory import HEARD, MEMORY, PANICS, TAIL, VOID, Memory
from gansynth_live.kernel.ring import drop_front, front, waiting
from gansynth_live.kernel.voice import mix_voice

SENSING_TIMEOUT = 0.33  # seconds without any message, after the first active sensing
NOTHING = 1 << 62  # a frame that never comes


@compiled_entry(MEMORY, float32[::1], float32[::1], int64)
def process(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], frames: int
) -> None:
    """Render the next `frames` frames into `left` and `right` (float32, overwritten).

    MIDI messages and commands take effect on their frame; those that are late, or say `NOW`, at
    the first frame of the block.
    """
    for i in range(frames):
        left[i] = np.float32(0.0)
        right[i] = np.float32(0.0)
    start = memory.status[0].frame
    if start == 0:
        reset_all(memory, start)
    _heed_panic(memory, start)
    done = 0
    while done < frames:
        due = _next_frame(memory, start + done) - start
        stop = min(due, frames)
        if memory.bus[0].apart:
            stop = min(stop, done + SEGMENT - ((start + done) & (SEGMENT - 1)))
        if stop > done:
            apart = _mix(memory, left[done:stop], right[done:stop], start + done)
            finish(memory, left, right, done, stop, apart)
            _remember(memory.heard, left[done:stop], right[done:stop], start + done)
            done = stop
        if due == done < frames:
            _take_one(memory, start + done)
    memory.status[0].frame = start + frames


@compiled
def _remember(
    heard: NDArray[np.float32], left: NDArray[np.float32], right: NDArray[np.float32], now: int
) -> None:
    """Keep what was played a while, for those who look at it."""
    for i in range(len(left)):
        heard[(now + i) & (HEARD - 1)] = np.float32(0.5) * (left[i] + right[i])


@compiled
def _heed_panic(memory: Memory, now: int) -> None:
    """Carry out a panic, which overtakes every message that was sent before it."""
    cursor = memory.port_cursor
    wanted = load_acquire(cursor, PANICS)
    if wanted != memory.status[0].panics:
        memory.status[0].panics = wanted
        store_release(cursor, TAIL, max(cursor[TAIL], cursor[VOID]))
        panic(memory, now, THE_PROGRAM)


@compiled
def _next_frame(memory: Memory, now: int) -> int:
    """Frame of the next thing to do, not before `now`; NOTHING if none is known."""
    return min(
        _sensing_ends(memory, now),
        _due(memory.commands, memory.command_cursor, now),
        _due(memory.port_events, memory.port_cursor, now),
        _due(memory.jack_events, memory.jack_cursor, now),
    )


@compiled
def _due(ring: NDArray[np.record], cursor: NDArray[np.int64], now: int) -> int:
    if waiting(cursor) == 0:
        return NOTHING
    frame: int = ring[front(ring, cursor)].frame
    return max(frame, now)


@compiled
def _take_one(memory: Memory, now: int) -> None:
    """Carry out one thing that is due at `now`: commands first, so that notes find new renders.

    A sender's silence comes last: a message on that very frame ends it.
    """
    if _due(memory.commands, memory.command_cursor, now) == now:
        obey(memory, memory.commands[front(memory.commands, memory.command_cursor)])
        drop_front(memory.command_cursor)
        return
    if _due(memory.jack_events, memory.jack_cursor, now) == now:
        _take_event(memory, memory.jack_events, memory.jack_cursor, now)
    elif _due(memory.port_events, memory.port_cursor, now) == now:
        _take_event(memory, memory.port_events, memory.port_cursor, now)
    else:
        _miss_sender(memory, now)


@compiled
def _take_event(
    memory: Memory, ring: NDArray[np.record], cursor: NDArray[np.int64], now: int
) -> None:
    event = ring[front(ring, cursor)]
    if event.frame > NOW and event.frame < now:
        memory.status[0].late += 1
    perform(memory, now, event)
    drop_front(cursor)


@compiled
def _mix(memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], now: int) -> bool:
    """Add all voices to the frames from `now` on; whether each part was mixed apart."""
    apart = begin_mixes(memory, now)
    mixes = memory.rack[0].mixes
    heard, sounding = 0, 0
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage > PENDING:
            to_left, to_right = left, right
            if apart:
                first, second = left_of(voice.part), right_of(voice.part)
                to_left = mixes[first : first + len(left)]
                to_right = mixes[second : second + len(left)]
            mix_voice(memory, voice, to_left, to_right, now)
            heard |= 1 << voice.part
            sounding += voice.stage > PENDING
    memory.status[0].voices = sounding
    if apart:
        add_effects(memory, left, right, now, heard)
    return apart


@compiled
def _sensing_ends(memory: Memory, now: int) -> int:
    """Frame at which a sender that used active sensing has been silent too long."""
    if not memory.status[0].sensing or memory.settings[S_ACTIVE_SENSING] == 0.0:
        return NOTHING
    longest = int(SENSING_TIMEOUT * memory.settings[S_SAMPLE_RATE])
    ends: int = memory.status[0].last_message + longest + 1
    return max(ends, now)


@compiled
def _miss_sender(memory: Memory, now: int) -> None:
    """Let go of keys and pedals: their sender has fallen silent."""
    memory.status[0].sensing = 0
    let_go(memory, now, ALL_CHANNELS)


def process_block(machine: Machine, frames: int) -> NDArray[np.float32]:
    """The next `frames` frames of a machine that no driver plays: float32 [2, frames]."""
    block = np.empty((2, frames), np.float32)
    process(machine.memory, block[0], block[1], frames)
    return block

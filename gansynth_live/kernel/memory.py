"""All arrays of one instrument, as Python owns them and as a C callback finds them again."""

from typing import NamedTuple

import numpy as np
from numba import carray, typeof
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import pointer_at
from gansynth_live.kernel.compile import compiled_view
from gansynth_live.kernel.effects.layout import RACK
from gansynth_live.kernel.interpolate import WINDOW
from gansynth_live.kernel.layout import (
    BUS,
    CHANNEL,
    CHANNELS,
    COMMAND,
    CONTROLS,
    EVENT,
    GUARD,
    KEY,
    KEYS,
    LINE,
    PART,
    PARTS,
    PERFORMED,
    REACH_MAX,
    SEGMENT,
    SETTINGS,
    STATUS,
    VELOCITIES,
    VIBRATO,
    VOICE,
)
from gansynth_live.kernel.packed import PACK

READ = SEGMENT + 2 * REACH_MAX  # frames that a segment reads at most
HEARD = 1 << 16  # frames, for a picture of what sounds
HEAD, TAIL = 0, 8  # of a ring's cursor: one cache line apart
# On the producer's line of the ports' ring: what overtakes the messages that wait in it.
PANICS, VOID = 1, 2  # panics asked for so far; messages before this count are forgotten
WOKEN = 9  # on the consumer's line of the ring of what was performed: who waits for it is wanted
WAITS, WANTED, AT_GATE, OPEN_UNTIL, GIVEN_UP_AT = 0, 8, 9, 16, 24  # of the gate, likewise


class Memory(NamedTuple):
    """The arrays that `process` works on. Every one is C-contiguous and one-dimensional."""

    status: NDArray[np.record]  # STATUS [1]
    settings: NDArray[np.float64]  # [len(SETTINGS)]
    velocity_gain: NDArray[np.float64]  # [16 * 128]: of each part
    voices: NDArray[np.record]  # VOICE [polyphony + FADING_VOICES]
    channels: NDArray[np.record]  # CHANNEL [16]
    keys: NDArray[np.record]  # KEY [16 * 128]: a row for each whole pitch of each part
    packed: NDArray[np.int16]  # samples of all slots, each with its guards
    scales: NDArray[np.float32]  # of their packs
    ready: NDArray[np.int64]  # [slots] samples that may be played; stored with release order
    complete: NDArray[np.int64]  # [slots] 1 when no more samples will come
    users: NDArray[np.int64]  # [slots] voices that play it; written by the callback only
    listed: NDArray[np.int64]  # [slots] keys that start from it; written by the callback only
    port_events: NDArray[np.record]  # EVENT ring: MIDI ports, panel, file player
    port_cursor: NDArray[np.int64]
    jack_events: NDArray[np.record]  # EVENT ring: filled and read by the JACK callback
    jack_cursor: NDArray[np.int64]
    commands: NDArray[np.record]  # COMMAND ring: the renderer
    command_cursor: NDArray[np.int64]
    performed: NDArray[np.record]  # PERFORMED ring: to Python
    performed_cursor: NDArray[np.int64]
    wave: NDArray[np.float32]  # [SEGMENT] scratch
    raw: NDArray[np.float32]  # [READ] scratch
    window: NDArray[np.float32]  # [WINDOW] scratch
    neighbours: NDArray[np.float32]  # [4 * READ] scratch
    answers: NDArray[np.int64]  # [slots] note that the last swap led there; negative: refused
    vibrato: NDArray[np.record]  # VIBRATO [slots]; written while the slot is idle
    bus: NDArray[np.record]  # BUS [1]
    gate: NDArray[np.int64]  # whether the callback waits, and frames: see `gate`
    parts: NDArray[np.record]  # PART [16]
    rack: NDArray[np.record]  # RACK [1]: the effects
    part_numbers: NDArray[np.float64]  # `parts` seen as numbers: PART_NUMBERS of each
    channel_numbers: NDArray[np.float64]  # `channels` seen as numbers: CHANNEL_NUMBERS of each
    controls: NDArray[np.record]  # CONTROLS [1]
    lines: NDArray[np.record]  # LINE [16]: of each part
    tuned: NDArray[np.float64]  # [16 * 128] pitch of each key of each part, 69 is 440 Hz
    heard: NDArray[np.float32]  # [HEARD] the output lately, both sides mixed, by frame


def allocate(voices: int, slots: int, slot_frames: int, ring: int = 4096) -> Memory:
    """Zeroed memory for `voices` voices and `slots` buffers of `slot_frames` samples each.

    `ring` (entries) must be a power of two.
    """

    stride = -(-slot_frames // PACK) * PACK + 2 * GUARD
    parts = np.zeros(PARTS, PART)
    channels = np.zeros(CHANNELS, CHANNEL)

    def integers(count: int) -> NDArray[np.int64]:
        return np.zeros(count, np.int64)

    return Memory(
        status=np.zeros(1, STATUS),
        settings=np.zeros(len(SETTINGS)),
        velocity_gain=np.zeros(PARTS * VELOCITIES),
        voices=np.zeros(voices, VOICE),
        channels=channels,
        keys=np.zeros(PARTS * KEYS, KEY),
        packed=np.zeros(slots * stride, np.int16),
        scales=np.zeros(slots * stride // PACK, np.float32),
        ready=integers(slots),
        complete=integers(slots),
        users=integers(slots),
        listed=integers(slots),
        port_events=np.zeros(ring, EVENT),
        port_cursor=integers(16),
        jack_events=np.zeros(ring, EVENT),
        jack_cursor=integers(16),
        commands=np.zeros(ring, COMMAND),
        command_cursor=integers(16),
        performed=np.zeros(ring, PERFORMED),
        performed_cursor=integers(16),
        wave=np.zeros(SEGMENT, np.float32),
        raw=np.zeros(READ, np.float32),
        window=np.zeros(WINDOW, np.float32),
        neighbours=np.zeros(4 * READ, np.float32),
        answers=integers(slots),
        vibrato=np.zeros(slots, VIBRATO),
        bus=np.zeros(1, BUS),
        gate=integers(32),
        rack=np.zeros(1, RACK),
        parts=parts,
        part_numbers=parts.view(np.float64),
        channel_numbers=channels.view(np.float64),
        controls=np.zeros(1, CONTROLS),
        lines=np.zeros(PARTS, LINE),
        tuned=np.zeros(PARTS * KEYS),
        heard=np.zeros(HEARD, np.float32),
    )


MEMORY = typeof(allocate(1, 1, 1, ring=1))  # the type that compiled code sees
EVENTS = typeof(np.zeros(1, EVENT))  # and that of a ring of messages


def address_table(memory: Memory) -> NDArray[np.int64]:
    """[2 * arrays] address and length of each array, in the order of the fields."""
    table = [number for array in memory for number in (array.ctypes.data, array.size)]
    return np.array(table, np.int64)


@compiled_view
def memory_from(table: NDArray[np.int64]) -> Memory:
    """The same arrays again, from `address_table`, inside a compiled callback."""
    return Memory(
        carray(pointer_at(table[0]), (table[1],), STATUS),
        carray(pointer_at(table[2]), (table[3],), np.float64),
        carray(pointer_at(table[4]), (table[5],), np.float64),
        carray(pointer_at(table[6]), (table[7],), VOICE),
        carray(pointer_at(table[8]), (table[9],), CHANNEL),
        carray(pointer_at(table[10]), (table[11],), KEY),
        carray(pointer_at(table[12]), (table[13],), np.int16),
        carray(pointer_at(table[14]), (table[15],), np.float32),
        carray(pointer_at(table[16]), (table[17],), np.int64),
        carray(pointer_at(table[18]), (table[19],), np.int64),
        carray(pointer_at(table[20]), (table[21],), np.int64),
        carray(pointer_at(table[22]), (table[23],), np.int64),
        carray(pointer_at(table[24]), (table[25],), EVENT),
        carray(pointer_at(table[26]), (table[27],), np.int64),
        carray(pointer_at(table[28]), (table[29],), EVENT),
        carray(pointer_at(table[30]), (table[31],), np.int64),
        carray(pointer_at(table[32]), (table[33],), COMMAND),
        carray(pointer_at(table[34]), (table[35],), np.int64),
        carray(pointer_at(table[36]), (table[37],), PERFORMED),
        carray(pointer_at(table[38]), (table[39],), np.int64),
        carray(pointer_at(table[40]), (table[41],), np.float32),
        carray(pointer_at(table[42]), (table[43],), np.float32),
        carray(pointer_at(table[44]), (table[45],), np.float32),
        carray(pointer_at(table[46]), (table[47],), np.float32),
        carray(pointer_at(table[48]), (table[49],), np.int64),
        carray(pointer_at(table[50]), (table[51],), VIBRATO),
        carray(pointer_at(table[52]), (table[53],), BUS),
        carray(pointer_at(table[54]), (table[55],), np.int64),
        carray(pointer_at(table[56]), (table[57],), PART),
        carray(pointer_at(table[58]), (table[59],), RACK),
        carray(pointer_at(table[60]), (table[61],), np.float64),
        carray(pointer_at(table[62]), (table[63],), np.float64),
        carray(pointer_at(table[64]), (table[65],), CONTROLS),
        carray(pointer_at(table[66]), (table[67],), LINE),
        carray(pointer_at(table[68]), (table[69],), np.float64),
        carray(pointer_at(table[70]), (table[71],), np.float32),
    )

"""One MIDI message or renderer's command, carried out at its frame."""

from gansynth_live.engine.controllers import control_change, pitch_bend, reset_channel
from gansynth_live.engine.keyboard import (
    ALL_CHANNELS,
    all_sound_off,
    let_go,
    note_off,
    note_on,
    press_key,
    start_pending,
)
from gansynth_live.engine.notices import notify
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import (
    CHANNELS,
    CONTROL,
    KEY_PRESSURE,
    LET_GO,
    PRESSURE,
    PROGRAM,
    PUBLISH,
    S_BRIGHTNESS,
    S_CHANNELS,
    SET,
    SWAP,
    SYSTEM,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.swap import accept_swap
from gansynth_live.midi.messages import (
    ACTIVE_SENSING,
    CLOCK,
    CONTINUE,
    RESET,
    SONG_POSITION,
    START,
    STOP,
)


@compiled
def perform(memory: Memory, frame: int, event: Record) -> None:
    """Carry out one MIDI message (EVENT) at `frame`."""
    status, a, b = event.status, event.data1 & 0x7F, event.data2 & 0x7F
    memory.status[0].last_message = frame
    channel, kind = status & 0x0F, status >> 4
    if not _is_heard(memory, channel, kind):
        return
    if kind == 0x9 and b > 0:
        note_on(memory, frame, channel, a, b)
    elif kind in (0x8, 0x9):
        note_off(memory, frame, channel, a)
    elif kind == 0xA:
        press_key(memory, channel, a, b / 127.0)
        notify(memory, frame, KEY_PRESSURE, channel, a, b)
    elif kind == 0xB:
        control_change(memory, channel, a, b)
        notify(memory, frame, CONTROL, channel, a, b)
    elif kind == 0xC:
        notify(memory, frame, PROGRAM, channel, a, 0)
    elif kind == 0xD:
        memory.channels[channel].pressure = a / 127.0
        notify(memory, frame, PRESSURE, channel, a, 0)
    elif kind == 0xE:
        pitch_bend(memory.channels[channel], a, b)
    elif status in (CLOCK, START, CONTINUE, STOP, SONG_POSITION):
        notify(memory, frame, SYSTEM, channel, a, b)
    elif status == ACTIVE_SENSING:
        memory.status[0].sensing = 1
    elif status == RESET:
        panic(memory, frame)
    elif status == LET_GO:
        let_go(memory)


@compiled
def _is_heard(memory: Memory, channel: int, kind: int) -> bool:
    """Whether a message is for everyone, or for a channel that the settings let through."""
    if not 0x8 <= kind <= 0xE:
        return True
    return int(memory.settings[S_CHANNELS]) >> channel & 1 == 1


@compiled
def panic(memory: Memory, frame: int) -> None:
    """Silence, everything as at power-on, and Python is told."""
    reset_all(memory)
    notify(memory, frame, SYSTEM, RESET & 0x0F, 0, 0)


@compiled
def reset_all(memory: Memory) -> None:
    """Silence, and every channel and the brightness as at power-on."""
    all_sound_off(memory, ALL_CHANNELS)
    for channel in range(CHANNELS):
        reset_channel(memory, channel)
    memory.bus[0].brightness = memory.settings[S_BRIGHTNESS]
    memory.status[0].sensing = 0


@compiled
def obey(memory: Memory, command: Record) -> None:
    """Carry out one command (COMMAND) of the renderer."""
    if command.operation == SET:
        memory.settings[command.setting] = command.value
        if command.setting == S_BRIGHTNESS:
            memory.bus[0].brightness = command.value
        return
    if command.operation == SWAP:
        accept_swap(memory, command)
        return
    publish = command.operation == PUBLISH
    for number in range(command.low, command.high + 1):
        key = memory.keys[number]
        if key.slot >= 0:
            memory.listed[key.slot] -= 1
        key.slot = -1
        if publish:
            key.slot = command.slot
            key.rate = 2.0 ** ((number - command.root) / 12.0)
            key.gain = command.value
            memory.listed[key.slot] += 1
    if publish:
        start_pending(memory, command.low, command.high)

"""One MIDI message or renderer's command, carried out at its frame."""

from gansynth_live.engine.controllers import control_change, pitch_bend, reset_channel
from gansynth_live.engine.dials import set_part
from gansynth_live.engine.echo import echo
from gansynth_live.engine.keyboard import (
    all_sound_off,
    let_go,
    note_off,
    note_on,
    press_key,
    start_pending,
)
from gansynth_live.engine.line import ALL_CHANNELS, forget_all
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.effects.rack import hush
from gansynth_live.kernel.effects.sends import reset_sends
from gansynth_live.kernel.layout import (
    CHANNELS,
    KEYS,
    LET_GO,
    PART_NUMBERS,
    PUBLISH,
    S_CHANNELS,
    SET,
    SET_PART,
    SWAP,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.shelf import differ
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

NUMBERS = len(PART_NUMBERS)  # of a part
FIRST_OF_PART = PART_NUMBERS.index("left")  # that is a real number, as all after it


@compiled
def perform(memory: Memory, frame: int, event: Record) -> None:
    """Carry out one MIDI message (EVENT) at `frame`, and tell Python of it.

    Before what it brings the engine to tell; of a key not before it is known which note it begins.
    """
    status, a, b = event.status, event.data1 & 0x7F, event.data2 & 0x7F
    memory.status[0].last_message = frame
    channel, kind = status & 0x0F, status >> 4
    if status == LET_GO:
        let_go(memory, frame, a - 1)
    elif status == ACTIVE_SENSING:  # a sign of life, and nothing that was played
        memory.status[0].sensing = 1
    elif status == RESET:
        panic(memory, frame, event.port)
    elif 0x8 <= kind <= 0xE and _is_heard(memory, channel):
        if kind in (0x8, 0x9):
            notes = memory.status[0].notes
            _perform_on(memory, frame, channel, kind, a, b)
            serial = notes + 1 if memory.status[0].notes > notes else 0
            echo(memory, frame, status, a, b, event.port, serial)
        else:
            echo(memory, frame, status, a, b, event.port, 0)
            _perform_on(memory, frame, channel, kind, a, b)
    elif status in (CLOCK, START, CONTINUE, STOP, SONG_POSITION):
        echo(memory, frame, status, a, b, event.port, 0)


@compiled
def _perform_on(memory: Memory, frame: int, channel: int, kind: int, a: int, b: int) -> None:
    """Carry out a message of a channel; `kind` is the upper half of its status byte."""
    if kind == 0x9 and b > 0:
        note_on(memory, frame, channel, a, b)
    elif kind in (0x8, 0x9):
        note_off(memory, frame, channel, a)
    elif kind == 0xA:
        press_key(memory, channel, a, b / 127.0)
    elif kind == 0xB:
        control_change(memory, frame, channel, a, b)
    elif kind == 0xD:
        memory.channels[channel].pressure = a / 127.0
    elif kind == 0xE:
        pitch_bend(memory.channels[channel], a, b)


@compiled
def _is_heard(memory: Memory, channel: int) -> bool:
    """Whether the settings let a channel through."""
    return int(memory.settings[S_CHANNELS]) >> channel & 1 == 1


@compiled
def panic(memory: Memory, frame: int, port: int) -> None:
    """Silence, everything as at power-on, and Python is told."""
    echo(memory, frame, RESET, 0, 0, port, 0)
    reset_all(memory, frame)


@compiled
def reset_all(memory: Memory, frame: int) -> None:
    """Silence, every channel as at power-on, and all that controllers moved as it was given."""
    all_sound_off(memory, frame, ALL_CHANNELS)
    hush(memory)
    for number in range(len(memory.part_numbers)):
        if number % NUMBERS >= FIRST_OF_PART:
            memory.part_numbers[number] = memory.controls[0].parts[number]
    for number in range(len(memory.settings)):
        memory.settings[number] = memory.controls[0].settings[number]
    reset_sends(memory)
    for part in range(len(memory.lines)):
        forget_all(memory.lines[part])
    memory.bus[0].apart |= differ(memory)
    for channel in range(CHANNELS):
        reset_channel(memory, channel)
    memory.status[0].sensing = 0


@compiled
def obey(memory: Memory, command: Record) -> None:
    """Carry out one command (COMMAND) of the renderer."""
    if command.operation == SET:
        memory.settings[command.setting] = command.value
        memory.controls[0].settings[command.setting] = command.value
        return
    if command.operation == SET_PART:
        set_part(memory, command.part, command.setting, command.value)
        memory.controls[0].parts[command.part * NUMBERS + command.setting] = command.value
        return
    if command.operation == SWAP:
        accept_swap(memory, command)
        return
    publish = command.operation == PUBLISH
    first = command.part * KEYS
    for number in range(command.low, command.high + 1):
        key = memory.keys[first + number]
        if key.slot >= 0:
            memory.listed[key.slot] -= 1
        key.slot = -1
        if publish:
            key.slot = command.slot
            key.rate = 2.0 ** ((number - command.root) / 12.0)
            key.gain = command.value
            memory.listed[key.slot] += 1
    if publish:
        start_pending(memory, first + command.low, first + command.high)

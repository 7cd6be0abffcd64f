"""From a control change to what it moves, on its frame; which that is says `kernel/dials.py`."""

from gansynth_live.engine.gains import update_gain, update_ratio
from gansynth_live.engine.keyboard import move_sostenuto, move_sustain, release_part
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.dials import NO_DIAL
from gansynth_live.kernel.effects.sends import FIRST_SEND, move_send
from gansynth_live.kernel.effects.taps import EFFECTS
from gansynth_live.kernel.layout import (
    CHANNEL_NUMBERS,
    CHANNELS,
    CONTROLLERS,
    MOVES_CHANNEL,
    MOVES_PART,
    PART_NUMBERS,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.shelf import differ

COARSE = 32  # controllers below it have a fine half, so much above
FULL = 128 * 128 - 1  # highest place of both halves
HIGHEST = 127
NUMBERS_OF_CHANNEL = len(CHANNEL_NUMBERS)
NUMBERS_OF_PART = len(PART_NUMBERS)
SUSTAIN = CHANNEL_NUMBERS.index("sustain")
SOSTENUTO = CHANNEL_NUMBERS.index("sostenuto")
BEND_RANGE = PART_NUMBERS.index("bend_range")
BRIGHTNESS = PART_NUMBERS.index("brightness")
MODE = PART_NUMBERS.index("mode")
PRIORITY = PART_NUMBERS.index("priority")


@compiled
def turn(memory: Memory, channel: int, number: int, value: int) -> None:
    """Move all that a controller of a channel moves; numbers that move nothing here are ignored."""
    controls, place = memory.controls[0], channel * CONTROLLERS + number
    controls.places[place] = value
    if number < COARSE:
        controls.places[place + COARSE] = 0
    index = controls.routes[place]
    while index != NO_DIAL:
        dial = controls.dials[index]
        moved = _value(memory, dial, channel)
        if dial.takeover == 0 or _has_met(memory, dial, channel, moved):
            _move(memory, dial, channel, moved)
        index = index + 1 if dial.more else NO_DIAL


@compiled
def set_part(memory: Memory, part: int, number: int, value: float) -> None:
    """Change a number of a part, and what follows.

    Sends, the bend range of its channels; who plays in another way lets go of all keys.
    """
    before = memory.part_numbers[part * NUMBERS_OF_PART + number]
    memory.part_numbers[part * NUMBERS_OF_PART + number] = value
    if number in (MODE, PRIORITY):
        if value != before:
            release_part(memory, part)
    elif number == BEND_RANGE:
        for channel in range(CHANNELS):
            if first_part(memory, channel) == part:
                memory.channels[channel].bend_range = value
                update_ratio(memory.channels[channel])
    elif number == BRIGHTNESS:
        memory.bus[0].apart |= differ(memory)
    elif FIRST_SEND <= number < FIRST_SEND + len(EFFECTS):
        move_send(memory, part, number - FIRST_SEND, value)


@compiled
def set_mode(memory: Memory, channel: int, mode: int) -> None:
    """Let the parts of a channel play with one voice, or with many."""
    for number in range(len(memory.parts)):
        if memory.parts[number].channels >> channel & 1:
            set_part(memory, number, MODE, float(mode))


@compiled
def first_part(memory: Memory, channel: int) -> int:
    """The first part that a channel plays: its bend range counts until the player sets another."""
    for number in range(len(memory.parts)):
        if memory.parts[number].channels >> channel & 1:
            return number
    return 0


@compiled
def _value(memory: Memory, dial: Record, channel: int) -> float:
    """What the controller's place stands for; between the coarse ones, in a straight line."""
    controls, first = memory.controls[0], channel * CONTROLLERS + dial.controller
    coarse = controls.places[first]
    curve = controls.curves[dial.curve * CONTROLLERS :]
    if dial.fine == 0:
        return float(curve[coarse])
    place = (coarse << 7 | controls.places[first + COARSE]) * HIGHEST / FULL
    low = int(place)
    high = min(low + 1, HIGHEST)
    return float(curve[low] + (curve[high] - curve[low]) * (place - low))


@compiled
def _has_met(memory: Memory, dial: Record, channel: int, moved: float) -> bool:
    """Whether a controller that has to meet the value there is first does so now, or has."""
    controls, now = memory.controls[0], _present(memory, dial, channel)
    last = controls.last[dial.curve]
    controls.last[dial.curve] = moved
    return bool(moved == now or last == now or (last - now) * (moved - now) <= 0.0)


@compiled
def _present(memory: Memory, dial: Record, channel: int) -> float:
    if dial.moves == MOVES_CHANNEL:
        return float(memory.channel_numbers[channel * NUMBERS_OF_CHANNEL + dial.number])
    if dial.moves == MOVES_PART:
        part = first_part(memory, channel)
        return float(memory.part_numbers[part * NUMBERS_OF_PART + dial.number])
    return float(memory.settings[dial.number])


@compiled
def _move(memory: Memory, dial: Record, channel: int, value: float) -> None:
    if dial.moves == MOVES_CHANNEL:
        _move_channel(memory, dial.number, channel, value)
    elif dial.moves == MOVES_PART:
        for number in range(len(memory.parts)):
            if memory.parts[number].channels >> channel & 1:
                set_part(memory, number, dial.number, value)
    else:
        memory.settings[dial.number] = value


@compiled
def _move_channel(memory: Memory, number: int, channel: int, value: float) -> None:
    if number == SUSTAIN:
        move_sustain(memory, channel, value)
    elif number == SOSTENUTO:
        move_sostenuto(memory, channel, value > 0.0)
    else:
        memory.channel_numbers[channel * NUMBERS_OF_CHANNEL + number] = value
        update_gain(memory.channels[channel])

"""Controllers, bend and tuning of a channel (MIDI 1.0 detailed specification, RP-015, RP-018)."""

import numpy as np

from gansynth_live.engine.dials import first_part, set_mode, turn
from gansynth_live.engine.gains import update_gain, update_ratio
from gansynth_live.engine.keyboard import (
    ALL_KEYS,
    all_notes_off,
    all_sound_off,
    lift_pedals,
    press_key,
)
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.effects.rack import hush
from gansynth_live.kernel.layout import CHANNEL_NUMBERS, MONO, POLY, Record
from gansynth_live.kernel.memory import Memory
from gansynth_live.midi.messages import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    GLIDE_FROM,
    MONO_ON,
    POLY_ON,
    RESET_CONTROLLERS,
)

CENTRE = 64
NO_PARAMETER = 127
NUMBERS = len(CHANNEL_NUMBERS)  # of a channel


@compiled
def reset_channel(memory: Memory, channel: int) -> None:
    """Power-on state of a channel: volume 100, pan centre, no pedals, default bend range."""
    reset_controllers(memory, channel)
    first = channel * NUMBERS
    for number in range(len(memory.controls[0].power_on)):
        memory.channel_numbers[first + number] = memory.controls[0].power_on[number]
    state = memory.channels[channel]
    state.bend_range = memory.parts[first_part(memory, channel)].bend_range
    state.fine = 0.0
    state.coarse = 0.0
    update_gain(state)
    update_ratio(state)


@compiled
def reset_controllers(memory: Memory, channel: int) -> None:
    """CC 121 (RP-015): expression, bend, pressure, pedals, portamento and parameter number.

    Volume, pan, times, vibrato, brightness and tuning stay. Modulation is Python's to reset.
    """
    state = memory.channels[channel]
    state.expression = 1.0
    state.bend = 0.0
    state.pressure = 0.0
    press_key(memory, channel, ALL_KEYS, 0.0)
    state.soft = 0.0
    state.legato = 0.0
    state.portamento = 1.0
    state.glide_from = -1.0
    state.rpn_high = NO_PARAMETER
    state.rpn_low = NO_PARAMETER
    lift_pedals(memory, channel)
    update_gain(state)
    update_ratio(state)


@compiled
def control_change(memory: Memory, frame: int, channel: int, number: int, value: int) -> None:
    """One control change at `frame`: a mode message, a registered parameter, or a dial's."""
    if number == ALL_SOUND_OFF:
        all_sound_off(memory, frame, channel)
        hush(memory)
    elif number == RESET_CONTROLLERS:
        reset_controllers(memory, channel)
    elif number == MONO_ON and value > 1:
        return  # voices on several channels
    elif number >= ALL_NOTES_OFF:
        all_notes_off(memory, frame, channel)
        if number >= MONO_ON:
            set_mode(memory, channel, POLY if number == POLY_ON else MONO)
    elif number == GLIDE_FROM:
        memory.channels[channel].glide_from = float(value)
    elif number in (6, 38, 98, 99, 100, 101):
        _parameter_control(memory.channels[channel], number, value)
    else:
        turn(memory, channel, number, value)


@compiled
def pitch_bend(state: Record, low: int, high: int) -> None:
    """14-bit bend; the two ends reach the range exactly."""
    offset = (high << 7 | low) - 8192
    state.bend = offset / 8191.0 if offset > 0 else offset / 8192.0
    update_ratio(state)


@compiled
def _parameter_control(state: Record, number: int, value: int) -> None:
    """Registered parameters: 0 bend range, 1 fine and 2 coarse tuning. Others are ignored."""
    if number == 101:
        state.rpn_high = value
    elif number == 100:
        state.rpn_low = value
    elif number in (98, 99):
        state.rpn_high = NO_PARAMETER
    elif state.rpn_high == 0:
        _data_entry(state, number, value)
        update_ratio(state)


@compiled
def _data_entry(state: Record, number: int, value: int) -> None:
    """Coarse (CC 6) or fine (CC 38) part of the selected parameter."""
    if state.rpn_low == 0 and number == 6:
        state.bend_range = float(value)
    elif state.rpn_low == 0 and number == 38:
        state.bend_range = np.floor(state.bend_range) + value / 100.0
    elif state.rpn_low == 1 and number == 6:
        state.fine = (value - CENTRE) / 64.0
    elif state.rpn_low == 1 and number == 38:
        state.fine = np.floor(state.fine * 64.0) / 64.0 + value / 8192.0
    elif state.rpn_low == 2 and number == 6:
        state.coarse = float(value - CENTRE)

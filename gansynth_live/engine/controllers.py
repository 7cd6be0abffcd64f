"""Controllers, bend and tuning of a channel (MIDI 1.0 detailed specification, RP-015, RP-018)."""

from math import cos, pi, sin, sqrt

import numpy as np

from gansynth_live.engine.keyboard import (
    ALL_KEYS,
    all_notes_off,
    all_sound_off,
    lift_pedals,
    move_sostenuto,
    move_sustain,
    press_key,
)
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import (
    S_BEND_RANGE,
    S_BRIGHTNESS_CONTROL,
    S_HALF_PEDAL,
    S_INVERT_PEDALS,
    Record,
)
from gansynth_live.kernel.memory import Memory

CENTRE = 64
DOWN = 64  # switches count as on from here
PEDALS = (64, 66, 67)
NO_PARAMETER = 127
TIME_RANGE = 8.0  # CC 72, 73 and 75 scale times by 1/8 .. 8
RATE_RANGE = 2.0  # CC 76 scales the rate of the vibrato by 1/2 .. 2


@compiled
def reset_channel(memory: Memory, channel: int) -> None:
    """Power-on state of a channel: volume 100, pan centre, no pedals, default bend range."""
    state = memory.channels[channel]
    state.volume = 100
    state.pan = CENTRE
    state.bend_range = memory.settings[S_BEND_RANGE]
    state.fine = 0.0
    state.coarse = 0.0
    state.attack_scale = 1.0
    state.decay_scale = 1.0
    state.release_scale = 1.0
    state.vibrato_rate = 1.0
    state.vibrato_depth = 0.0
    state.vibrato_delay = 0.0
    reset_controllers(memory, channel)


@compiled
def reset_controllers(memory: Memory, channel: int) -> None:
    """CC 121 (RP-015): expression, bend, pressure, pedals and parameter number.

    Volume, pan, times, vibrato, brightness and tuning stay. Modulation is Python's to reset.
    """
    state = memory.channels[channel]
    state.expression = 127
    state.bend = 0.0
    state.pressure = 0.0
    press_key(memory, channel, ALL_KEYS, 0.0)
    state.soft = 0.0
    state.rpn_high = NO_PARAMETER
    state.rpn_low = NO_PARAMETER
    lift_pedals(memory, channel)
    update_gain(state)
    update_ratio(state)


@compiled
def control_change(memory: Memory, channel: int, number: int, value: int) -> None:
    """One control change; numbers without a meaning here are only passed on to Python."""
    state = memory.channels[channel]
    if number in PEDALS and memory.settings[S_INVERT_PEDALS] > 0.0:
        value = 127 - value
    if number == memory.settings[S_BRIGHTNESS_CONTROL]:
        memory.bus[0].brightness = _bipolar(value)
    elif number in (7, 10, 11):
        _mix_control(state, number, value)
    elif number == 64:
        if memory.settings[S_HALF_PEDAL] == 0.0:
            value = 127 if value >= DOWN else 0
        move_sustain(memory, channel, value / 127.0)
    elif number == 66:
        move_sostenuto(memory, channel, value >= DOWN)
    elif number == 67:
        state.soft = value / 127.0
    elif number in (72, 73, 75):
        _time_control(state, number, value)
    elif number in (76, 77, 78):
        _vibrato_control(state, number, value)
    elif number in (6, 38, 98, 99, 100, 101):
        _parameter_control(state, number, value)
    elif number == 120:
        all_sound_off(memory, channel)
    elif number == 121:
        reset_controllers(memory, channel)
    elif number >= 123:
        all_notes_off(memory, channel)


@compiled
def pitch_bend(state: Record, low: int, high: int) -> None:
    """14-bit bend; the two ends reach the range exactly."""
    offset = (high << 7 | low) - 8192
    state.bend = offset / 8191.0 if offset > 0 else offset / 8192.0
    update_ratio(state)


@compiled
def update_gain(state: Record) -> None:
    """Left and right gain from volume, expression (both squared) and pan (constant power)."""
    gain = sqrt(2.0) * (state.volume / 127.0) ** 2 * (state.expression / 127.0) ** 2
    angle = pi / 4.0 * (1.0 + _bipolar(state.pan))
    state.left = gain * cos(angle)
    state.right = gain * sin(angle)


@compiled
def update_ratio(state: Record) -> None:
    """Speed factor from bend and tuning."""
    semitones = state.bend * state.bend_range + state.fine + state.coarse
    state.ratio = 2.0 ** (semitones / 12.0)


@compiled
def _bipolar(value: int) -> float:
    """-1..1 of a 7-bit value whose centre is 64."""
    return (value - CENTRE) / 63.0 if value > CENTRE else (value - CENTRE) / 64.0


@compiled
def _mix_control(state: Record, number: int, value: int) -> None:
    if number == 7:
        state.volume = value
    elif number == 10:
        state.pan = value
    else:
        state.expression = value
    update_gain(state)


@compiled
def _time_control(state: Record, number: int, value: int) -> None:
    scale = TIME_RANGE ** _bipolar(value)
    if number == 72:
        state.release_scale = scale
    elif number == 73:
        state.attack_scale = scale
    else:
        state.decay_scale = scale


@compiled
def _vibrato_control(state: Record, number: int, value: int) -> None:
    if number == 76:
        state.vibrato_rate = RATE_RANGE ** _bipolar(value)
    elif number == 77:
        state.vibrato_depth = _bipolar(value)
    else:
        state.vibrato_delay = _bipolar(value)


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

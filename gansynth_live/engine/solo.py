"""One voice at a time: which key it plays, when it begins anew or moves, where it glides from.

A part with many voices passes through here as well: its newest note is what a glide starts from.
"""

from gansynth_live.engine.legato import can_move, move
from gansynth_live.engine.line import (
    NO_KEY,
    NOBODY,
    enter_key,
    is_down,
    next_key,
    sounding,
    wins,
)
from gansynth_live.engine.strike import strike
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.glide import glide_now
from gansynth_live.kernel.layout import ALWAYS, LEGATO, NO_PITCH, POLY
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.stages import fade_voice
from gansynth_live.kernel.tuning import is_mapped, pitch_of


@compiled
def mode_of(memory: Memory, part: int, channel: int) -> int:
    """How many voices notes of a channel have in a part: the legato pedal counts."""
    return LEGATO if memory.channels[channel].legato > 0.0 else int(memory.parts[part].mode)


@compiled
def play(memory: Memory, frame: int, part: int, channel: int, key: int, velocity: int) -> None:
    """A key goes down. However it is played, it counts as one note."""
    line = memory.lines[part]
    mode = mode_of(memory, part, channel)
    index = sounding(memory, part)
    if mode == POLY:
        start = glide_start(memory, part, channel, mode, index)
        _begin(memory, frame, part, channel, key, velocity, start)
        return
    if index != NOBODY:
        voice = memory.voices[index]
        if voice.held and line.orders[voice.key] == 0:  # from before there was one voice
            enter_key(line, frame - 1, voice.channel, voice.key, line.velocities[voice.key])
    enter_key(line, frame, channel, key, velocity)
    blocks = index != NOBODY and not memory.voices[index].released
    if blocks and not wins(memory.parts[part].priority, key, memory.voices[index].key):
        memory.status[0].notes += 1
        return
    _take_over(memory, frame, part, channel, key, velocity, mode, index)


@compiled
def leave(memory: Memory, frame: int, part: int, channel: int, key: int) -> None:
    """A key comes up: the voice that played it goes to another one that is down, if one is."""
    line = memory.lines[part]
    if not is_down(line, channel, key):
        return
    if line.again[key] == frame:  # the note-off of the older stroke comes late
        line.again[key] = -1
        return
    line.orders[key] = 0
    index = sounding(memory, part)
    if index == NOBODY:
        return
    voice = memory.voices[index]
    mode = mode_of(memory, part, channel)
    other = next_key(line, memory.parts[part].priority)
    if mode == POLY or other == NO_KEY:
        return
    if voice.held and voice.key == key and voice.channel == channel:
        channel, velocity = line.channels[other], line.velocities[other]
        _take_over(memory, frame, part, channel, other, velocity, mode, index)


@compiled
def glide_start(memory: Memory, part: int, channel: int, mode: int, index: int) -> float:
    """The pitch (in keys) that a new note glides from; NO_PITCH: it begins on its own.

    `index`: of the voice of the newest note, or NOBODY.
    """
    state = memory.channels[channel]
    if state.glide_from >= 0.0 and is_mapped(memory, part, int(state.glide_from)):
        return pitch_of(memory, part, int(state.glide_from))
    if state.portamento == 0.0 or memory.parts[part].glide == 0.0:
        return NO_PITCH
    always = memory.parts[part].glide_when == ALWAYS
    if index == NOBODY:
        return float(memory.lines[part].pitch) if always else NO_PITCH
    voice = memory.voices[index]
    if always or (mode != POLY and not voice.released):
        return float(voice.pitch + glide_now(voice))
    return NO_PITCH


@compiled
def _take_over(
    memory: Memory,
    frame: int,
    part: int,
    channel: int,
    key: int,
    velocity: int,
    mode: int,
    index: int,
) -> None:
    """Let a key sound in place of the voice `index`: that moves, or fades for a new one."""
    start = glide_start(memory, part, channel, mode, index)
    if mode == LEGATO and index != NOBODY and can_move(memory.voices[index]):
        memory.status[0].notes += 1
        line = memory.lines[part]
        line.voice = move(memory, frame, index, channel, key, start)
        line.serial = memory.voices[line.voice].serial
        line.pitch = memory.voices[line.voice].pitch
        return
    if index != NOBODY:
        voice = memory.voices[index]
        voice.held = 0
        voice.released = 1
        fade_voice(memory, voice)
    _begin(memory, frame, part, channel, key, velocity, start)


@compiled
def _begin(
    memory: Memory, frame: int, part: int, channel: int, key: int, velocity: int, start: float
) -> None:
    """Start a note, the newest of its part."""
    line = memory.lines[part]
    line.voice = strike(memory, frame, part, channel, key, velocity, start)
    line.serial = memory.voices[line.voice].serial
    line.pitch = memory.voices[line.voice].pitch
    line.velocities[key] = velocity

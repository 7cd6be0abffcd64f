"""A sounding voice moves to another key: no stroke, its envelope goes on.

Where the key has a whole render, a second voice takes over, in phase and in tune, which begins
where the stroke of that render is over; meanwhile the first one fades, at the same pitch. Else the
render that sounds is bent to the key.
"""

from gansynth_live.engine.stealing import take_voice
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.entry import CROSSING, NOWHERE, entry_place, in_phase, period_of
from gansynth_live.kernel.glide import begin_glide, glide_now
from gansynth_live.kernel.layout import (
    ATTACK,
    DECAY,
    FADE,
    NO_PITCH,
    S_SAMPLE_RATE,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.stages import change_stage, start_voice
from gansynth_live.kernel.swap import slot_origin
from gansynth_live.kernel.tuning import detune, pitch_of, row_of, tune_voice


@compiled
def can_move(voice: Record) -> bool:
    """Whether a voice sounds and is not released."""
    return bool(voice.stage in (ATTACK, DECAY) and not voice.released)


@compiled
def move(memory: Memory, frame: int, index: int, channel: int, key: int, start: float) -> int:
    """Move the voice `index` to a key; index of the one that plays it.

    Its number is that of the newest note, which has been counted.

    Args:
        start: the pitch that it glides from, in keys; NO_PITCH: from where it is, at once.
    """
    voice = memory.voices[index]
    if start == NO_PITCH:
        start = voice.pitch + glide_now(voice)
    change_stage(voice, voice.stage)
    pitch, before = pitch_of(memory, voice.part, key), voice.row
    position = _entry(memory, voice, pitch)
    bent = voice.rate * 2.0 ** ((pitch - voice.pitch) / 12.0)
    tune_voice(voice, voice.part, pitch)
    voice.rate = bent
    begin_glide(voice, start - pitch)
    if position == NOWHERE:
        memory.status[0].missing += voice.row != before
        voice.key, voice.channel, voice.held = key, channel, 1
        return index
    return _hand_over(memory, frame, index, channel, key, position)


@compiled
def _entry(memory: Memory, voice: Record, pitch: float) -> int:
    """The position (32.32) at which another voice takes over in the render of a pitch.

    NOWHERE: there is none, or it is the one that sounds.
    """
    row = row_of(voice.part, pitch)
    newest = memory.keys[row]
    if row == voice.row or newest.slot < 0:
        return NOWHERE
    period = period_of(memory, pitch, newest.rate * detune(pitch))
    place = entry_place(memory, voice, newest.slot, period)
    if place == NOWHERE:
        return NOWHERE
    return in_phase(memory, voice, slot_origin(memory, newest.slot), place, period)


@compiled
def _hand_over(
    memory: Memory, frame: int, index: int, channel: int, key: int, position: int
) -> int:
    """Let another voice go on at `position` of the key's render as this one did, which fades."""
    old = memory.voices[index]
    stage = old.stage
    old.held = 0
    old.released = 1
    old.stage = FADE
    old.fade_left = int(CROSSING * memory.settings[S_SAMPLE_RATE])
    taken = take_voice(memory, old.part, channel, key, frame)
    new = memory.voices[taken]
    gain = old.gain / old.correction if old.correction > 0.0 else 0.0
    level, least, ratio, tone, weight = old.level, old.least, old.ratio, old.tone, old.weight
    phase, depth = old.phase, old.depth
    new.part = old.part
    new.channel = channel
    new.key = key
    tune_voice(new, old.part, old.pitch)
    new.held = 1
    new.sostenuto = 0
    new.released = 0
    new.born = old.born
    new.serial = memory.status[0].notes
    new.gain = gain
    new.accent = old.accent
    new.pressure = old.pressure
    new.glide = old.glide
    new.glide_left = old.glide_left
    new.glide_turn = old.glide_turn
    start_voice(memory, new)
    new.stage = stage
    new.position = position
    new.entry = 0.0
    new.level, new.least, new.ratio, new.tone, new.weight = level, least, ratio, tone, weight
    new.phase, new.depth = phase, depth
    return taken

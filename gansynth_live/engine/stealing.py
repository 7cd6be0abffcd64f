"""Which voice a new note gets, and which one has to go."""

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import (
    ATTACK,
    FADE,
    FADING_VOICES,
    FREE,
    S_POLYPHONY,
    S_SAMPLE_RATE,
    S_VOICES_PER_KEY,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.stages import fade_voice, free_voice

KEPT = 4.0  # a voice that is not released yet is worth this much more
AGE = 0.1  # worth lost per second of age, at most 1


@compiled
def worth(memory: Memory, index: int, frame: int) -> float:
    """How much a voice would be missed: kept over released, loud over quiet, young over old."""
    voice = memory.voices[index]
    channel = memory.channels[voice.channel]
    level = voice.level if voice.stage > ATTACK else 1.0  # notes that begin count in full
    loudness = level * voice.gain * (channel.left + channel.right)
    age = (frame - voice.born) / memory.settings[S_SAMPLE_RATE]
    kept = 0.0 if voice.released else KEPT
    return float(kept + loudness - min(age * AGE, 1.0))


@compiled
def take_voice(memory: Memory, part: int, channel: int, key: int, frame: int) -> int:
    """Index of a free voice for a new note, after fading out the ones that must make room."""
    _limit_key(memory, part, channel, key)
    _limit_polyphony(memory, frame)
    quietest = -1
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage == FREE:
            return index
        quieter = quietest < 0 or voice.level < memory.voices[quietest].level
        if voice.stage == FADE and quieter:
            quietest = index
    free_voice(memory, memory.voices[quietest])
    return quietest


@compiled
def _limit_key(memory: Memory, part: int, channel: int, key: int) -> None:
    """Fade the oldest voice of a part's key that already sounds as often as it may."""
    count = 0
    oldest = -1
    for index in range(len(memory.voices)):
        voice = memory.voices[index]
        if voice.stage > FREE and voice.stage != FADE and voice.key == key:
            if voice.part != part or voice.channel != channel:
                continue
            count += 1
            if oldest < 0 or voice.born < memory.voices[oldest].born:
                oldest = index
    if count >= memory.settings[S_VOICES_PER_KEY]:
        fade_voice(memory, memory.voices[oldest])


@compiled
def _limit_polyphony(memory: Memory, frame: int) -> None:
    """Fade the voice that would be missed least when all are in use."""
    count = 0
    least = -1
    least_worth = 0.0
    for index in range(len(memory.voices)):
        stage = memory.voices[index].stage
        if stage in (FREE, FADE):
            continue
        count += 1
        value = worth(memory, index, frame)
        if least < 0 or value < least_worth:
            least, least_worth = index, value
    if count >= min(memory.settings[S_POLYPHONY], len(memory.voices) - FADING_VOICES):
        fade_voice(memory, memory.voices[least])
        memory.status[0].stolen += 1

"""A note begins."""

from gansynth_live.engine.stealing import take_voice
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.glide import begin_glide
from gansynth_live.kernel.layout import NO_PITCH, PENDING, VELOCITIES
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.stages import start_voice
from gansynth_live.kernel.tone import accent
from gansynth_live.kernel.tuning import pitch_of, tune_voice

SOFT_PEDAL = 0.35  # gain lost with the soft pedal fully down


@compiled
def strike(
    memory: Memory, frame: int, part: int, channel: int, key: int, velocity: int, start: float
) -> int:
    """Start a voice, or leave it pending where the key has no render yet; its index.

    `start`: the pitch that it glides from, in keys, or NO_PITCH.
    """
    status = memory.status[0]
    index = take_voice(memory, part, channel, key, frame)
    voice = memory.voices[index]
    voice.stage = PENDING
    voice.part = part
    voice.channel = channel
    voice.key = key
    tune_voice(voice, part, pitch_of(memory, part, key))
    voice.held = 1
    voice.sostenuto = 0
    voice.released = 0
    voice.born = frame
    soft = 1.0 - SOFT_PEDAL * memory.channels[channel].soft
    voice.gain = memory.velocity_gain[part * VELOCITIES + velocity] * soft
    voice.accent = accent(memory.parts[part], velocity)
    voice.pressure = 0.0
    begin_glide(voice, 0.0 if start == NO_PITCH else start - voice.pitch)
    status.notes += 1
    voice.serial = status.notes
    if memory.keys[voice.row].slot >= 0:
        start_voice(memory, voice)
    else:
        status.missing += 1
    return index

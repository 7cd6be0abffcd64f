"""From one stage of a voice to another, when a key, a pedal or another voice asks for it."""

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.glide import pass_glide
from gansynth_live.kernel.layout import (
    ATTACK,
    FADE,
    FREE,
    RELEASE,
    S_FADE,
    S_SAMPLE_RATE,
    STARVED,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.spread import place_key
from gansynth_live.kernel.swap import NO_SLOT, end_segment, leave_slots, slot_origin
from gansynth_live.kernel.tone import tone_goal
from gansynth_live.kernel.vibrato import first_phase

SHORTEST = 0.01  # seconds that a note sounds before its release begins


@compiled
def start_voice(memory: Memory, voice: Record) -> None:
    """Begin a pending voice at the start of its key's newest render."""
    key = memory.keys[voice.row]
    part = memory.parts[voice.part]
    channel = memory.channels[voice.channel]
    voice.stage = ATTACK
    voice.slot = key.slot
    voice.origin = slot_origin(memory, voice.slot)
    voice.next_slot = NO_SLOT
    voice.stays = False
    voice.rate *= key.rate
    voice.correction = key.gain
    voice.gain *= key.gain
    voice.ratio = channel.ratio
    voice.phase = first_phase(voice.key)
    voice.depth = 0.0
    place_key(voice, part.spread)
    voice.left = channel.left * part.left * voice.place_left
    voice.right = channel.right * part.right * voice.place_right
    voice.tone = tone_goal(voice, channel, part)
    voice.weight = voice.tone
    voice.position = 0
    voice.slot_place = 0
    voice.entry = 1.0
    voice.least = int(SHORTEST * memory.settings[S_SAMPLE_RATE])
    voice.segment = 0
    voice.elapsed = 0
    voice.level = 0.0
    voice.amplitude_left = 0.0
    voice.amplitude_right = 0.0
    memory.users[voice.slot] += 1


@compiled
def free_voice(memory: Memory, voice: Record) -> None:
    """Silence a voice at once and let go of its render, if it has one."""
    if voice.stage >= STARVED:
        leave_slots(memory, voice)
    voice.stage = FREE


@compiled
def change_stage(voice: Record, stage: int) -> None:
    """Enter `stage` at the present frame: the segment ends here, at the level reached."""
    if voice.segment > 0:
        voice.level += (voice.level_end - voice.level) * (voice.elapsed / voice.segment)
        pass_segment(voice, voice.elapsed)
    voice.segment = 0
    voice.elapsed = 0
    voice.stage = stage


@compiled
def release_voice(voice: Record) -> None:
    """Let a sounding voice go, at the earliest when it has sounded for `SHORTEST`."""
    if voice.least <= voice.elapsed:
        change_stage(voice, RELEASE)
    else:
        end_segment(voice, voice.least)


@compiled
def fade_voice(memory: Memory, voice: Record) -> None:
    """Bring a voice to silence within the fade time, whatever it is doing."""
    if voice.stage <= STARVED:
        free_voice(memory, voice)
    elif voice.stage != FADE or voice.fade_left > memory.settings[S_FADE]:
        change_stage(voice, FADE)
        voice.fade_left = int(memory.settings[S_FADE])


@compiled
def pass_segment(voice: Record, frames: int) -> None:
    """Move position, amplitude and tone `frames` frames on, with the present segment's slopes."""
    voice.least -= frames
    voice.position += voice.step * frames
    voice.phase += voice.turn * frames
    voice.amplitude_left += voice.slope_left * frames
    voice.amplitude_right += voice.slope_right * frames
    voice.weight += voice.weight_slope * frames
    pass_glide(voice, frames)

"""One voice: a position in a render, moving, under an amplitude ramp.

Time is cut into segments of at most `SEGMENT` frames that belong to the voice, not to the block:
levels, gains and speed are looked up where a segment begins and the samples follow from there.
So the sound does not depend on how the driver cuts time into blocks.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import prefetch
from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.entry import enter, plan_entry
from gansynth_live.kernel.envelope import finish_stage, plan_level
from gansynth_live.kernel.glide import glide_speed, plan_glide
from gansynth_live.kernel.interpolate import read
from gansynth_live.kernel.layout import (
    ATTACK,
    DECAY,
    FREE,
    ONE,
    RELEASE,
    S_SAMPLE_RATE,
    S_SLOT_SPEED,
    SEGMENT,
    STARVED,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.packed import LOG_PACK
from gansynth_live.kernel.stages import free_voice, pass_segment
from gansynth_live.kernel.supply import fades_out_here, frames_ahead, is_last
from gansynth_live.kernel.swap import (
    end_segment,
    end_segment_at_join,
    frames_to_join,
    join,
    leave_slots,
    stay,
)
from gansynth_live.kernel.tone import plan_weight, read_tone, tone_goal
from gansynth_live.kernel.vibrato import swing

GAIN_SMOOTHING = 0.005  # seconds: volume, pan and expression
BEND_SMOOTHING = 0.003
TONE_SMOOTHING = 0.01
CACHE_LINE = 32  # packed samples


@compiled_part
def mix_voice(
    memory: Memory,
    voice: Record,
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    now: int,
) -> None:
    """Add the frames from `now` on of one voice that has a render to `left` and `right`."""
    frame = 0
    while frame < len(left):
        if voice.elapsed >= voice.segment:
            _next_segment(memory, voice, now + frame)
            if voice.stage == FREE:
                return
        count = min(len(left) - frame, voice.segment - voice.elapsed)
        if voice.stage != STARVED and not _add(memory, voice, left, right, frame, count):
            memory.status[0].bad += 1
            free_voice(memory, voice)
            return
        voice.elapsed += count
        frame += count


@compiled_part
def _next_segment(memory: Memory, voice: Record, now: int) -> None:
    """Finish the segment that ended and plan the next one; the voice may be free afterwards."""
    if voice.segment > 0:
        pass_segment(voice, voice.segment)
        voice.level = voice.level_end
        finish_stage(voice, is_last(memory, voice))
    if voice.released and voice.least <= 0 and voice.stage in (ATTACK, DECAY):
        voice.stage = RELEASE
    if frames_to_join(voice) == 0:
        join(memory, voice)
    channel, part = memory.channels[voice.channel], memory.parts[voice.part]
    rate = memory.settings[S_SAMPLE_RATE]
    room = plan_entry(memory, voice, _room(voice, part, now))
    room = plan_glide(memory, voice, part, room)
    voice.ratio = _approach(voice.ratio, channel.ratio, room / (BEND_SMOOTHING * rate))
    goal_left = channel.left * part.left * voice.place_left
    goal_right = channel.right * part.right * voice.place_right
    voice.left = _approach(voice.left, goal_left, room / (GAIN_SMOOTHING * rate))
    voice.right = _approach(voice.right, goal_right, room / (GAIN_SMOOTHING * rate))
    tone = tone_goal(voice, channel, part)
    voice.tone = _approach(voice.tone, tone, room / (TONE_SMOOTHING * rate))
    sway = swing(memory, voice, channel, part, now, room)
    if voice.glide_left > 0.0:
        sway *= glide_speed(voice, room)
    speed = voice.rate * voice.ratio * sway
    voice.step = int(speed * memory.settings[S_SLOT_SPEED] * ONE)
    voice.elapsed = 0
    voice.stays = fades_out_here(memory, voice, channel, part)
    if voice.stays:
        stay(memory, voice)
    frames = min(frames_ahead(memory, voice), room)
    if voice.stage == FREE:
        leave_slots(memory, voice)
    elif voice.stage == STARVED:
        _rest(voice)
    else:
        voice.segment = plan_level(voice, channel, part, frames)
        gain = voice.gain * voice.level_end
        if voice.entry < 1.0:
            gain *= enter(memory, voice, voice.segment)
        voice.slope_left = (voice.left * gain - voice.amplitude_left) / voice.segment
        voice.slope_right = (voice.right * gain - voice.amplitude_right) / voice.segment
        plan_weight(voice)
        end_segment_at_join(voice)
        if voice.released and voice.least > 0 and voice.stage in (ATTACK, DECAY):
            end_segment(voice, voice.least)


@compiled_part
def _room(voice: Record, part: Record, now: int) -> int:
    """Most frames for the next segment, which begins at frame `now`.

    While the level stands still, segments end on a grid of frames that all voices share: blocks of
    the usual sizes cut none in two. Moving levels have segments of their own, so that a note sounds
    the same wherever it begins.
    """
    if voice.stage == DECAY and voice.level == part.sustain:
        return SEGMENT - (now & (SEGMENT - 1))
    return SEGMENT


@compiled
def _rest(voice: Record) -> None:
    """Be silent for a segment without moving."""
    voice.segment = SEGMENT
    voice.step = 0
    voice.level = 0.0
    voice.level_end = 0.0
    voice.amplitude_left = 0.0
    voice.amplitude_right = 0.0
    voice.slope_left = 0.0
    voice.slope_right = 0.0
    voice.weight_slope = 0.0


@compiled
def _approach(value: float, goal: float, constants: float) -> float:
    """One step of exponential smoothing over `constants` time constants."""
    if abs(goal - value) < 1e-6:
        return goal
    return float(value + (goal - value) * (1.0 - np.exp(-constants)))


@compiled_part
def _add(
    memory: Memory,
    voice: Record,
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    start: int,
    count: int,
) -> bool:
    """Add `count` frames of the present segment; False, and nothing added, at a NaN or Inf."""
    position = voice.position + voice.step * voice.elapsed
    wave = memory.wave
    if not _read(memory, voice, position, wave, count):
        return False
    _prefetch(memory, voice.origin + ((position + voice.step * count) >> 32))
    done = voice.elapsed
    a, da = np.float32(voice.amplitude_left), np.float32(voice.slope_left)
    b, db = np.float32(voice.amplitude_right), np.float32(voice.slope_right)
    # Indices from 0 on can be vectorised.
    to_left, to_right = left[start : start + count], right[start : start + count]
    for i in range(count):
        at = np.float32(done + i)
        to_left[i] += wave[i] * (a + da * at)
        to_right[i] += wave[i] * (b + db * at)
    return True


@compiled_part
def _read(
    memory: Memory, voice: Record, position: int, wave: NDArray[np.float32], count: int
) -> bool:
    """Fill wave[:count] from `position` on; False if a sample is NaN or Inf."""
    if voice.weight != 0.0 or voice.weight_slope != 0.0:
        return read_tone(memory, voice, position, wave, count)
    return read(
        memory.packed,
        memory.scales,
        voice.origin,
        position,
        voice.step,
        wave,
        memory.window,
        memory.neighbours,
        count,
    )


@compiled_part
def _prefetch(memory: Memory, first: int) -> None:
    """Ask for a segment's samples one block ahead: every voice reads other memory each time."""
    for line in range(first, first + SEGMENT + CACHE_LINE, CACHE_LINE):
        prefetch(memory.packed, line)
    prefetch(memory.scales, first >> LOG_PACK)

"""One voice: a position in a render, moving, under an amplitude ramp.

Time is cut into segments of at most `SEGMENT` frames that belong to the voice, not to the block:
levels, gains and speed are looked up where a segment begins and the samples follow from there.
So the sound does not depend on how the driver cuts time into blocks.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import load_acquire, prefetch
from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.envelope import finish_stage, plan_level
from gansynth_live.kernel.interpolate import read
from gansynth_live.kernel.layout import (
    ATTACK,
    DECAY,
    DRAIN,
    FADE,
    FREE,
    GUARD,
    ONE,
    S_FADE,
    S_SAMPLE_RATE,
    S_SUSTAIN,
    SEGMENT,
    STARVED,
    Record,
)
from gansynth_live.kernel.memory import Memory

GAIN_SMOOTHING = 0.005  # seconds: volume, pan and expression
BEND_SMOOTHING = 0.003
RESUME = 2048  # samples that must be ready before a starved voice goes on
CACHE_LINE = 16  # samples
MARGIN = 3  # samples that interpolation needs beyond a position


@compiled
def start_voice(memory: Memory, voice: Record) -> None:
    """Begin a pending voice at the start of its key's newest render."""
    key = memory.keys[voice.key]
    channel = memory.channels[voice.channel]
    voice.stage = ATTACK
    voice.slot = key.slot
    voice.origin = voice.slot * (len(memory.samples) // len(memory.ready)) + GUARD
    voice.rate = key.rate
    voice.gain *= key.gain
    voice.ratio = channel.ratio
    voice.left = channel.left
    voice.right = channel.right
    voice.position = 0
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
        memory.users[voice.slot] -= 1
    voice.stage = FREE


@compiled
def change_stage(voice: Record, stage: int) -> None:
    """Enter `stage` at the present frame: the segment ends here, at the level reached."""
    if voice.segment > 0:
        voice.level += (voice.level_end - voice.level) * (voice.elapsed / voice.segment)
        _pass_segment(voice, voice.elapsed)
    voice.segment = 0
    voice.elapsed = 0
    voice.stage = stage


@compiled
def fade_voice(memory: Memory, voice: Record) -> None:
    """Bring a voice to silence within the fade time, whatever it is doing."""
    if voice.stage <= STARVED:
        free_voice(memory, voice)
    elif voice.stage != FADE:
        change_stage(voice, FADE)
        voice.fade_left = int(memory.settings[S_FADE])


@compiled_part
def mix_voice(
    memory: Memory,
    voice: Record,
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    start: int,
    stop: int,
) -> None:
    """Add frames [start, stop) of one voice that has a render to `left` and `right`."""
    frame = start
    while frame < stop:
        if voice.elapsed >= voice.segment:
            _next_segment(memory, voice, memory.status[0].frame + frame)
            if voice.stage == FREE:
                return
        count = min(stop - frame, voice.segment - voice.elapsed)
        if voice.stage != STARVED and not _add(memory, voice, left, right, frame, count):
            memory.status[0].bad += 1
            free_voice(memory, voice)
            return
        voice.elapsed += count
        frame += count


@compiled_part
def _next_segment(memory: Memory, voice: Record, now: int) -> None:
    """Finish the segment that ended and plan the next one; the voice may be free afterwards."""
    complete = load_acquire(memory.complete, voice.slot) != 0
    if voice.segment > 0:
        _pass_segment(voice, voice.segment)
        voice.level = voice.level_end
        finish_stage(voice, complete)
    channel = memory.channels[voice.channel]
    rate = memory.settings[S_SAMPLE_RATE]
    room = _room(voice, memory.settings, now)
    voice.ratio = _approach(voice.ratio, channel.ratio, room / (BEND_SMOOTHING * rate))
    voice.left = _approach(voice.left, channel.left, room / (GAIN_SMOOTHING * rate))
    voice.right = _approach(voice.right, channel.right, room / (GAIN_SMOOTHING * rate))
    voice.step = int(voice.rate * voice.ratio * ONE)
    voice.elapsed = 0
    frames = min(_frames_ahead(memory, voice, complete), room)
    if voice.stage == FREE:
        memory.users[voice.slot] -= 1
    elif voice.stage == STARVED:
        _rest(voice)
    else:
        voice.segment = plan_level(voice, channel, memory.settings, frames)
        gain = voice.gain * voice.level_end
        voice.slope_left = (voice.left * gain - voice.amplitude_left) / voice.segment
        voice.slope_right = (voice.right * gain - voice.amplitude_right) / voice.segment


@compiled_part
def _room(voice: Record, settings: NDArray[np.float64], now: int) -> int:
    """Most frames for the next segment, which begins at frame `now`.

    While the level stands still, segments end on a grid of frames that all voices share: blocks of
    the usual sizes cut none in two. Moving levels have segments of their own, so that a note sounds
    the same wherever it begins.
    """
    if voice.stage == DECAY and voice.level == settings[S_SUSTAIN]:
        return SEGMENT - (now & (SEGMENT - 1))
    return SEGMENT


@compiled_part
def _frames_ahead(memory: Memory, voice: Record, complete: bool) -> int:
    """Frames that the next segment may have; changes the stage where the samples run out."""
    ready = load_acquire(memory.ready, voice.slot) - MARGIN
    ahead = ((ready << 32) - voice.position) // voice.step
    fade = int(memory.settings[S_FADE])
    if voice.stage == STARVED and (complete or ahead > RESUME):
        voice.stage = ATTACK
    if ahead < 1 and voice.stage != FREE:
        over = complete or voice.released or voice.stage == FADE
        voice.stage = FREE if over else STARVED
    elif voice.stage >= FADE:
        voice.fade_left = min(voice.fade_left, ahead)
    elif voice.stage > STARVED and ahead <= fade + SEGMENT:
        voice.stage = DRAIN
        voice.fade_left = min(ahead, fade)
        memory.status[0].starved += not complete
    return int(min(SEGMENT, ahead))


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


@compiled
def _pass_segment(voice: Record, frames: int) -> None:
    """Move position and amplitude `frames` frames on, with the present segment's slopes."""
    voice.position += voice.step * frames
    voice.amplitude_left += voice.slope_left * frames
    voice.amplitude_right += voice.slope_right * frames


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
    if not read(memory.samples, voice.origin, position, voice.step, wave, memory.neighbours, count):
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
def _prefetch(memory: Memory, first: int) -> None:
    """Ask for a segment's samples one block ahead: every voice reads other memory each time."""
    for line in range(first, first + SEGMENT + CACHE_LINE, CACHE_LINE):
        prefetch(memory.samples, line)

"""ADSR envelopes, one segment at a time, with the curves of an analogue envelope.

Attack runs towards a level above 1 and stops there, decay and release approach their goals
exponentially. Times are frames: attack until the peak, decay and release to -60 dB of the distance.
"""

from math import ceil, exp, log

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import (
    ATTACK,
    DECAY,
    DRAIN,
    FADE,
    FREE,
    RELEASE,
    STARVED,
    Record,
)

OVERSHOOT = 1.25  # where the attack is heading: makes it convex
ATTACK_CONSTANTS = log(OVERSHOOT / (OVERSHOOT - 1.0))  # time constants until it passes 1
MINUS_60_DB = log(1000.0)
ROUNDING = 1e-6  # frames: an attack of whole frames ends on its frame
SILENCE = 1e-5  # -100 dB: a voice below it is over
HALF_PEDAL = 0.25  # pedal travel below this does nothing
FULL_PEDAL = 0.75  # above this dampers are off the strings
PEDAL_STRETCH = 8.0  # how much longer a release gets just before full pedal


@compiled
def release_stretch(pedal: float) -> float:
    """Factor on the release time for a sustain pedal at `pedal` (0..1): dampers that half touch."""
    travel = (pedal - HALF_PEDAL) / (FULL_PEDAL - HALF_PEDAL)
    return 1.0 + PEDAL_STRETCH * min(max(travel, 0.0), 1.0)


@compiled
def release_time(channel: Record, part: Record) -> float:
    """Frames in which a release falls by 60 dB, as channel and part stand now."""
    stretched = channel.release_scale * release_stretch(channel.sustain)
    return float(max(part.release * stretched, 1.0))


@compiled
def frames_to_silence(level: float, time: float) -> float:
    """Frames that a release of `time` still takes from `level` on."""
    return float(time * log(max(level / SILENCE, 1.0)) / MINUS_60_DB)


@compiled
def plan_level(voice: Record, channel: Record, part: Record, frames: int) -> int:
    """Set `voice.level_end` for the next segment; return its length, at most `frames`.

    A segment ends early where a stage ends, so stages change on their exact frame.
    """
    if voice.stage == ATTACK:
        return _attack(voice, part.attack * channel.attack_scale, frames)
    if voice.stage >= FADE:
        return _fade(voice, frames)
    if voice.stage == RELEASE:
        time = release_time(channel, part)
        goal = 0.0
    else:
        time = part.decay * channel.decay_scale
        goal = part.sustain
    voice.level_end = goal + (voice.level - goal) * exp(-MINUS_60_DB * frames / max(time, 1.0))
    if abs(voice.level_end - goal) < SILENCE:
        voice.level_end = goal
    return frames


@compiled
def finish_stage(voice: Record, complete: bool) -> None:
    """Change the stage where the segment that just ended reached the stage's end.

    `complete`: no more samples will come for this voice.
    """
    if voice.stage == ATTACK and voice.level >= 1.0:
        voice.stage = DECAY
    elif voice.stage in (DECAY, RELEASE) and voice.level < SILENCE:
        voice.stage = FREE
    elif voice.stage >= FADE:
        voice.fade_left -= voice.segment
        if voice.fade_left <= 0:
            waits = voice.stage == DRAIN and not complete and not voice.released
            voice.stage = STARVED if waits else FREE


@compiled
def _attack(voice: Record, time: float, frames: int) -> int:
    constant = max(time, 1.0) / ATTACK_CONSTANTS
    way = constant * log((OVERSHOOT - voice.level) / (OVERSHOOT - 1.0))
    to_peak = ceil(way - ROUNDING)
    if to_peak <= frames:
        voice.level_end = 1.0
        return max(int(to_peak), 1)
    voice.level_end = OVERSHOOT - (OVERSHOOT - voice.level) * exp(-frames / constant)
    return frames


@compiled
def _fade(voice: Record, frames: int) -> int:
    length = max(min(frames, voice.fade_left), 1)
    voice.level_end = voice.level * max(voice.fade_left - length, 0) / max(voice.fade_left, 1)
    return int(length)

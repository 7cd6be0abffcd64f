"""Glide of a voice: from a pitch to its key's, in semitones, in a straight line.

The time is the same for all intervals, or that of an octave. It is counted as the share of the way
that is left, so a new time in mid-glide keeps what was gone. Speed is looked up in the middle of
short segments.
"""

from math import ceil, exp

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import PER_OCTAVE, S_SAMPLE_RATE, Record
from gansynth_live.kernel.memory import Memory

SHORTEST = 0.003  # seconds: no pitch of a sounding voice jumps
OCTAVE = 12.0  # semitones
STEP = 16  # frames of a segment at most, while it glides: steps of a quick glide are not heard
SEMITONE = 0.05776226504666211  # ln 2 / 12
ROUNDING = 1e-6  # frames: a glide of whole frames ends on its frame


@compiled
def begin_glide(voice: Record, semitones: float) -> None:
    """Let a voice start `semitones` away from its pitch. Only where a segment begins."""
    voice.glide = semitones
    voice.glide_left = 1.0 if semitones != 0.0 else 0.0
    voice.glide_turn = 0.0


@compiled
def glide_now(voice: Record) -> float:
    """Semitones that a voice is away from its pitch at the present frame."""
    return float(voice.glide * max(voice.glide_left - voice.glide_turn * voice.elapsed, 0.0))


@compiled_part
def plan_glide(memory: Memory, voice: Record, part: Record, frames: int) -> int:
    """Frames of the next segment, at most `frames`: it ends where the glide does."""
    if voice.glide_left <= 0.0:
        return frames
    whole = part.glide
    if part.glide_scale == PER_OCTAVE:
        whole *= abs(voice.glide) / OCTAVE
    whole = max(whole, SHORTEST * memory.settings[S_SAMPLE_RATE])
    voice.glide_turn = 1.0 / whole
    rest = ceil(voice.glide_left * whole - ROUNDING)
    return int(min(frames, STEP, max(rest, 1)))


@compiled_part
def glide_speed(voice: Record, frames: int) -> float:
    """Speed factor of a segment of `frames` frames of a voice that glides."""
    middle = max(voice.glide_left - 0.5 * frames * voice.glide_turn, 0.0)
    return exp(SEMITONE * voice.glide * middle)


@compiled
def pass_glide(voice: Record, frames: int) -> None:
    """Move a glide `frames` frames on, within the present segment."""
    if voice.glide_left > 0.0:
        left = voice.glide_left - voice.glide_turn * frames
        voice.glide_left = left if left > ROUNDING * voice.glide_turn else 0.0

"""How much sound still lies ahead of a voice, and what becomes of it when that runs out."""

from gansynth_live.kernel.atomics import load_acquire
from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.envelope import frames_to_silence, release_time
from gansynth_live.kernel.layout import (
    ATTACK,
    DRAIN,
    FADE,
    FREE,
    RELEASE,
    S_FADE,
    SEGMENT,
    STARVED,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.swap import NO_SLOT, frames_to_join, position_in_next
from gansynth_live.kernel.tone import reach

RESUME = 2048  # samples that must be ready before a starved voice goes on,
RESUME_SHARE = 4  # or so small a share of a slot, where slots are shorter than that
FAINT = 0.01  # level: -40 dB
MARGIN = 3  # samples that interpolation needs beyond a position


@compiled_part
def is_whole(memory: Memory, slot: int) -> bool:
    """Whether no more samples will come into a slot."""
    return bool(load_acquire(memory.complete, slot) != 0)


@compiled_part
def is_last(memory: Memory, voice: Record) -> bool:
    """Whether the voice has nothing to wait for when its samples have run out."""
    return voice.next_slot == NO_SLOT and is_whole(memory, voice.slot)


@compiled_part
def frames_ahead(memory: Memory, voice: Record) -> int:
    """Frames that the next segment may have; changes the stage where the samples run out.

    The sound of a pending swap counts, if the join can be reached.
    """
    whole = is_whole(memory, voice.slot)
    ahead = _frames_in(memory, voice.slot, voice.position, voice.step)
    longest = ahead
    to_join = frames_to_join(voice)
    if to_join <= ahead:
        whole = is_whole(memory, voice.next_slot)
        position = position_in_next(voice, voice.position + voice.step * to_join)
        ahead = to_join + max(_frames_in(memory, voice.next_slot, position, voice.step), 0)
    _heed(memory, voice, ahead, whole)
    return int(min(SEGMENT, longest))


@compiled_part
def fades_out_here(memory: Memory, voice: Record, channel: Record, part: Record) -> bool:
    """Whether a released voice is over before the samples are that it plays.

    It needs no others then and takes none, so that no bit of it depends on when others are ready.
    Once it is faint, that holds for good: what a pedal asks of it later would come too late.
    """
    if voice.stage != RELEASE:
        return False
    if voice.stays and voice.level < FAINT:
        return True
    rest = frames_to_silence(voice.level, release_time(channel, part))
    rest += memory.settings[S_FADE] + 2 * SEGMENT  # it need not hurry at the end either
    return bool(rest <= _frames_in(memory, voice.slot, voice.position, voice.step))


@compiled_part
def _frames_in(memory: Memory, slot: int, position: int, step: int) -> int:
    """Frames that may be read in a slot from `position` on."""
    ready = load_acquire(memory.ready, slot) - MARGIN
    return int(((ready << 32) - position) // step) - reach(memory)


@compiled_part
def _heed(memory: Memory, voice: Record, ahead: int, whole: bool) -> None:
    """Change the stage as `ahead` frames of sound demand; `whole`: they are the last ones."""
    fade = int(memory.settings[S_FADE])
    if _recovers(memory, voice, ahead, whole):
        voice.stage = ATTACK
    if ahead < 1 and voice.stage != FREE:
        over = whole or voice.released or voice.stage == FADE
        voice.stage = FREE if over else STARVED
    elif voice.stage >= FADE:
        voice.fade_left = min(voice.fade_left, ahead)
    elif voice.stage > STARVED and ahead <= fade + SEGMENT:
        voice.stage = DRAIN
        voice.fade_left = min(ahead, fade)
        memory.status[0].starved += not whole


@compiled
def _recovers(memory: Memory, voice: Record, ahead: int, whole: bool) -> bool:
    """Whether a voice that wanted for samples goes on, from the level that it has now."""
    slot_samples = len(memory.packed) // len(memory.ready)
    enough = min(RESUME, slot_samples // RESUME_SHARE)
    if voice.stage == STARVED:
        return whole or ahead > enough
    fade = int(memory.settings[S_FADE])
    return voice.stage == DRAIN and not voice.released and ahead > fade + enough

"""Going on in another slot: how a sounding voice changes its render without a seam.

The renderer writes a continuation into a fresh slot and says at which sample of the old one the
voice should leave it. Both hold the same sound around that sample, so nothing is heard of the
change. The callback accepts it only for the very note and render that it was made for.
"""

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import GUARD, STARVED, Record
from gansynth_live.kernel.memory import Memory

NO_SLOT = -1
NEVER = 1 << 62  # frames


@compiled
def slot_origin(memory: Memory, slot: int) -> int:
    """Index of a slot's first sample among all samples."""
    return slot * (len(memory.packed) // len(memory.ready)) + GUARD


@compiled
def accept_swap(memory: Memory, command: Record) -> None:
    """Plan the change that a SWAP command asks for, in place of one that is pending, or refuse it.

    It is refused, and counted, for another note than the one it names, for a note that plays
    another slot by now, and for one that sounds and is past the join: so
    nothing but the join decides where a voice goes on. A voice that stays where it is refuses it
    too, but that is no fault and not counted.
    """
    voice = memory.voices[command.voice]
    position = voice.position + voice.step * voice.elapsed
    in_time = position <= command.at << 32 or voice.stage == STARVED
    its_note = voice.serial == command.serial and voice.stage >= STARVED
    is_possible = its_note and voice.slot == command.source and in_time
    if not is_possible or voice.stays:
        memory.status[0].refused += not is_possible
        memory.answers[command.slot] = -command.serial
        return
    memory.answers[command.slot] = 0
    cancel_swap(memory, voice)
    voice.next_slot = command.slot
    voice.next_at = command.at
    voice.next_start = command.start
    memory.users[command.slot] += 1
    end_segment_at_join(voice)


@compiled
def cancel_swap(memory: Memory, voice: Record) -> None:
    """Forget a pending change, if there is one."""
    if voice.next_slot != NO_SLOT:
        memory.users[voice.next_slot] -= 1
        voice.next_slot = NO_SLOT


@compiled
def stay(memory: Memory, voice: Record) -> None:
    """Refuse a pending change, if there is one."""
    if voice.next_slot != NO_SLOT:
        memory.answers[voice.next_slot] = -voice.serial
        cancel_swap(memory, voice)


@compiled
def leave_slots(memory: Memory, voice: Record) -> None:
    """Let go of the slot that the voice plays, and of the one that it waits for."""
    cancel_swap(memory, voice)
    memory.users[voice.slot] -= 1


@compiled_part
def frames_to_join(voice: Record) -> int:
    """Frames from the segment's first until the position has reached the join; NEVER if none is.

    Nothing or less when it is there already.
    """
    if voice.next_slot == NO_SLOT:
        return NEVER
    past = voice.position - (voice.next_at << 32)
    if past >= 0:
        return 0
    return NEVER if voice.step == 0 else -(past // voice.step)


@compiled
def position_in_next(voice: Record, position: int) -> int:
    """The place in the next slot (32.32) that answers to `position` in the present one."""
    return int(position + ((voice.next_start - voice.next_at) << 32))


@compiled
def join(memory: Memory, voice: Record) -> None:
    """Go on in the next slot from the present position."""
    memory.users[voice.slot] -= 1
    voice.position = position_in_next(voice, voice.position)
    voice.slot_place += voice.next_at - voice.next_start
    voice.slot = voice.next_slot
    voice.origin = slot_origin(memory, voice.slot)
    voice.next_slot = NO_SLOT
    memory.answers[voice.slot] = voice.serial
    memory.status[0].swapped += 1


@compiled
def end_segment_at_join(voice: Record) -> None:
    """Let the present segment end where the join is, if it would run past it.

    Its line is the same whether the swap was known when it was planned or not.
    """
    end_segment(voice, max(frames_to_join(voice), voice.elapsed))


@compiled
def end_segment(voice: Record, frames: int) -> None:
    """Let the present segment end after `frames` frames, on its own line, if it is longer."""
    if frames < voice.segment:
        voice.level_end = voice.level + (voice.level_end - voice.level) * frames / voice.segment
        voice.segment = frames

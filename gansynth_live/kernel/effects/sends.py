"""How much of each part goes to each effect: a controller moves it within some milliseconds."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.effects.taps import EFFECTS
from gansynth_live.kernel.layout import PART_NUMBERS, PARTS, S_SAMPLE_RATE, SEGMENT, Record
from gansynth_live.kernel.memory import Memory

RAMP = 0.01  # seconds
NUMBERS = len(PART_NUMBERS)  # of a part
FIRST_SEND = PART_NUMBERS.index("plate")  # of its levels, in the order of the effects


@compiled
def send_of(rack: Record, part: int, effect: int) -> Record:
    """What a part sends to an effect (SEND)."""
    return rack.sends[part * len(EFFECTS) + effect]


@compiled_part
def left_of(number: int) -> int:
    """Where the left side of a buffer begins in the mixes: of a part, or PARTS and an effect."""
    return 2 * SEGMENT * number


@compiled_part
def right_of(number: int) -> int:
    """Where its right side begins."""
    return left_of(number) + SEGMENT


@compiled
def reset_sends(memory: Memory) -> None:
    """Every part sends as much as its numbers say, from the next frame on."""
    sends = memory.rack[0].sends
    for number in range(len(sends)):
        part, effect = divmod(number, len(EFFECTS))
        level = memory.part_numbers[part * NUMBERS + FIRST_SEND + effect]
        send = sends[number]
        send.begin = level
        send.goal = level
        send.elapsed = 0
        if level > 0.0:
            memory.bus[0].apart = 1


@compiled
def move_send(memory: Memory, part: int, effect: int, goal: float) -> None:
    """A part sends `goal` (0..1) to an effect, soon."""
    send = send_of(memory.rack[0], part, effect)
    send.begin = gain_after(send, memory.settings)
    send.goal = goal
    send.elapsed = 0
    memory.bus[0].apart = 1


@compiled
def gain_after(send: Record, settings: NDArray[np.float64]) -> float:
    """How much is sent at the next frame."""
    ramp = RAMP * settings[S_SAMPLE_RATE]
    if send.elapsed >= ramp:
        return float(send.goal)
    return float(send.begin + (send.goal - send.begin) / ramp * send.elapsed)


@compiled
def is_silent(send: Record, settings: NDArray[np.float64]) -> bool:
    """Whether nothing is sent, nor will be."""
    return bool(send.goal == 0.0 and gain_after(send, settings) == 0.0)


@compiled
def feed(rack: Record, settings: NDArray[np.float64], part: int, effect: int, frames: int) -> bool:
    """Add what a part sends of its mix to the feed of an effect; whether it sends anything."""
    send = send_of(rack, part, effect)
    if is_silent(send, settings):
        return False
    ramp = RAMP * settings[S_SAMPLE_RATE]
    begin, goal, elapsed = send.begin, send.goal, send.elapsed
    slope = (goal - begin) / ramp
    for side in range(2):
        source, target = left_of(part), left_of(PARTS + effect)
        if side == 1:
            source, target = right_of(part), right_of(PARTS + effect)
        mix, bus = rack.mixes[source : source + frames], rack.mixes[target : target + frames]
        for i in range(frames):
            frame = elapsed + i
            gain = goal if frame >= ramp else begin + slope * frame
            bus[i] += np.float32(gain) * mix[i]
    return True

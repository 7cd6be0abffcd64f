"""The line of a part: its newest note, and the keys that are down while it has one voice.

Keys that a pedal keeps are not down: nothing ever returns to them.
"""

from gansynth_live.engine.echo import echo_lifted
from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import FADE, FREE, HIGH, KEYS, LOW, NO_PITCH, Record
from gansynth_live.kernel.memory import Memory

NOBODY = -1
NO_KEY = -1
ALL_CHANNELS = -1


@compiled
def sounding(memory: Memory, part: int) -> int:
    """Index of the voice of a part's newest note; NOBODY: it has ended, or makes room."""
    line = memory.lines[part]
    voice = memory.voices[line.voice]
    is_over = voice.stage in (FREE, FADE) or voice.serial != line.serial
    return NOBODY if is_over else int(line.voice)


@compiled
def enter_key(line: Record, frame: int, channel: int, key: int, velocity: int) -> None:
    """A key goes down."""
    if not is_down(line, channel, key):
        line.again[key] = -1
    elif line.since[key] < frame:
        line.again[key] = frame
    line.since[key] = frame
    line.count += 1
    line.orders[key] = line.count
    line.channels[key] = channel
    line.velocities[key] = velocity


@compiled
def is_down(line: Record, channel: int, key: int) -> bool:
    """Whether a key went down on a channel, and did not come up."""
    return bool(line.orders[key] > 0 and line.channels[key] == channel)


@compiled
def wins(priority: float, key: int, other: int) -> bool:
    """Whether a key that goes down sounds in place of another one."""
    if priority == LOW:
        return key <= other
    return priority != HIGH or key >= other


@compiled
def next_key(line: Record, priority: float) -> int:
    """The key that sounds by right among those that are down, or NO_KEY."""
    found = NO_KEY
    for key in range(KEYS):
        if line.orders[key] == 0:
            continue
        is_first = found == NO_KEY
        if priority == LOW:
            better = is_first
        elif priority == HIGH:
            better = True
        else:
            better = is_first or line.orders[key] > line.orders[found]
        if better:
            found = key
    return found


@compiled
def forget_all(line: Record) -> None:
    """No key of a part is down, and no note was played."""
    for key in range(KEYS):
        line.orders[key] = 0
    line.serial = 0
    line.pitch = NO_PITCH


@compiled
def forget_keys(memory: Memory, frame: int, channel: int) -> None:
    """Take every key of a channel (or of ALL_CHANNELS) for released.

    Of those that no voice plays Python is told here.
    """
    for part in range(len(memory.parts)):
        line = memory.lines[part]
        index = sounding(memory, part)
        played = NO_KEY if index == NOBODY else memory.voices[index].key
        for key in range(KEYS):
            if line.orders[key] > 0 and channel in (ALL_CHANNELS, line.channels[key]):
                line.orders[key] = 0
                if key != played:
                    echo_lifted(memory, frame, line.channels[key], key)

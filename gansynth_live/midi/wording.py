"""MIDI messages in words, for people who look at what comes in."""

from gansynth_live.midi import messages as midi

KEYED = (midi.NOTE_OFF, midi.NOTE_ON, midi.KEY_PRESSURE)
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def key_name(key: int) -> str:
    """A key 0..127 as people call it; 60 is C4."""
    return f"{NAMES[key % 12]}{key // 12 - 1}"


def in_words(status: int, data1: int = 0, data2: int = 0) -> str:
    """A channel message in a line, such as "ch 1  note on  C4 100"; "": it is another one."""
    kind = status & 0xF0
    if kind not in midi.CHANNEL_MESSAGES:
        return ""
    if kind == midi.NOTE_ON and data2 == 0:
        kind = midi.NOTE_OFF
    name, data_bytes = midi.CHANNEL_MESSAGES[kind]
    values = f"{data1} {data2}" if data_bytes > 1 else str(data1)
    if kind in KEYED:
        values = f"{key_name(data1)} {data2}"
    elif kind == midi.PITCH_BEND:
        values = f"{(data2 << 7 | data1) - 8192:+d}"
    return f"ch {(status & 0x0F) + 1}  {name}  {values}"

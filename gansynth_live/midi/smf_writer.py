"""Standard MIDI Files, written: one track, whose ticks are as fine as frames."""

from collections.abc import Iterable

from gansynth_live.midi.messages import Event

TICKS = 24_000  # a quarter
TEMPO = 500_000  # microseconds a quarter: 48,000 ticks a second
SYSTEM = 0xF0  # from this status byte on a message is for no channel
ONE_DATA_BYTE = (0xC0, 0xD0)


def to_smf(events: Iterable[Event]) -> bytes:
    """A file of format 0 with the channel messages among `events`, in order of their seconds."""
    track = bytearray(b"\x00\xff\x51\x03" + TEMPO.to_bytes(3))
    last = 0
    for event in events:
        if not 0x80 <= event.status < SYSTEM:
            continue
        tick = max(round(event.time * TICKS * 1_000_000 / TEMPO), last)
        data = (event.data1,) if event.status & 0xF0 in ONE_DATA_BYTE else event[2:4]
        track += _variable_length(tick - last) + bytes((event.status, *data))
        last = tick
    track += b"\x00\xff\x2f\x00"
    header = b"MThd" + (6).to_bytes(4) + b"\x00\x00\x00\x01" + TICKS.to_bytes(2)
    return header + b"MTrk" + len(track).to_bytes(4) + bytes(track)


def _variable_length(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.insert(0, 0x80 | value & 0x7F)
    return bytes(groups)

"""The MIDI 1.0 protocol as a table, and the one type of event that everything here speaks.

Source: The Complete MIDI 1.0 Detailed Specification, tables I to VI.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

NOTE_OFF = 0x80
NOTE_ON = 0x90
KEY_PRESSURE = 0xA0
CONTROL_CHANGE = 0xB0
PROGRAM_CHANGE = 0xC0
CHANNEL_PRESSURE = 0xD0
PITCH_BEND = 0xE0

SYSTEM_EXCLUSIVE = 0xF0
END_OF_EXCLUSIVE = 0xF7
SONG_POSITION = 0xF2
FIRST_REAL_TIME = 0xF8
CLOCK = 0xF8
START = 0xFA
CONTINUE = 0xFB
STOP = 0xFC
ACTIVE_SENSING = 0xFE
RESET = 0xFF

DRUM_CHANNEL = 9  # channel 10 as players count: keys are drums there, no pitches (General MIDI)
LEGATO_PEDAL = 68
GLIDE_FROM = 84  # portamento control: a control change, and an event, no value
# Channel mode messages: control changes with these numbers.
ALL_SOUND_OFF = 120
RESET_CONTROLLERS = 121
ALL_NOTES_OFF = 123
MONO_ON = 126
POLY_ON = 127


class Kind(NamedTuple):
    """A row of the protocol: its name and the number of data bytes after the status byte."""

    name: str
    data_bytes: int


CHANNEL_MESSAGES = {
    NOTE_OFF: Kind("note off", 2),
    NOTE_ON: Kind("note on", 2),
    KEY_PRESSURE: Kind("key pressure", 2),
    CONTROL_CHANGE: Kind("control change", 2),
    PROGRAM_CHANGE: Kind("program change", 1),
    CHANNEL_PRESSURE: Kind("channel pressure", 1),
    PITCH_BEND: Kind("pitch bend", 2),
}
SYSTEM_COMMON = {
    0xF1: Kind("quarter frame", 1),
    SONG_POSITION: Kind("song position", 2),
    0xF3: Kind("song select", 1),
    0xF6: Kind("tune request", 0),
}
REAL_TIME = {
    CLOCK: Kind("clock", 0),
    START: Kind("start", 0),
    CONTINUE: Kind("continue", 0),
    STOP: Kind("stop", 0),
    ACTIVE_SENSING: Kind("active sensing", 0),
    RESET: Kind("reset", 0),
}

# Every status byte that has a meaning and a fixed length; system exclusive has none.
KINDS: dict[int, Kind] = {
    **{
        status | channel: kind for status, kind in CHANNEL_MESSAGES.items() for channel in range(16)
    },
    **SYSTEM_COMMON,
    **REAL_TIME,
}


class Event(NamedTuple):
    """A short message at a time in seconds; a missing data byte is 0."""

    time: float
    status: int
    data1: int = 0
    data2: int = 0

    @property
    def kind(self) -> int:
        """The status without its channel: one of the constants above."""
        return self.status & 0xF0 if self.status < SYSTEM_EXCLUSIVE else self.status

    @property
    def channel(self) -> int:
        """Channel 0..15 (meaningless for system messages)."""
        return self.status & 0x0F

    @property
    def is_note_on(self) -> bool:
        """A key goes down; velocity 0 means that it goes up."""
        return self.kind == NOTE_ON and self.data2 > 0

    @property
    def is_note_off(self) -> bool:
        """A key goes up."""
        return self.kind == NOTE_OFF or (self.kind == NOTE_ON and self.data2 == 0)

    def message(self) -> bytes:
        """The bytes as they go over the wire."""
        length = KINDS[self.status].data_bytes
        return bytes((self.status, self.data1, self.data2)[: 1 + length])


def of_channels(events: Sequence[Event], channels: Collection[int]) -> Sequence[Event]:
    """The messages on `channels` (1..16; none given: all) and those that are for everyone."""
    if not channels:
        return events
    return [
        event
        for event in events
        if event.status >= SYSTEM_EXCLUSIVE or event.channel + 1 in channels
    ]

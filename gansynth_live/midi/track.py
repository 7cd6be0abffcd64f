"""One track of a Standard MIDI File: bytes to channel messages and tempos, each at its tick.

A track is read as far as it goes. What breaks the standard is clipped or skipped and remarked on;
nothing but the limit on events is an error. The meaning of meta events is read for tempo and end
of track only.
"""

import re
from array import array
from dataclasses import dataclass, field

from gansynth_live.errors import MidiFileError
from gansynth_live.midi.messages import (
    CHANNEL_PRESSURE,
    END_OF_EXCLUSIVE,
    KINDS,
    PITCH_BEND,
    PROGRAM_CHANGE,
    SYSTEM_EXCLUSIVE,
)
from gansynth_live.midi.remarks import Remarks

MAX_EVENTS = 1_000_000  # of all kinds and tracks: what a second and 200 MiB suffice for

META = 0xFF
END_OF_TRACK = 0x2F
TEMPO = 0x51
LAST_VALUE = 0x7F
LONGEST = 0x0FFFFFFF  # what four bytes of seven bits hold
VARIABLE_LENGTH = re.compile(rb"\x80*([\x80-\xff]*[\x00-\x7f])")
STATUS = re.compile(rb"[\x80-\xff]")

CLIPPED = "data bytes over 127 are taken as 127"
NO_SUCH_NUMBER = "messages for a key, controller or program over 127 are skipped"
NO_STATUS = "data bytes that follow no status byte are skipped"
NOT_IN_A_FILE = "system messages that cannot stand in a file are skipped"
TOO_LONG = "delta times and lengths of more than 4 bytes are cut to the longest"
BAD_TEMPO = "tempos of 0 or not of 3 bytes are skipped, the tempo before goes on"


@dataclass
class Track:
    """What one MTrk chunk says; times are ticks since its start.

    Attributes:
        ticks: the time of each channel message.
        messages: status, first and second data byte of each (0 if it has none), in a row.
        tempo_ticks, tempos: from when on a quarter note lasts so many microseconds.
        last_event: the time of the last event of any kind before the end of track.
        length: the time of the end of track, or of the last event where there is none.
        events: how many were read, of all kinds.
        size: how many bytes were read.
        ended: whether there was an end of track.
    """

    ticks: "array[int]" = field(default_factory=lambda: array("q"))
    messages: bytearray = field(default_factory=bytearray)
    tempo_ticks: "array[int]" = field(default_factory=lambda: array("q"))
    tempos: "array[int]" = field(default_factory=lambda: array("I"))
    last_event: int = 0
    length: int = 0
    events: int = 0
    size: int = 0
    ended: bool = False


def read_track(body: bytes, number: int, room: int, remarks: Remarks) -> Track:
    """Read a track from front to back, until its end of track or as far as it goes.

    Args:
        body: the bytes of the chunk, or more.
        number: of the track, from 1; for remarks.
        room: how many events are allowed.

    Raises:
        MidiFileError: it has more events than there is room for.
    """
    return _Reader(body, number, remarks).read(room)


class _Reader:
    def __init__(self, body: bytes, number: int, remarks: Remarks) -> None:
        self._body = body
        self._number = number
        self._remarks = remarks
        self._position = 0
        self._track = Track()

    def read(self, room: int) -> Track:
        track = self._track
        try:
            self._read_events(room)
        except IndexError:  # in the middle of an event
            self._position = len(self._body)
        if not track.ended:
            track.last_event = track.length
        track.size = self._position
        return track

    def _read_events(self, room: int) -> None:
        """Loop over the events; it is run a million times a second, so the usual needs no call."""
        track, body, size = self._track, self._body, len(self._body)
        add_tick, add_byte = track.ticks.append, track.messages.append
        position = tick = running = 0
        for _ in range(room):
            if position >= size:
                break
            delta = body[position]
            position += 1
            if delta >= 0x80:
                delta, position = self._long_number(position - 1)
            tick += delta
            status = body[position]
            if status < 0x80:
                status = running
            else:
                position += 1
            track.events += 1
            if not 0x80 <= status < SYSTEM_EXCLUSIVE:
                track.last_event, track.length = track.length, tick
                self._position = position
                self._other_event(status)
                if track.ended:
                    return
                position = self._position
                continue
            # Writers exist that keep the running status across meta events; so do we.
            running = status
            data1 = body[position]
            data2 = 0
            position += 1
            if not PROGRAM_CHANGE <= status < PITCH_BEND:
                data2 = body[position]
                position += 1
            track.length = tick
            if (data1 | data2) >= 0x80:
                if self._skips(status, data1, position):
                    continue
                data1 = data1 if data1 < 0x80 else LAST_VALUE
                data2 = data2 if data2 < 0x80 else LAST_VALUE
            add_tick(tick)
            add_byte(status)
            add_byte(data1)
            add_byte(data2)
        self._position = position
        if position < size:
            raise MidiFileError(f"it has more than {MAX_EVENTS:,} events")

    def _skips(self, status: int, data1: int, position: int) -> bool:
        """Whether a message with a data byte over 127 means nothing, clipped or not."""
        if data1 >= 0x80 and status < CHANNEL_PRESSURE:
            self._remarks.add(NO_SUCH_NUMBER, self._number, position)
            return True
        self._remarks.add(CLIPPED, self._number, position)
        return False

    def _other_event(self, status: int) -> None:
        if status == META:
            self._meta_event()
        elif status in (SYSTEM_EXCLUSIVE, END_OF_EXCLUSIVE):
            self._take(self._length())
        elif status == 0:
            self._remark(NO_STATUS)
            self._position = self._next_delta_time()
        else:
            self._remark(NOT_IN_A_FILE)
            self._position += KINDS[status].data_bytes if status in KINDS else 0

    def _meta_event(self) -> None:
        kind = self._body[self._position]
        self._position += 1
        data = self._take(self._length())
        self._track.ended = kind == END_OF_TRACK
        if kind == TEMPO:
            microseconds = int.from_bytes(data)
            if len(data) != 3 or microseconds == 0:
                self._remark(BAD_TEMPO)
                return
            self._track.tempo_ticks.append(self._track.length)
            self._track.tempos.append(microseconds)

    def _next_delta_time(self) -> int:
        """Where the next status byte stands, less the delta time before it."""
        status = STATUS.search(self._body, self._position)
        if status is None:
            raise IndexError
        return status.start() - 1

    def _length(self) -> int:
        value = self._body[self._position]
        if value < 0x80:
            self._position += 1
        else:
            value, self._position = self._long_number(self._position)
        return value

    def _long_number(self, position: int) -> tuple[int, int]:
        """A number of several bytes, and where it ends."""
        found = VARIABLE_LENGTH.match(self._body, position)
        if found is None:
            raise IndexError
        digits = found[1]
        if found.end() - position > 4:
            self._remarks.add(TOO_LONG, self._number, position)
        if len(digits) > 4:
            return LONGEST, found.end()
        value = 0
        for digit in digits:
            value = value << 7 | digit & 0x7F
        return value, found.end()

    def _take(self, length: int) -> bytes:
        data = self._body[self._position : self._position + length]
        self._position += length
        if len(data) < length:
            raise IndexError
        return data

    def _remark(self, fault: str) -> None:
        self._remarks.add(fault, self._number, self._position)

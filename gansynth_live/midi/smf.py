"""Standard MIDI Files: bytes to tracks of events in ticks, under limits, with one error.

An own reader, because a hostile file must cost neither minutes nor gigabytes: the usual library
takes quadratic time over a long delta time and gives up on files that only carry a bad key
signature. Here the meaning of meta events is read for tempo and end of track only.
Source: Standard MIDI Files 1.0 (RP-001).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gansynth_live.errors import MidiFileError
from gansynth_live.midi.messages import END_OF_EXCLUSIVE, KINDS, SYSTEM_EXCLUSIVE

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_TRACKS = 1024
MAX_EVENTS = 5_000_000

SMPTE_RATES = (24, 25, 29, 30)

META = 0xFF
END_OF_TRACK = 0x2F
TEMPO = 0x51


class TickEvent(NamedTuple):
    """A channel message at a tick since the start of its track."""

    tick: int
    status: int
    data1: int
    data2: int


class Tempo(NamedTuple):
    """From this tick on a quarter note lasts so many microseconds."""

    tick: int
    microseconds: int


@dataclass
class Track:
    """What one MTrk chunk says."""

    events: list[TickEvent] = field(default_factory=list)
    tempos: list[Tempo] = field(default_factory=list)
    length: int = 0  # ticks


class MidiFile(NamedTuple):
    """A file as it is written; `division` is the header's signed 16-bit field, never 0."""

    format: int
    division: int
    tracks: list[Track]


def parse_file(path: Path) -> MidiFile:
    """Read a Standard MIDI File of format 0, 1 or 2.

    Raises:
        MidiFileError: the file is missing, too large, damaged or no MIDI file.
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise MidiFileError(f"cannot read {path}: {error.strerror or error}") from error
    try:
        return parse_bytes(content)
    except MidiFileError as error:
        raise MidiFileError(f"{path} is not a usable MIDI file: {error}") from error


def parse_bytes(content: bytes) -> MidiFile:
    """Read a Standard MIDI File from memory.

    Raises:
        MidiFileError: anything that the standard or the limits forbid.
    """
    if len(content) > MAX_FILE_BYTES:
        raise MidiFileError(f"it is larger than {MAX_FILE_BYTES >> 20} MiB")
    if not content.startswith(b"MThd"):
        raise MidiFileError("it does not begin with a MIDI file header (MThd)")
    chunks = _chunks(content)
    _, header = next(chunks, (b"", b""))
    if len(header) < 6:
        raise MidiFileError("its header is shorter than 6 bytes")
    file_format = int.from_bytes(header[0:2])
    count = int.from_bytes(header[2:4])
    division = int.from_bytes(header[4:6], signed=True)
    if file_format > 2:
        raise MidiFileError(f"format {file_format} does not exist; only 0, 1 and 2 do")
    if count > MAX_TRACKS:
        raise MidiFileError(f"it announces {count} tracks; the limit is {MAX_TRACKS}")
    if division == 0 or (division < 0 and division & 0xFF == 0):
        raise MidiFileError("its division is 0, so its ticks have no length")
    if division < 0 and -(division >> 8) not in SMPTE_RATES:
        raise MidiFileError(f"its division of {-(division >> 8)} SMPTE frames a second is none")
    tracks: list[Track] = []
    room = MAX_EVENTS
    # Chunks of other kinds are allowed anywhere and skipped; what follows the last track too.
    while len(tracks) < count:
        name, body = next(chunks, (b"", b""))
        if not name:
            raise MidiFileError(f"it announces {count} tracks and holds {len(tracks)}")
        if name == b"MTrk":
            track = _TrackReader(body, len(tracks) + 1, room).read()
            room -= len(track.events)
            tracks.append(track)
    return MidiFile(file_format, division, tracks)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(content):
        name = content[position : position + 4]
        length = int.from_bytes(content[position + 4 : position + 8])
        body = content[position + 8 : position + 8 + length]
        if len(body) < length:
            raise MidiFileError(
                f"the chunk at byte {position} announces {length} bytes and {len(body)} are left"
            )
        yield name, body
        position += 8 + length


class _TrackReader:
    """Reads one track chunk from front to back."""

    def __init__(self, body: bytes, number: int, room: int) -> None:
        self._body = body
        self._number = number
        self._room = room
        self._position = 0
        self._track = Track()

    def read(self) -> Track:
        try:
            self._read_events()
        except IndexError:
            raise self._error("the track ends in the middle of an event") from None
        return self._track

    def _read_events(self) -> None:
        tick = 0
        running = 0
        while self._position < len(self._body):
            tick += self._variable_length()
            self._track.length = tick
            status = self._body[self._position]
            if status >= 0x80:
                self._position += 1
            else:
                status = running
            if 0x80 <= status < SYSTEM_EXCLUSIVE:
                # Writers exist that keep the running status across meta events; so do we.
                running = status
                self._channel_message(tick, status)
            elif status == META:
                if self._meta_event(tick):
                    return
            elif status in (SYSTEM_EXCLUSIVE, END_OF_EXCLUSIVE):
                self._take(self._variable_length())
            elif status == 0:
                raise self._error("a data byte stands where no status byte came before")
            else:
                raise self._error(f"status byte {status:02X} cannot stand in a file")

    def _channel_message(self, tick: int, status: int) -> None:
        start = self._position
        data1 = self._body[start]
        data2 = 0
        self._position = start + 1
        if KINDS[status].data_bytes == 2:
            data2 = self._body[start + 1]
            self._position = start + 2
        if (data1 | data2) >= 0x80:
            raise self._error(f"a {KINDS[status].name} has a data byte over 127")
        if len(self._track.events) >= self._room:
            raise MidiFileError(f"it has more than {MAX_EVENTS} events")
        self._track.events.append(TickEvent(tick, status, data1, data2))

    def _meta_event(self, tick: int) -> bool:
        """Whether it ended the track."""
        kind = self._body[self._position]
        self._position += 1
        data = self._take(self._variable_length())
        if kind == TEMPO:
            microseconds = int.from_bytes(data)
            if len(data) != 3 or microseconds == 0:
                raise self._error("a tempo is not 3 bytes long or is 0")
            self._track.tempos.append(Tempo(tick, microseconds))
        return kind == END_OF_TRACK

    def _variable_length(self) -> int:
        value = 0
        for _ in range(4):
            byte = self._body[self._position]
            self._position += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise self._error("a length or delta time is longer than 4 bytes")

    def _take(self, length: int) -> bytes:
        data = self._body[self._position : self._position + length]
        self._position += length
        if len(data) < length:
            raise IndexError
        return data

    def _error(self, reason: str) -> MidiFileError:
        return MidiFileError(f"{reason} (track {self._number}, near its byte {self._position})")

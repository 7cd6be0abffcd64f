"""Standard MIDI Files: bytes to tracks, under limits, with one error.

An own reader, because a hostile file must cost neither minutes nor gigabytes, and a damaged one
should be played as far as it makes sense: files in the world are wrapped, cut, counted wrong.
What is wrong is remarked on; an error is only what is no MIDI file at all, or beyond the limits.
Source: Standard MIDI Files 1.0 (RP-001).
"""

import re
from pathlib import Path
from typing import NamedTuple

from gansynth_live.errors import MidiFileError
from gansynth_live.midi.remarks import Remarks
from gansynth_live.midi.track import MAX_EVENTS, Track, read_track

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_CHUNKS = 4096

HEADER, TRACK = b"MThd", b"MTrk"
ALIEN = re.compile(rb"[A-Za-z][A-Za-z0-9 ]{3}")  # the name of a chunk that the standard lets be
SMPTE_RATES = (24, 25, 29, 30)
USUAL_DIVISION, USUAL_SMPTE_TICKS = 480, 40  # where a file says 0
TOGETHER, IN_A_ROW = 1, 2  # formats: how the tracks sound; 0 has one

WRAPPED = "it is wrapped in a RIFF file, of which only the MIDI file is read"
LATE_HEADER = "bytes before its header are skipped"
BAD_HEADER = "its header has not the length that it says"
BAD_LENGTH = "a track has not the length that it says and is read up to its end-of-track event"
NO_END = "a track breaks off without an end-of-track event and is played as far as it goes"
NO_DIVISION = f"its division is 0, {USUAL_DIVISION} ticks a quarter note are assumed"
NO_SMPTE_TICKS = f"its SMPTE frames have 0 ticks, {USUAL_SMPTE_TICKS} are assumed"


class MidiFile(NamedTuple):
    """A file as it is written; `division` is the header's signed 16-bit field, never 0.

    `remarks` says what was wrong with it and was put up with: one line for each kind of fault.
    """

    format: int
    division: int
    tracks: list[Track]
    remarks: tuple[str, ...]


def parse_file(path: Path) -> MidiFile:
    """Read a Standard MIDI File of format 0, 1 or 2, also out of a RIFF file (.rmi).

    Raises:
        MidiFileError: the file is missing, too large, or no MIDI file.
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
        MidiFileError: it has no header, no tracks, or is beyond the limits.
    """
    if len(content) > MAX_FILE_BYTES:
        raise MidiFileError(f"it is larger than {MAX_FILE_BYTES >> 20} MiB")
    remarks = Remarks()
    content = _unwrapped(content, remarks)
    fields = content[8:14]
    if len(fields) < 6:
        raise MidiFileError("its header is shorter than 6 bytes")
    file_format = _format(int.from_bytes(fields[0:2]), remarks)
    count = int.from_bytes(fields[2:4])
    division = _division(int.from_bytes(fields[4:6], signed=True), remarks)
    first = 8 + int.from_bytes(content[4:8])
    if first < 14 or not _ends_a_chunk(content, first):
        remarks.add(BAD_HEADER)
        first = 14
    tracks = _tracks(content, first, remarks)
    if not tracks:
        raise MidiFileError("it has no tracks (MTrk)")
    if len(tracks) != count:
        remarks.add(f"it announces {count} tracks and has {len(tracks)}, which are all read")
    return MidiFile(file_format, division, tracks, remarks.lines())


def _unwrapped(content: bytes, remarks: Remarks) -> bytes:
    """The bytes from the header on."""
    start = content.find(HEADER)
    if start < 0:
        raise MidiFileError("it has no MIDI file header (MThd)")
    if start == 0:
        return content
    if content.startswith(b"RIFF"):
        remarks.add(WRAPPED)
        if content[start - 8 : start - 4] == b"data":
            length = int.from_bytes(content[start - 4 : start], "little")
            return content[start : start + length]
        return content[start:]
    remarks.add(LATE_HEADER)
    return content[start:]


def _format(number: int, remarks: Remarks) -> int:
    if number <= IN_A_ROW:
        return number
    remarks.add(f"format {number} does not exist, its tracks are played together")
    return TOGETHER


def _division(division: int, remarks: Remarks) -> int:
    """The header's field, with something usual in place of 0."""
    if division == 0:
        remarks.add(NO_DIVISION)
        return USUAL_DIVISION
    if division > 0:
        return division
    rate = -(division >> 8)
    if rate not in SMPTE_RATES:
        remarks.add(f"{rate} SMPTE frames a second are not 24, 25, 29 or 30, but taken as they are")
    if division & 0xFF == 0:
        remarks.add(NO_SMPTE_TICKS)
        return division | USUAL_SMPTE_TICKS
    return division


def _tracks(content: bytes, position: int, remarks: Remarks) -> list[Track]:
    """All tracks from `position` on; chunks of other kinds are allowed anywhere and skipped."""
    tracks: list[Track] = []
    room = MAX_EVENTS
    for _ in range(MAX_CHUNKS):
        if not _begins_a_chunk(content, position):
            position = content.find(TRACK, position)
            if position < 0:
                return tracks
        start = position + 8
        end = start + int.from_bytes(content[position + 4 : start])
        if content[position : position + 4] != TRACK:
            position = end
            continue
        sure = _ends_a_chunk(content, end)
        # Where the length is wrong, only the next track or the file's end bounds this one.
        stop = end if sure else content.find(TRACK, start) % (len(content) + 1)
        track = read_track(content[start:stop], len(tracks) + 1, room, remarks)
        tracks.append(track)
        room -= track.events
        position = end if sure else start + track.size
        if not track.ended:
            remarks.add(NO_END, len(tracks), track.size)
        elif position != end:
            remarks.add(BAD_LENGTH)
    raise MidiFileError(f"it has more than {MAX_CHUNKS} chunks")


def _begins_a_chunk(content: bytes, position: int) -> bool:
    if content.startswith(TRACK, position):
        return True
    end = position + 8 + int.from_bytes(content[position + 4 : position + 8])
    return ALIEN.match(content, position) is not None and position + 8 <= end <= len(content)


def _ends_a_chunk(content: bytes, position: int) -> bool:
    return position == len(content) or _begins_a_chunk(content, position)

"""Files are read to the letter, odd ones as far as they go, others refused."""

import re
from pathlib import Path

import pytest

from gansynth_live.errors import MidiFileError
from gansynth_live.midi import smf
from gansynth_live.midi.smf import parse_bytes, parse_file
from gansynth_live.midi.track import Track
from tests.midi.smf_bytes import chunk, midi_file, riff, tempo, track

NOTE_ON = b"\x90\x3c\x64"
NOTE_OFF = b"\x80\x3c\x40"


def events(track: Track) -> list[tuple[int, int, int, int]]:
    """Tick, status and data bytes of each message."""
    columns = (track.messages[place::3] for place in range(3))
    return list(zip(track.ticks, *columns, strict=True))


def test_events_carry_ticks() -> None:
    content = midi_file(track((0, NOTE_ON), (480, NOTE_OFF), (10, b"\xc1\x07")))
    parsed = parse_bytes(content)
    assert events(parsed.tracks[0]) == [
        (0, 0x90, 60, 100),
        (480, 0x80, 60, 64),
        (490, 0xC1, 7, 0),
    ]
    assert parsed.tracks[0].length == 490


def test_running_status_survives_meta_and_exclusive_events() -> None:
    content = midi_file(
        track((0, NOTE_ON), (1, b"\x3e\x64"), (1, b"\xff\x01\x01x"), (1, b"\x40\x64"))
    )
    assert list(parse_bytes(content).tracks[0].messages[1::3]) == [60, 62, 64]
    content = midi_file(track((0, NOTE_ON), (1, b"\xf0\x02\x01\xf7"), (1, b"\x40\x64")))
    assert list(parse_bytes(content).tracks[0].messages[1::3]) == [60, 64]


def test_tempos_are_kept_and_other_meta_events_are_not_judged() -> None:
    bad_key_signature = b"\xff\x59\x02\x63\x05"
    short_sequence_number = b"\xff\x00\x01\x05"
    content = midi_file(
        track((0, bad_key_signature), (0, short_sequence_number), (96, tempo(250_000)))
    )
    [parsed] = parse_bytes(content).tracks
    assert (list(parsed.tempo_ticks), list(parsed.tempos)) == ([96], [250_000])


def test_what_follows_the_end_of_track_is_ignored() -> None:
    content = midi_file(chunk(b"MTrk", b"\x00\xff\x2f\x00\x00\x90\x3c"))
    assert parse_bytes(content).tracks[0].messages == b""


def test_alien_chunks_and_trailing_bytes_are_skipped() -> None:
    content = midi_file(chunk(b"XFIH", b"abc") + track((0, NOTE_ON)), track((0, NOTE_OFF)))
    assert [len(t.ticks) for t in parse_bytes(content + b"tail").tracks] == [1, 1]


def test_a_longer_header_is_read_by_its_first_six_bytes() -> None:
    content = chunk(b"MThd", b"\x00\x00\x00\x01\x01\xe0more") + track((0, NOTE_ON))
    assert parse_bytes(content).division == 480


ON, OFF = (0, NOTE_ON), (480, NOTE_OFF)
TWO_TRACKS = midi_file(track(ON, OFF), track(ON, OFF))


def lengthened(content: bytes, number: int, by: int) -> bytes:
    """A file whose track `number`, from 0, says that it is so many bytes longer than it is."""
    at = [found.end() for found in re.finditer(b"MTrk", content)][number]
    return (
        content[:at] + (int.from_bytes(content[at : at + 4]) + by).to_bytes(4) + content[at + 4 :]
    )


ODD_FILES = [
    ("in RIFF", riff(TWO_TRACKS), 4, "wrapped in a RIFF file"),
    ("in RIFF with more", riff(TWO_TRACKS) + b"LIST\x04\x00\x00\x00abcd", 4, "wrapped in a RIFF"),
    ("after other bytes", bytes(128) + TWO_TRACKS, 4, "bytes before its header"),
    ("header length 0", TWO_TRACKS.replace(b"\0\0\0\x06", bytes(4), 1), 4, "its header"),
    ("header too long", TWO_TRACKS.replace(b"\0\0\0\x06", b"\xff\0\0\0", 1), 4, "its header"),
    ("format 3", midi_file(track(ON, OFF), file_format=3), 2, "format 3 does not exist"),
    ("division 0", midi_file(track(ON, OFF), division=0), 2, "division is 0, 480"),
    ("SMPTE frames without ticks", midi_file(track(ON, OFF), division=-25 << 8), 2, "have 0 ticks"),
    ("odd SMPTE rate", midi_file(track(ON), division=(-77 << 8) | 40), 1, "77 SMPTE frames"),
    (
        "too few tracks",
        TWO_TRACKS.replace(b"\1\0\2", b"\1\0\3", 1),
        4,
        "announces 3 tracks and has 2",
    ),
    (
        "too many tracks",
        TWO_TRACKS.replace(b"\1\0\2", b"\1\0\1", 1),
        4,
        "announces 1 tracks and has 2",
    ),
    ("first track too long", lengthened(TWO_TRACKS, 0, 7), 4, "not the length"),
    ("first track too short", lengthened(TWO_TRACKS, 0, -3), 4, "not the length"),
    ("first track endless", lengthened(TWO_TRACKS, 0, 2**31), 4, "not the length"),
    ("last track too long", lengthened(TWO_TRACKS, 1, 7), 4, "not the length"),
    ("last track too short", lengthened(TWO_TRACKS, 1, -3), 4, "not the length"),
    ("a track is cut", TWO_TRACKS[:-6], 3, "breaks off"),
    (
        "an event is cut",
        midi_file(chunk(b"MTrk", b"\x00\x90\x3c\x64\x00\x90\x3c")),
        1,
        "breaks off",
    ),
    ("a delta time is cut", midi_file(chunk(b"MTrk", b"\x00\x90\x3c\x64\x81")), 1, "breaks off"),
    (
        "a meta event is cut",
        midi_file(chunk(b"MTrk", b"\x00\x90\x3c\x64\x00\xff\x03\x09ab")),
        1,
        "breaks",
    ),
    (
        "an exclusive is cut",
        midi_file(chunk(b"MTrk", b"\x00\x90\x3c\x64\x00\xf0\x85\x00a")),
        1,
        "breaks",
    ),
    ("no end of track", midi_file(chunk(b"MTrk", b"\x00" + NOTE_ON)), 1, "breaks off"),
    (
        "long delta time",
        midi_file(chunk(b"MTrk", b"\xff\xff\xff\xff\x7f\x90\x3c\x64\0\xff\x2f\0")),
        1,
        "more than 4",
    ),
    ("data without status", midi_file(track((0, b"\x3c\x64"), ON)), 1, "follow no status"),
    ("value over 127", midi_file(track((0, b"\xb0\x07\xff"), ON)), 2, "taken as 127"),
    ("bend over 127", midi_file(track((0, b"\xe0\xff\x40"), ON)), 2, "taken as 127"),
    ("key over 127", midi_file(track((0, b"\x90\xbc\x40"), ON)), 1, "are skipped"),
    ("program over 127", midi_file(track((0, b"\xc0\x80"), ON)), 1, "are skipped"),
    ("clock", midi_file(track(ON, (0, b"\xf8"), (0, b"\xfe"), OFF)), 2, "cannot stand in a file"),
    ("song position", midi_file(track(ON, (0, b"\xf2\x00\x10"), OFF)), 2, "cannot stand"),
    ("undefined status", midi_file(track(ON, (0, b"\xf4"), OFF)), 2, "cannot stand"),
    ("tempo 0", midi_file(track((0, tempo(0)), ON)), 1, "tempo before goes on"),
    ("short tempo", midi_file(track((0, b"\xff\x51\x02\x07\xa1"), ON)), 1, "tempo before"),
]


@pytest.mark.parametrize(
    ("content", "messages", "remark"),
    [row[1:] for row in ODD_FILES],
    ids=[row[0] for row in ODD_FILES],
)
def test_an_odd_file_is_read_and_remarked_on(content: bytes, messages: int, remark: str) -> None:
    parsed = parse_bytes(content)
    assert sum(len(t.ticks) for t in parsed.tracks) == messages
    [line] = parsed.remarks
    assert remark in line
    assert "\n" not in line


def test_a_kind_of_fault_is_one_remark() -> None:
    bad = (0, b"\xb0\x07\xff")
    [line] = parse_bytes(midi_file(track(ON, bad, bad), track(bad))).remarks
    assert line.endswith("(3 times, first in track 1, near its byte 8)")


def test_what_is_clipped_and_what_holds() -> None:
    long_delta = b"\xff\xff\xff\xff\x7f" + NOTE_ON
    content = midi_file(
        track((0, b"\xb0\x07\xff"), (0, tempo(9)), (0, tempo(0))), chunk(b"MTrk", long_delta)
    )
    controls, late = parse_bytes(content).tracks
    assert events(controls) == [(0, 0xB0, 7, 127)]
    assert list(controls.tempos) == [9]
    assert events(late) == [(0x0FFFFFFF, 0x90, 60, 100)]


def test_a_time_padded_to_more_than_four_bytes_is_itself() -> None:
    content = midi_file(chunk(b"MTrk", b"\x80\x80\x80\x81\x00" + NOTE_ON))
    assert list(parse_bytes(content).tracks[0].ticks) == [128]


def test_a_sound_file_is_not_remarked_on() -> None:
    assert parse_bytes(TWO_TRACKS).remarks == ()
    assert parse_bytes(TWO_TRACKS + bytes(100)).remarks == ()  # padded to a block


BAD_FILES = [
    ("noise", bytes(range(200, 256)), "no MIDI file header"),
    ("empty", b"", "no MIDI file header"),
    ("one byte", b"M", "no MIDI file header"),
    ("something else", b"RIFF\x00\x00\x00\x00WAVE", "no MIDI file header"),
    ("header only a name", b"MThd", "header is shorter"),
    ("header cut", midi_file(track())[:12], "header is shorter"),
    ("header only", midi_file(), "no tracks"),
    ("no chunk", midi_file() + b"\x00\x90\x3c\x64", "no tracks"),
]


@pytest.mark.parametrize(
    ("content", "reason"), [row[1:] for row in BAD_FILES], ids=[row[0] for row in BAD_FILES]
)
def test_bad_file(content: bytes, reason: str) -> None:
    with pytest.raises(MidiFileError, match=reason) as error:
        parse_bytes(content)
    assert "\n" not in str(error.value)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    content = midi_file(track((0, NOTE_ON), (0, NOTE_OFF)), track((0, NOTE_ON), (0, NOTE_OFF)))
    monkeypatch.setattr(smf, "MAX_EVENTS", 6)
    assert len(parse_bytes(content).tracks) == 2
    monkeypatch.setattr(smf, "MAX_EVENTS", 5)  # an end of track is one
    with pytest.raises(MidiFileError, match="more than 1,000,000 events"):
        parse_bytes(content)
    monkeypatch.undo()
    with pytest.raises(MidiFileError, match="more than 4096 chunks"):
        parse_bytes(midi_file(*[track()] * 4097))
    with pytest.raises(MidiFileError, match="larger than 16 MiB"):
        parse_bytes(bytes(smf.MAX_FILE_BYTES + 1))


def test_errors_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match=r"cannot read .*absent\.mid: No such file"):
        parse_file(tmp_path / "absent.mid")
    with pytest.raises(MidiFileError, match="cannot read"):
        parse_file(tmp_path)
    (tmp_path / "bad.mid").write_bytes(b"hello")
    with pytest.raises(MidiFileError, match=r"bad\.mid is not a usable MIDI file"):
        parse_file(tmp_path / "bad.mid")

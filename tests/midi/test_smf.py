"""Files are read to the letter, and bad ones refused with a reason."""

from pathlib import Path

import pytest

from gansynth_live.errors import MidiFileError
from gansynth_live.midi import smf
from gansynth_live.midi.smf import Tempo, TickEvent, parse_bytes, parse_file
from tests.midi.smf_bytes import chunk, midi_file, tempo, track

NOTE_ON = b"\x90\x3c\x64"
NOTE_OFF = b"\x80\x3c\x40"


def test_events_carry_ticks() -> None:
    content = midi_file(track((0, NOTE_ON), (480, NOTE_OFF), (10, b"\xc1\x07")))
    parsed = parse_bytes(content)
    assert parsed.tracks[0].events == [
        TickEvent(0, 0x90, 60, 100),
        TickEvent(480, 0x80, 60, 64),
        TickEvent(490, 0xC1, 7, 0),
    ]
    assert parsed.tracks[0].length == 490


def test_running_status_survives_meta_and_exclusive_events() -> None:
    content = midi_file(
        track((0, NOTE_ON), (1, b"\x3e\x64"), (1, b"\xff\x01\x01x"), (1, b"\x40\x64"))
    )
    assert [e.data1 for e in parse_bytes(content).tracks[0].events] == [60, 62, 64]
    content = midi_file(track((0, NOTE_ON), (1, b"\xf0\x02\x01\xf7"), (1, b"\x40\x64")))
    assert [e.data1 for e in parse_bytes(content).tracks[0].events] == [60, 64]


def test_tempos_are_kept_and_other_meta_events_are_not_judged() -> None:
    bad_key_signature = b"\xff\x59\x02\x63\x05"
    short_sequence_number = b"\xff\x00\x01\x05"
    content = midi_file(
        track((0, bad_key_signature), (0, short_sequence_number), (96, tempo(250_000)))
    )
    assert parse_bytes(content).tracks[0].tempos == [Tempo(96, 250_000)]


def test_what_follows_the_end_of_track_is_ignored() -> None:
    content = midi_file(chunk(b"MTrk", b"\x00\xff\x2f\x00\x00\x90\x3c"))
    assert parse_bytes(content).tracks[0].events == []


def test_alien_chunks_and_trailing_bytes_are_skipped() -> None:
    content = midi_file(chunk(b"XFIH", b"abc") + track((0, NOTE_ON)), track((0, NOTE_OFF)))
    assert [len(t.events) for t in parse_bytes(content + b"tail").tracks] == [1, 1]


def test_a_longer_header_is_read_by_its_first_six_bytes() -> None:
    content = chunk(b"MThd", b"\x00\x00\x00\x01\x01\xe0more") + track((0, NOTE_ON))
    assert parse_bytes(content).division == 480


BAD_FILES = [
    ("noise", bytes(range(200, 256)), "does not begin"),
    ("empty", b"", "does not begin"),
    ("one byte", b"M", "does not begin"),
    ("something else", b"RIFF\x00\x00\x00\x00WAVE", "does not begin"),
    ("header only a name", b"MThd", "header is shorter"),
    ("short header", chunk(b"MThd", b"\x00\x01"), "header is shorter"),
    ("header cut", midi_file(track())[:12], "announces 6 bytes"),
    ("format 3", midi_file(track(), file_format=3), "format 3"),
    ("division 0", midi_file(track(), division=0), "division is 0"),
    ("SMPTE division without ticks", midi_file(track(), division=-25 << 8), "division is 0"),
    ("SMPTE rate that is none", midi_file(track(), division=(-77 << 8) | 40), "77 SMPTE"),
    ("too many tracks", chunk(b"MThd", b"\x00\x01\xff\xff\x01\xe0"), "65535 tracks"),
    ("a track is missing", midi_file(track(), track())[:-12], "announces 2 tracks"),
    ("a track is cut", midi_file(track((0, NOTE_ON)))[:-3], "are left"),
    ("an event is cut", midi_file(chunk(b"MTrk", b"\x00\x90\x3c")), "middle of an event"),
    ("only a delta time", midi_file(chunk(b"MTrk", b"\x00")), "middle of an event"),
    ("a meta event is cut", midi_file(chunk(b"MTrk", b"\x00\xff\x03\x09abc")), "middle of"),
    ("an exclusive is cut", midi_file(chunk(b"MTrk", b"\x00\xf0\x85\x00ab")), "middle of"),
    ("delta time too long", midi_file(chunk(b"MTrk", b"\xff" * 64)), "longer than 4 bytes"),
    ("data without status", midi_file(track((0, b"\x3c\x64"))), "no status byte"),
    ("data byte over 127", midi_file(track((0, b"\x90\x3c\x80"))), "over 127"),
    ("clock in a file", midi_file(track((0, b"\xf8"))), "F8 cannot stand"),
    ("undefined status", midi_file(track((0, b"\xf4"))), "F4 cannot stand"),
    ("tempo 0", midi_file(track((0, tempo(0)))), "tempo"),
    ("short tempo", midi_file(track((0, b"\xff\x51\x02\x07\xa1"))), "tempo"),
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
    monkeypatch.setattr(smf, "MAX_EVENTS", 4)
    assert len(parse_bytes(content).tracks) == 2
    monkeypatch.setattr(smf, "MAX_EVENTS", 3)
    with pytest.raises(MidiFileError, match="more than 3 events"):
        parse_bytes(content)
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

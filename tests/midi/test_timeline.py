"""Ticks become seconds, as another reader of the same files says too."""

import io
from pathlib import Path

import mido
import pytest

from gansynth_live.midi.messages import Event
from gansynth_live.midi.smf import parse_bytes
from gansynth_live.midi.timeline import Song, read_song, song_of
from tests.midi.smf_bytes import midi_file, tempo, track


def on(key: int) -> bytes:
    return bytes((0x90, key, 100))


def times(content: bytes) -> list[float]:
    return [event.time for event in song(content).events]


def song(content: bytes, stretch: float = 1.0) -> Song:
    return song_of(parse_bytes(content), stretch)


def test_the_default_tempo_is_120() -> None:
    assert times(midi_file(track((480, on(60)), (240, on(61))))) == [0.5, 0.75]


def test_tempo_changes_apply_from_their_tick_to_all_tracks() -> None:
    conductor = track((480, tempo(1_000_000)), (480, tempo(250_000)))
    notes = track((480, on(60)), (240, on(61)), (240, on(62)), (480, on(63)))
    assert times(midi_file(conductor, notes)) == pytest.approx([0.5, 1.0, 1.5, 1.75])


def test_of_two_tempos_at_one_tick_the_last_counts() -> None:
    content = midi_file(track((0, tempo(9)), (0, tempo(1_000_000)), (480, on(60))))
    assert times(content) == [1.0]


def test_smpte_ticks_do_not_know_tempo() -> None:
    content = midi_file(track((0, tempo(1)), (1000, on(60))), division=(-25 << 8) | 40)
    assert times(content) == pytest.approx([1.0])
    content = midi_file(track((30_000, on(60))), division=(-29 << 8) | 100)
    assert times(content) == pytest.approx([10.01])


def test_one_tick_keeps_the_order_of_tracks() -> None:
    content = midi_file(track((480, on(60))), track((480, on(61)), (0, on(62))))
    assert [e.data1 for e in song(content).events] == [60, 61, 62]


def test_format_2_plays_its_tracks_one_after_the_other() -> None:
    first = track((0, tempo(1_000_000)), (480, on(60)), (480, b"\xff\x01\x00"))
    second = track((480, on(61)))
    assert times(midi_file(first, second, file_format=2)) == [1.0, 2.5]


def test_stretch_slows_down(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(midi_file(track((480, on(60)), (480, on(61)))))
    assert read_song(path, stretch=1.5).events == [
        Event(0.75, 0x90, 60, 100),
        Event(1.5, 0x90, 61, 100),
    ]


def test_what_comes_after_a_day_is_left_out() -> None:
    content = midi_file(track((0, tempo(0xFFFFFF)), (1, on(60)), (0xFFFFFF, on(60))), division=1)
    late = song(content)
    assert [event.time for event in late.events] == [pytest.approx(16.777215)]
    assert late.end == 0.0
    assert late.remarks == ("1 messages after 24 hours are left out",)


CONTROL, REST = b"\xb0\x07\x64", b"\xff\x2f\x00"
TWO_HOURS = 7200 * 960


@pytest.mark.parametrize(
    ("tracks", "end"),
    [
        ([track((0, on(60)), (960, on(0)))], 0.0),
        ([track((0, on(60)), (960, on(0)), (960, REST))], 2.0),
        ([track((0, on(60)), (960, on(0)), (960, CONTROL), (960, REST))], 3.0),
        ([track((0, on(60)), (960, on(0)), (TWO_HOURS, CONTROL))], 0.0),
        ([track((0, on(60)), (960, on(0)), (TWO_HOURS, CONTROL), (960, REST))], 0.0),
        ([track((4800, REST)), track((0, on(60)), (960, on(0)))], 5.0),
        ([track((TWO_HOURS, tempo(9)), (960, REST)), track((0, on(60)), (960, on(0)))], 0.0),
    ],
    ids=["none", "rest", "near", "stray", "after a stray", "in another track", "stray tempo"],
)
def test_where_a_file_wants_to_end(tracks: list[bytes], end: float) -> None:
    content = midi_file(*tracks)
    assert song(content).end == end
    assert song(content, stretch=2.0).end == 2.0 * end


def test_a_file_without_events_is_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "silence.mid"
    path.write_bytes(midi_file(track()))
    assert read_song(path).events == []


def test_mido_reads_the_same(tmp_path: Path) -> None:
    written = mido.MidiFile(type=1, ticks_per_beat=220)
    conductor, melody = mido.MidiTrack(), mido.MidiTrack()
    written.tracks += [conductor, melody]
    for step in range(40):
        conductor.append(mido.MetaMessage("set_tempo", tempo=300_000 + 7000 * step, time=170))
        melody.append(mido.Message("note_on", note=40 + step, velocity=1 + step, time=55))
        melody.append(mido.Message("pitchwheel", pitch=step * 100, channel=step % 16, time=3))
        melody.append(mido.Message("sysex", data=[1, 2, 3], time=1))
        melody.append(mido.Message("note_off", note=40 + step, time=99))
    content = io.BytesIO()
    written.save(file=content)
    expected: list[tuple[float, bytes]] = []
    elapsed = 0.0
    for message in written:
        elapsed += message.time
        if not message.is_meta and message.type != "sysex":
            expected.append((elapsed, bytes(message.bytes())))
    events = song(content.getvalue()).events
    assert [e.message() for e in events] == [message for _, message in expected]
    assert [e.time for e in events] == pytest.approx([time for time, _ in expected], abs=1e-9)


def test_beats_follow_the_tempo_map() -> None:
    conductor = track((480, tempo(1_000_000)), (480, tempo(250_000)))
    beats = song(midi_file(conductor, track((480, on(60))))).beats
    moments = [0.0, 0.25, 0.5, 1.0, 1.5, 1.75, 2.0]
    assert [beats(seconds) for seconds in moments] == [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0]


def test_beats_of_other_kinds_of_files() -> None:
    smpte = midi_file(track((1000, on(60))), division=(-25 << 8) | 40)
    assert song(smpte).beats(1.0) == pytest.approx(2.0)
    first = track((0, tempo(1_000_000)), (480, on(60)), (480, b"\xff\x01\x00"))
    content = midi_file(first, track((480, on(61))), file_format=2)
    beats = song(content).beats
    assert [beats(1.5), beats(2.0), beats(2.5)] == [1.5, 2.0, 3.0]
    assert song(content, stretch=2.0).beats(5.0) == 3.0

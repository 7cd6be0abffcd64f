"""Whatever bytes a file holds: it is read within a second, or refused by MidiFileError."""

import io
import random
import time
from itertools import pairwise

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import MidiFileError
from gansynth_live.midi.notes import pair_notes
from gansynth_live.midi.smf import parse_bytes
from gansynth_live.midi.timeline import song_of
from tests.midi.smf_bytes import chunk, midi_file, tempo, track


def song(file_format: int) -> bytes:
    """A real file as another program writes it: tempo, names, running status, exclusive, CC."""
    file = mido.MidiFile(type=file_format, ticks_per_beat=96)
    for number in range(1 if file_format == 0 else 3):
        part = mido.MidiTrack()
        part.append(mido.MetaMessage("track_name", name=f"part {number}"))
        part.append(mido.MetaMessage("set_tempo", tempo=400_000 + 50_000 * number))
        part.append(mido.MetaMessage("key_signature", key="G"))
        part.append(mido.Message("sysex", data=range(9)))
        part.append(mido.Message("program_change", program=number, channel=number))
        for key in range(48, 60):
            part.append(mido.Message("note_on", note=key, velocity=80, time=24, channel=number))
            part.append(mido.Message("control_change", control=1, value=key, channel=number))
            part.append(mido.Message("note_on", note=key, velocity=0, time=200, channel=number))
        file.tracks.append(part)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


SONGS = [song(0), song(1), song(2), midi_file(track((5, tempo(9)), (7, b"\x90\x3c\x64")))]
INTERESTING = (0x00, 0x01, 0x7F, 0x80, 0xFF, 0x2F, 0x51, 0xF0, 0xF7, 0x90, 0xC0)


def read(content: bytes) -> None:
    try:
        events = song_of(parse_bytes(content)).events
    except MidiFileError:
        return
    assert all(first.time <= second.time for first, second in pairwise(events))
    assert all(0x80 <= e.status < 0xF0 and e.data1 < 0x80 and e.data2 < 0x80 for e in events)
    assert all(note.start < note.end for note in pair_notes(events))


def mutate(content: bytes, rng: random.Random) -> bytes:
    mutant = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(mutant) + 1)
        match rng.randrange(6):
            case 0:
                mutant[at : at + 1] = bytes((rng.randrange(256),))
            case 1:
                mutant[at : at + 1] = bytes((rng.choice(INTERESTING),))
            case 2:
                del mutant[at : at + rng.randrange(1, 9)]
            case 3:
                mutant[at:at] = bytes(rng.choice(INTERESTING) for _ in range(rng.randrange(1, 9)))
            case 4:
                mutant[at:at] = mutant[at : at + rng.randrange(1, 64)]
            case _:
                del mutant[at:]
    return bytes(mutant)


@pytest.mark.parametrize("content", SONGS)
def test_every_flip_of_one_byte(content: bytes) -> None:
    for position in range(min(len(content), 220)):
        for value in (0x00, 0x7F, 0x80, 0xFF, content[position] ^ 0x01):
            read(content[:position] + bytes((value,)) + content[position + 1 :])


@pytest.mark.parametrize("content", SONGS)
def test_every_truncation(content: bytes) -> None:
    for length in range(len(content)):
        read(content[:length])


@given(choice=st.sampled_from(SONGS), seed=st.integers(0, 2**32))
def test_mutants(choice: bytes, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(20):
        read(mutate(choice, rng))


@given(content=st.binary(max_size=200))
def test_garbage(content: bytes) -> None:
    read(content)


@given(body=st.binary(max_size=200), division=st.integers(-32768, 32767))
def test_garbage_in_a_track(body: bytes, division: int) -> None:
    read(midi_file(chunk(b"MTrk", body), division=division))


@pytest.mark.parametrize(
    "body",
    [
        b"\xff" * 2_000_000,  # a delta time that never ends
        b"\x00\xff\x01\x00" * 500_000,
        b"\x00\xf0\x00" * 500_000,
        b"\x00\x90" + b"\x3c\x64\x00" * 200_000 + b"\x3c\x64",
        b"\x00\xff\x51\x03\x00\x00\x01" * 200_000,
    ],
    ids=["delta", "meta", "exclusive", "notes", "tempos"],
)
def test_large_files_take_time_in_proportion(body: bytes) -> None:
    start = time.process_time()
    read(midi_file(chunk(b"MTrk", body)))
    assert time.process_time() - start < 10.0

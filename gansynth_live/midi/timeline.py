"""Tracks in ticks become one performance in seconds."""

import gc
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.midi.messages import NOTE_ON, Event
from gansynth_live.midi.smf import IN_A_ROW, MidiFile, parse_file
from gansynth_live.midi.tempo import TempoMap
from gansynth_live.midi.track import Track

MAX_SECONDS = 24 * 3600
STRAY = 5.0  # seconds after the last note from which on an event says nothing about the piece's end


class Song(NamedTuple):
    """A file as it is performed.

    Attributes:
        events: channel messages in order, their times in seconds.
        beats: position in quarter notes at a time in seconds.
        end: seconds up to which the file wants to last, be it in silence; 0.0 where it ends with
            what sounds.
        remarks: what was wrong with the file and was put up with, a line for each kind.
    """

    events: list[Event]
    beats: Callable[[float], float]
    end: float
    remarks: tuple[str, ...]


def read_song(path: Path, stretch: float = 1.0) -> Song:
    """A file with all its channel messages and its beats.

    Args:
        path: a Standard MIDI File of format 0, 1 (tracks together) or 2 (one after the other).
        stretch: every time is multiplied by it; 1.3 plays slower.

    Raises:
        MidiFileError: the file cannot be read.
    """
    return song_of(parse_file(path), stretch)


def song_of(file: MidiFile, stretch: float = 1.0) -> Song:
    """What a file says, in seconds; messages after 24 hours are left out."""
    parts = _parts(file)
    seconds, messages = _merged(parts)
    seconds *= stretch
    count = int(np.searchsorted(seconds, MAX_SECONDS, "right"))
    remarks = file.remarks
    if count < len(seconds):
        remarks = *remarks, f"{len(seconds) - count} messages after 24 hours are left out"
    events = _events(seconds[:count], messages[:count])
    notes = seconds[:count][messages[:count, 0] < NOTE_ON + 0x10]
    end = _end_of(parts, float(notes[-1]) if len(notes) else 0.0, stretch)
    return Song(events, partial(_beats, parts, stretch), end, remarks)


class Part(NamedTuple):
    """Tracks that sound together, from their start in seconds and in beats."""

    tracks: list[Track]
    tempo_map: TempoMap
    start: float
    first_beat: float


def _parts(file: MidiFile) -> list[Part]:
    if file.format != IN_A_ROW:
        return [Part(file.tracks, TempoMap(file.division, file.tracks), 0.0, 0.0)]
    parts = []
    start = beat = 0.0
    for track in file.tracks:
        tempo_map = TempoMap(file.division, [track])
        parts.append(Part([track], tempo_map, start, beat))
        length = tempo_map.second(track.length)
        start, beat = start + length, beat + tempo_map.beats(length)
    return parts


def _merged(parts: list[Part]) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Seconds [n] and bytes [n, 3] of all messages; those of one tick in the order of tracks."""
    seconds, messages = [], []
    for part in parts:
        ticks = np.concatenate([np.frombuffer(t.ticks, np.int64) for t in part.tracks])
        content = np.frombuffer(b"".join(t.messages for t in part.tracks), np.uint8)
        order = np.argsort(ticks, kind="stable")
        seconds.append(part.start + part.tempo_map.seconds(ticks[order]))
        messages.append(content.reshape(-1, 3)[order])
    return np.concatenate(seconds), np.concatenate(messages)


def _events(seconds: NDArray[np.float64], messages: NDArray[np.uint8]) -> list[Event]:
    columns = (column.tobytes() for column in messages.T)
    # The collector would go through all of a million fresh events again and again, for nothing.
    collects = gc.isenabled()
    gc.disable()
    try:
        return list(map(Event._make, zip(seconds.tolist(), *columns, strict=True)))
    finally:
        if collects:
            gc.enable()


def _end_of(parts: list[Part], last_note: float, stretch: float) -> float:
    """Where the tracks end that say so: later than their last event, which is no stray one."""
    ends = [0.0]
    for part in parts:
        for track in part.tracks:
            last = (part.start + part.tempo_map.second(track.last_event)) * stretch
            end = (part.start + part.tempo_map.second(track.length)) * stretch
            if last < end <= MAX_SECONDS and last <= last_note + STRAY:
                ends.append(end)
    return max(ends)


def _beats(parts: list[Part], stretch: float, seconds: float) -> float:
    """Quarter notes since the start; SMPTE files count 120 of them a minute."""
    seconds /= stretch
    part = parts[max(bisect_right(parts, seconds, key=lambda part: part.start) - 1, 0)]
    return part.first_beat + part.tempo_map.beats(seconds - part.start)

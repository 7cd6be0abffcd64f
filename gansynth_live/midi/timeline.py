"""Ticks become seconds: the tempo map of a Standard MIDI File, and its tracks merged."""

from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gansynth_live.errors import MidiFileError
from gansynth_live.midi.messages import Event
from gansynth_live.midi.smf import MidiFile, Tempo, Track, parse_file

MAX_SECONDS = 24 * 3600
DEFAULT_TEMPO = 500_000  # microseconds a quarter note, 120 beats a minute


class Song(NamedTuple):
    """A file as it is performed."""

    events: list[Event]  # channel messages in order, their times in seconds
    beats: Callable[[float], float]  # position in quarter notes at a time in seconds


def read_song(path: Path, stretch: float = 1.0) -> Song:
    """A file with all its channel messages and its beats.

    Args:
        path: a Standard MIDI File of format 0, 1 (tracks together) or 2 (one after the other).
        stretch: every time is multiplied by it; 1.3 plays slower.

    Raises:
        MidiFileError: the file cannot be read, or lasts longer than a day.
    """
    file = parse_file(path)
    events = timed_events(file)
    if events and events[-1].time * stretch > MAX_SECONDS:
        hours = events[-1].time * stretch / 3600
        raise MidiFileError(f"{path} would last {hours:.0f} hours; the limit is 24 hours")
    beats = beats_of(file)
    return Song(
        [Event(event.time * stretch, *event[1:]) for event in events],
        lambda seconds: beats(seconds / stretch),
    )


def timed_events(file: MidiFile) -> list[Event]:
    """The file's channel messages in seconds; those of one tick in the order of their tracks."""
    events: list[Event] = []
    for part in _parts(file):
        events += [e._replace(time=part.start + e.time) for e in _events_of(part)]
    return events


def beats_of(file: MidiFile) -> Callable[[float], float]:
    """Position in quarter notes at a time in seconds. SMPTE files count 120 of them a minute."""
    parts = _parts(file)
    starts = [part.start for part in parts]

    def beats(seconds: float) -> float:
        part = parts[max(bisect_right(starts, seconds) - 1, 0)]
        return part.first_beat + part.tempo_map.beats(seconds - part.start)

    return beats


class Part(NamedTuple):
    """Tracks that sound together, from their start in seconds and in beats."""

    tracks: list[Track]
    tempo_map: "TempoMap"
    start: float
    first_beat: float


def _parts(file: MidiFile) -> list[Part]:
    if file.format != 2 or not file.tracks:
        return [Part(file.tracks, TempoMap(file.division, file.tracks), 0.0, 0.0)]
    parts = []
    start = beat = 0.0
    for track in file.tracks:
        tempo_map = TempoMap(file.division, [track])
        parts.append(Part([track], tempo_map, start, beat))
        length = tempo_map.seconds(track.length)
        start, beat = start + length, beat + tempo_map.beats(length)
    return parts


def _events_of(part: Part) -> list[Event]:
    merged = [event for track in part.tracks for event in track.events]
    merged.sort(key=lambda event: event.tick)
    return [
        Event(part.tempo_map.seconds(tick), status, data1, data2)
        for tick, status, data1, data2 in merged
    ]


class TempoMap:
    """Ticks, seconds and beats, by the tempos of all tracks or by the SMPTE frame rate."""

    def __init__(self, division: int, tracks: list[Track]) -> None:
        self._ticks = [0]
        self._seconds = [0.0]
        if division < 0:
            self._seconds_a_tick = [_smpte_tick(division)]
            self._ticks_a_beat = DEFAULT_TEMPO / 1e6 / self._seconds_a_tick[0]
            return
        self._ticks_a_beat = float(division)
        self._seconds_a_tick = [DEFAULT_TEMPO / 1e6 / division]
        tempos: list[Tempo] = sorted(
            (tempo for track in tracks for tempo in track.tempos), key=lambda tempo: tempo.tick
        )
        for tick, microseconds in tempos:
            self._seconds.append(self.seconds(tick))
            self._ticks.append(tick)
            self._seconds_a_tick.append(microseconds / 1e6 / division)

    def seconds(self, tick: int) -> float:
        """Time of a tick since the start."""
        section = bisect_right(self._ticks, tick) - 1
        elapsed = (tick - self._ticks[section]) * self._seconds_a_tick[section]
        return self._seconds[section] + elapsed

    def beats(self, seconds: float) -> float:
        """Quarter notes since the start at a time."""
        section = max(bisect_right(self._seconds, seconds) - 1, 0)
        ticks = (seconds - self._seconds[section]) / self._seconds_a_tick[section]
        return (self._ticks[section] + ticks) / self._ticks_a_beat


def _smpte_tick(division: int) -> float:
    frames_a_second = -(division >> 8)
    ticks_a_frame = division & 0xFF
    # 29 stands for the drop-frame rate of colour television.
    rate = 30000 / 1001 if frames_a_second == 29 else float(frames_a_second)
    return 1.0 / (rate * ticks_a_frame)

"""Ticks become seconds: the tempo map of a Standard MIDI File, and its tracks merged."""

from bisect import bisect_right
from pathlib import Path

from gansynth_live.errors import MidiFileError
from gansynth_live.midi.messages import Event
from gansynth_live.midi.smf import MidiFile, Tempo, Track, parse_file

MAX_SECONDS = 24 * 3600
DEFAULT_TEMPO = 500_000  # microseconds a quarter note, 120 beats a minute


def read_midi_file(path: Path, stretch: float = 1.0) -> list[Event]:
    """All channel messages of a file, in order, their times in seconds.

    Args:
        path: a Standard MIDI File of format 0, 1 (tracks together) or 2 (one after the other).
        stretch: every time is multiplied by it; 1.3 plays slower.

    Raises:
        MidiFileError: the file cannot be read, or lasts longer than a day.
    """
    events = timed_events(parse_file(path))
    if events and events[-1].time * stretch > MAX_SECONDS:
        hours = events[-1].time * stretch / 3600
        raise MidiFileError(f"{path} would last {hours:.0f} hours; the limit is 24 hours")
    return [Event(event.time * stretch, *event[1:]) for event in events]


def timed_events(file: MidiFile) -> list[Event]:
    """The file's channel messages in seconds; those of one tick in the order of their tracks."""
    if file.format != 2:
        return _events_of(file.tracks, TempoMap(file.division, file.tracks))
    events: list[Event] = []
    start = 0.0
    for track in file.tracks:
        tempo_map = TempoMap(file.division, [track])
        events += [e._replace(time=start + e.time) for e in _events_of([track], tempo_map)]
        start += tempo_map.seconds(track.length)
    return events


def _events_of(tracks: list[Track], tempo_map: "TempoMap") -> list[Event]:
    merged = [event for track in tracks for event in track.events]
    merged.sort(key=lambda event: event.tick)
    return [
        Event(tempo_map.seconds(tick), status, data1, data2)
        for tick, status, data1, data2 in merged
    ]


class TempoMap:
    """Seconds of a tick, by the tempos of all tracks or by the SMPTE frame rate."""

    def __init__(self, division: int, tracks: list[Track]) -> None:
        self._ticks = [0]
        self._seconds = [0.0]
        if division < 0:
            self._seconds_a_tick = [_smpte_tick(division)]
            return
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


def _smpte_tick(division: int) -> float:
    frames_a_second = -(division >> 8)
    ticks_a_frame = division & 0xFF
    # 29 stands for the drop-frame rate of colour television.
    rate = 30000 / 1001 if frames_a_second == 29 else float(frames_a_second)
    return 1.0 / (rate * ticks_a_frame)

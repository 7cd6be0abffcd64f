"""The tempo map of a Standard MIDI File: ticks, seconds and beats."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.midi.track import Track

DEFAULT_TEMPO = 500_000  # microseconds a quarter note, 120 beats a minute
DROP_FRAME = 29  # stands for the rate of colour television


class TempoMap:
    """Ticks, seconds and beats, by the tempos of all tracks or by the SMPTE frame rate."""

    def __init__(self, division: int, tracks: Sequence[Track]) -> None:
        if division < 0:
            ticks, seconds_a_tick = np.zeros(0, np.int64), np.array([_smpte_tick(division)])
            self._ticks_a_beat = DEFAULT_TEMPO / 1e6 / seconds_a_tick[0]
        else:
            ticks, tempos = _tempos(tracks)
            seconds_a_tick = np.concatenate(([DEFAULT_TEMPO], tempos)) / 1e6 / division
            self._ticks_a_beat = float(division)
        self._ticks = np.concatenate(([0], ticks))
        self._seconds_a_tick = seconds_a_tick
        self._seconds = np.zeros(len(self._ticks))
        np.cumsum(np.diff(self._ticks) * seconds_a_tick[:-1], out=self._seconds[1:])

    def seconds(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Times of ticks since the start, [n]."""
        section = np.searchsorted(self._ticks, ticks, "right") - 1
        elapsed = (ticks - self._ticks[section]) * self._seconds_a_tick[section]
        return np.asarray(self._seconds[section] + elapsed)

    def second(self, tick: int) -> float:
        """Time of one tick since the start."""
        return float(self.seconds(np.array([tick]))[0])

    def beats(self, seconds: float) -> float:
        """Quarter notes since the start at a time."""
        section = max(int(np.searchsorted(self._seconds, seconds, "right")) - 1, 0)
        ticks = (seconds - self._seconds[section]) / self._seconds_a_tick[section]
        return float((self._ticks[section] + ticks) / self._ticks_a_beat)


def _tempos(tracks: Sequence[Track]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """When tempos change, and to how many microseconds a quarter note, in order."""
    ticks = np.concatenate([np.frombuffer(track.tempo_ticks, np.int64) for track in tracks])
    tempos = np.concatenate([np.frombuffer(track.tempos, np.uint32) for track in tracks])
    order = np.argsort(ticks, kind="stable")
    return ticks[order], tempos[order]


def _smpte_tick(division: int) -> float:
    frames_a_second = -(division >> 8)
    ticks_a_frame = division & 0xFF
    rate = 30000 / 1001 if frames_a_second == DROP_FRAME else float(frames_a_second)
    return 1.0 / (rate * ticks_a_frame)

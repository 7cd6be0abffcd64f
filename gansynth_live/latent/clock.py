"""Musical time from MIDI clock: beats at any moment, exact at each tick, smooth between them."""

from collections import deque
from math import ceil
from typing import NamedTuple

from gansynth_live.midi.messages import CLOCK, CONTINUE, SONG_POSITION, START, STOP

TICKS_A_BEAT = 24
TICKS_A_SONG_POSITION = 6  # which counts sixteenth notes
FIRST_INTERVAL = 60.0 / 120.0 / TICKS_A_BEAT  # seconds: 120 beats a minute until a clock says else
SHORTEST_INTERVAL = 60.0 / 1000.0 / TICKS_A_BEAT  # ticks in one bundle do not make a tempo
LOST = 0.25  # seconds without a tick after which the clock counts as gone: 10 beats a minute


class Moment(NamedTuple):
    """One instant in both times."""

    seconds: float
    beat: float


class MidiClock:
    """The position in the song, in beats (quarter notes), as the sender of a MIDI clock has it.

    At the n-th tick after the first one since Start the position is n/24 exactly, however unevenly
    ticks arrive. From there it goes on at the tempo of the last beat, never further than the next
    tick: it never runs backwards. Without a clock it flows on at the last tempo, before the first
    one at 120 beats a minute. Stop holds it; Start, Continue and the song position pointer set it.
    Source: MIDI 1.0 detailed specification, System Real Time and Song Position.
    """

    def __init__(self) -> None:
        self._tempo = Tempo()
        self._running = True
        self._ticks = 0.0  # position at the anchor
        self._anchor = -LOST  # seconds; so long ago that the position flows freely from 0 on
        self._reach = 0.0  # ticks that it may flow before the next tick must have come
        self._next = 0  # position that the next tick will mark

    def hear(self, seconds: float, status: int, data1: int = 0, data2: int = 0) -> None:
        """Take a message in; those that are not about musical time change nothing."""
        if status == CLOCK:
            self._tick(seconds)
        elif status == START:
            self._locate(seconds, 0)
            self._running = True
        elif status == CONTINUE:
            self._hold(seconds)
            self._running = True
        elif status == STOP:
            self._hold(seconds)
            self._running = False
        elif status == SONG_POSITION:
            self._locate(seconds, (data2 << 7 | data1) * TICKS_A_SONG_POSITION)

    def beat(self, seconds: float) -> float:
        """Position in beats at a moment not before the last message, from 0 up."""
        return self._ticks_at(seconds) / TICKS_A_BEAT

    @property
    def beats_a_minute(self) -> float:
        """The tempo, averaged over the last beat."""
        return 60.0 / (self._tempo.interval * TICKS_A_BEAT)

    def _tick(self, seconds: float) -> None:
        if self._running:
            if seconds - self._anchor >= LOST:  # it flowed freely: the nearest tick ahead
                self._next = max(self._next, ceil(self._ticks_at(seconds)))
            self._ticks, self._reach, self._anchor = float(self._next), 1.0, seconds
            self._next += 1
        self._tempo.tick(seconds)

    def _hold(self, seconds: float) -> None:
        """Stand here until the next tick, which marks the nearest whole one ahead."""
        self._ticks = self._ticks_at(seconds)
        self._next = max(self._next, ceil(self._ticks))
        self._anchor, self._reach = seconds, 0.0

    def _locate(self, seconds: float, ticks: int) -> None:
        """Stand at `ticks` until the next tick, which marks them."""
        self._ticks, self._next = float(ticks), ticks
        self._anchor, self._reach = seconds, 0.0

    def _ticks_at(self, seconds: float) -> float:
        if not self._running:
            return self._ticks
        elapsed, interval = seconds - self._anchor, self._tempo.interval
        led = min(elapsed / interval, self._reach)
        return self._ticks + led + max(elapsed - LOST, 0.0) / interval


class Tempo:
    """Seconds a tick, as the mean over the last beat: a late tick counts for 1/24 of its error."""

    def __init__(self) -> None:
        self.interval = FIRST_INTERVAL
        self._times: deque[float] = deque(maxlen=TICKS_A_BEAT + 1)

    def tick(self, seconds: float) -> None:
        """A tick came. After a gap the last tempo holds until there are two ticks again."""
        if self._times and seconds - self._times[-1] >= LOST:
            self._times.clear()
        self._times.append(seconds)
        if len(self._times) > 1:
            mean = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
            self.interval = max(mean, SHORTEST_INTERVAL)

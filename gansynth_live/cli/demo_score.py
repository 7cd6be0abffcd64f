"""What `demo` plays: the opening of the prelude of Bach's first suite for cello, BWV 1007.

Bars 1 to 7 and a closing chord, after the copy by Anna Magdalena Bach (about 1730; public domain).
"""

import re
from math import cos, pi

from gansynth_live.midi.messages import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, Event

# A line is a bar of sixteenth notes.
BARS = """
G2 D3 B3 A3 B3 D3 B3 D3     G2 D3 B3 A3 B3 D3 B3 D3
G2 E3 C4 B3 C4 E3 C4 E3     G2 E3 C4 B3 C4 E3 C4 E3
G2 F#3 C4 B3 C4 F#3 C4 F#3  G2 F#3 C4 B3 C4 F#3 C4 F#3
G2 G3 B3 A3 B3 G3 B3 G3     G2 G3 B3 A3 B3 G3 B3 F#3
G2 E3 B3 A3 B3 G3 F#3 G3    E3 G3 F#3 G3 B2 D3 C#3 B2
C#3 G3 A3 G3 A3 G3 A3 G3    C#3 G3 A3 G3 A3 G3 A3 G3
F#3 A3 D4 C#4 D4 A3 G3 A3   F#3 A3 G3 A3 D3 F#3 E3 D3
"""
CLOSING_CHORD = "G2 D3 B3 G4"

INSTRUMENTS = ("cello", "nylon guitar", "vibraphone", "choir", "strings")

BEATS_A_MINUTE = 66.0
SIXTEENTH = 60.0 / BEATS_A_MINUTE / 4.0  # seconds
GROUP = 8  # sixteenths over one bass note
SLOWEST = 1.7  # the last sixteenth before the chord lasts so many times as long
CHORD_SECONDS = 3.2
GAP = 0.005  # seconds between a key's release and the next touch
SPREAD = 0.045  # seconds between the tones of the chord
POSITION_CC = 1

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def demo_events() -> list[Event]:
    """The performance, about 30 s: phrased notes, and the morph position from 0 to 127."""
    keys = [key_named(name) for name in BARS.split()]
    onsets = _onsets(len(keys))
    events: list[Event] = []
    for index, key in enumerate(keys):
        # The bass rings on under its group as on an open string, until its key is struck again.
        last = min(index + GROUP, len(keys)) if index % GROUP == 0 else index + 1
        if key in keys[index + 1 : last]:
            last = keys.index(key, index + 1)
        events += _note(key, _velocity(index, key), onsets[index], onsets[last] - GAP)
    for tone, name in enumerate(CLOSING_CHORD.split()):
        start = onsets[-1] + tone * SPREAD
        events += _note(key_named(name), 84 + 4 * tone, start, onsets[-1] + CHORD_SECONDS)
    for step in range(128):
        time = onsets[-1] * step / 127
        events.append(Event(time, CONTROL_CHANGE, POSITION_CC, step))
    # At one instant the knob moves first and a key goes up before one goes down.
    return sorted(events, key=lambda event: (event.time, event.kind == NOTE_ON, event.is_note_off))


def key_named(name: str) -> int:
    """MIDI key of a name such as F#3; C4 is 60."""
    letter, sharp, octave = re.fullmatch(r"([A-G])(#?)(\d)", name).groups()  # type: ignore[union-attr]
    return _SEMITONES[letter] + (sharp == "#") + 12 * (int(octave) + 1)


def _onsets(count: int) -> list[float]:
    """Seconds at which each sixteenth begins, and the chord after them."""
    onsets = [0.0]
    for index in range(count):
        length = SIXTEENTH * (1.08 if index % GROUP == 0 else 0.99)
        from_end = count - 1 - index
        if from_end < GROUP:
            length *= SLOWEST - (SLOWEST - 1.0) * from_end / GROUP
        onsets.append(onsets[-1] + length)
    return onsets


def _velocity(index: int, key: int) -> int:
    """Each bar of sixteenths swells and ebbs; the bass leads, and higher tones shine a little."""
    swell = 6.0 * (1.0 - cos(2.0 * pi * (index % (4 * GROUP)) / (4 * GROUP)))
    bass = 14.0 if index % GROUP == 0 else 0.0
    return round(66.0 + swell + bass + 0.6 * (key - key_named("D3")))


def _note(key: int, velocity: int, start: float, end: float) -> list[Event]:
    return [Event(start, NOTE_ON, key, velocity), Event(end, NOTE_OFF, key, 64)]

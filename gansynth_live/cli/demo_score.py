"""What `demo` plays: the opening of the prelude of Bach's first suite for cello, BWV 1007.

Bars 1 to 7, after the copy by Anna Magdalena Bach (about 1730; public domain), and as an ending the
harmonies of its first four bars as chords, held while the knob turns: sounding notes morph.
"""

import re
from itertools import pairwise
from math import cos, pi

from gansynth_live.midi.messages import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, Event
from gansynth_live.parameters.controllers import controller_of

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

# A tone that the next chord has too is held: the bass never moves.
CHORDS = """
G2 D3 B3 G4
G2 E3 C4 G4
G2 F#3 C4 A4
G2 G3 B3 D4 G4
"""

INSTRUMENTS = ("cello", "nylon guitar", "vibraphone", "choir", "strings")

BEATS_A_MINUTE = 66.0
SIXTEENTH = 60.0 / BEATS_A_MINUTE / 4.0  # seconds
GROUP = 8  # sixteenths over one bass note
SLOWEST = 1.7  # the last sixteenth before the chord lasts so many times as long
CHORD_SECONDS = 3.6
LAST_CHORD_SECONDS = 4.6
GAP = 0.005  # seconds between a key's release and the next touch
SPREAD = 0.045  # seconds between the tones of a chord

POSITION_CC = controller_of("morph.position")
EXPRESSION_CC = controller_of("channel.expression")
RELEASE_CC = controller_of("channel.release_scale")
HIGHEST = 127
FADE, FAINT = 3.0, 60  # seconds of the diminuendo at the end, and how far it goes
LONG_RELEASE = 104  # nearly four times as long
# Where the knob stands, at seconds after the first chord: by the choir to the bell and back again.
WAY_BACK = ((1.2, 127), (3.2, 95), (5.8, 95), (7.2, 64), (7.35, 64), (8.5, 95), (10.2, 127))
STRIDE = 2  # values from one message of a turned controller to the next

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def demo_events() -> list[Event]:
    """The performance, about 42 s: phrased notes, held chords, and the morph position all along."""
    keys = [key_named(name) for name in BARS.split()]
    onsets = _onsets(len(keys))
    events: list[Event] = []
    for index, key in enumerate(keys):
        # The bass rings on under its group as on an open string, until its key is struck again.
        last = min(index + GROUP, len(keys)) if index % GROUP == 0 else index + 1
        if key in keys[index + 1 : last]:
            last = keys.index(key, index + 1)
        events += _note(key, _velocity(index, key), onsets[index], onsets[last] - GAP)
    events += _turn(POSITION_CC, (0.0, 0), (onsets[-1], HIGHEST))
    events += _held_chords(onsets[-1])
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


def _held_chords(start: float) -> list[Event]:
    """The chords from `start` on: tones that stay are held, and all of them morph."""
    chords = [[key_named(name) for name in line.split()] for line in CHORDS.strip().splitlines()]
    onsets = [start + index * CHORD_SECONDS for index in range(len(chords))]
    end = onsets[-1] + LAST_CHORD_SECONDS
    events: list[Event] = []
    held: dict[int, tuple[int, float]] = {}  # velocity and start of the keys that are down
    for chord, onset in zip(chords, onsets, strict=True):
        for key in sorted(held.keys() - chord):
            events += _note(key, *held.pop(key), onset - GAP)
        for tone, key in enumerate(chord):
            if key not in held:
                held[key] = (84 + 4 * tone, onset + tone * SPREAD)
    for key, (velocity, since) in held.items():
        events += _note(key, velocity, since, end)
    for (begin, low), (stop, high) in pairwise(WAY_BACK):
        events += _turn(POSITION_CC, (start + begin, low), (start + stop, high))
    events += _turn(EXPRESSION_CC, (end - FADE, HIGHEST), (end, FAINT))
    return [*events, Event(end - FADE, CONTROL_CHANGE, RELEASE_CC, LONG_RELEASE)]


def _turn(controller: int, begin: tuple[float, int], end: tuple[float, int]) -> list[Event]:
    """A controller turned evenly from a value at one moment to another at the next."""
    (start, first), (stop, last) = begin, end
    steps = max(abs(last - first) // STRIDE, 1)
    parts = (step / steps for step in range(steps + 1))
    return [
        Event(
            start + (stop - start) * part,
            CONTROL_CHANGE,
            controller,
            round(first + (last - first) * part),
        )
        for part in parts
    ]


def _velocity(index: int, key: int) -> int:
    """Each bar of sixteenths swells and ebbs; the bass leads, and higher tones shine a little."""
    swell = 6.0 * (1.0 - cos(2.0 * pi * (index % (4 * GROUP)) / (4 * GROUP)))
    bass = 14.0 if index % GROUP == 0 else 0.0
    return round(66.0 + swell + bass + 0.6 * (key - key_named("D3")))


def _note(key: int, velocity: int, start: float, end: float) -> list[Event]:
    return [Event(start, NOTE_ON, key, velocity), Event(end, NOTE_OFF, key, 64)]

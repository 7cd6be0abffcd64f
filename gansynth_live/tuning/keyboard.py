"""Scala's keyboard maps (.kbm): which key plays which degree of a scale, and how high.

https://www.huygens-fokker.org/scala/help.htm#mappings
"""

from dataclasses import dataclass
from math import log2

from gansynth_live.errors import TuningError
from gansynth_live.tuning.lines import Line, lines_of
from gansynth_live.units import REFERENCE_HZ, REFERENCE_KEY

KEYS = 128
MIDDLE_C = 60
MOST_DEGREES = 1024  # of a pattern, and the largest number of one
HERTZ = 0.001, 100_000.0
UNMAPPED = "x"
HEAD = (
    "the size",
    "the first key",
    "the last key",
    "the middle key",
    "the reference key",
    "the reference frequency",
    "the formal octave",
)


@dataclass(frozen=True)
class KeyboardMap:
    """Keys from `first` to `last` play degrees of a scale.

    Attributes:
        first: the lowest key that is mapped, and `last` the highest.
        middle: where the pattern begins.
        reference: the key whose pitch is given; it need not be mapped.
        pitch: that pitch, in semitones (69 is 440 Hz).
        octave: degrees that each repetition of the pattern lies above the one before.
        pattern: degrees of the keys from `middle` on, None for none; empty: each the next degree.
    """

    first: int
    last: int
    middle: int
    reference: int
    pitch: float
    octave: int
    pattern: tuple[int | None, ...]

    def degree_of(self, key: int) -> int | None:
        """The degree that a key plays; None: it is silent."""
        return self.degree_at(key) if self.first <= key <= self.last else None

    def degree_at(self, key: int) -> int | None:
        """The degree that the pattern has for any number, in the range or not; None: left out."""
        if not self.pattern:
            return key - self.middle
        turn, place = divmod(key - self.middle, len(self.pattern))
        degree = self.pattern[place]
        return None if degree is None else degree + turn * self.octave


def linear_map(pitch: float) -> KeyboardMap:
    """Each key plays the next degree; the middle C is the first one, and has that pitch."""
    return KeyboardMap(0, KEYS - 1, MIDDLE_C, MIDDLE_C, pitch, 0, ())


def parse_map(text: str) -> KeyboardMap:
    """The map that a file says.

    Raises:
        TuningError: it says none; names the line.
    """
    lines = lines_of(text)
    if len(lines) < len(HEAD):
        raise TuningError(f"no keyboard map: {len(lines)} of the {len(HEAD)} lines that begin one")
    size = lines[0].whole(HEAD[0], 0, MOST_DEGREES)
    first, last, middle, reference = (
        line.whole(what, 0, KEYS - 1) for line, what in zip(lines[1:5], HEAD[1:5], strict=True)
    )
    hertz = lines[5].real(HEAD[5], *HERTZ)
    octave = lines[6].whole(HEAD[6], -MOST_DEGREES, MOST_DEGREES)
    entries = lines[len(HEAD) :]
    if len(entries) > size:
        said = f"line {lines[0].number} says {size}"
        raise entries[size].error(f"a key more than there are: {said}")
    degrees = [_degree(line) for line in entries]
    pattern = (*degrees, *[None] * (size - len(degrees)))
    if pattern and all(degree is None for degree in pattern):
        raise TuningError("no key of the map plays anything; write a degree in place of an x")
    pitch = REFERENCE_KEY + 12.0 * log2(hertz / REFERENCE_HZ)
    return KeyboardMap(first, last, middle, reference, pitch, octave, pattern)


def _degree(line: Line) -> int | None:
    if line.field.lower() == UNMAPPED:
        return None
    return line.whole("the degree", -MOST_DEGREES, MOST_DEGREES)

"""Scala's scales (.scl): pitches as ratios or cents, from the second degree up to the period.

https://www.huygens-fokker.org/scala/scl_format.html
"""

import re
from dataclasses import dataclass
from math import log2

from gansynth_live.errors import TuningError
from gansynth_live.tuning.lines import Line, lines_of, shown

MOST_NOTES = 1024
MOST_CENTS = 100_000.0  # of a pitch: beyond it nothing can be heard
RATIO = re.compile(r"([0-9]{1,20})(?:/([0-9]{1,20}))?")


@dataclass(frozen=True)
class Scale:
    """Degrees of a scale that goes on for ever in both directions.

    Attributes:
        description: for people; may be empty.
        cents: above the first degree, of the second one and so on; the last is the period.
    """

    description: str
    cents: tuple[float, ...]

    def cents_at(self, degree: int) -> float:
        """How far a degree lies above degree 0."""
        periods, step = divmod(degree, len(self.cents))
        return periods * self.cents[-1] + (self.cents[step - 1] if step else 0.0)


EQUAL = Scale("twelve equal steps", tuple(100.0 * step for step in range(1, 13)))


def parse_scale(text: str) -> Scale:
    """The scale that a file says.

    Raises:
        TuningError: it says none; names the line.
    """
    lines = lines_of(text)
    if len(lines) < 2:
        raise TuningError("no scale: a line that describes it and one with its number of notes")
    count = lines[1].whole("the number of notes", 1, MOST_NOTES)
    pitches = lines[2:]
    if len(pitches) < count:
        raise TuningError(f"{len(pitches)} of {count} pitches are there; write one a line")
    if len(pitches) > count:
        said = f"line {lines[1].number} says {count}"
        raise pitches[count].error(f"a pitch more than there are: {said}")
    return Scale(lines[0].text.strip(), tuple(map(_cents, pitches)))


def _cents(line: Line) -> float:
    """A pitch above the first degree: with a point in cents, else a ratio."""
    if "." in line.field:
        return line.real("the pitch", -MOST_CENTS, MOST_CENTS)
    ratio = RATIO.fullmatch(line.field)
    above, below = (int(part or 1) for part in ratio.groups()) if ratio else (0, 0)
    if not above or not below:
        raise line.error(
            f"{shown(line.field)} is no pitch; write a ratio such as 3/2, or cents such as 701.955"
        )
    return 1200.0 * (log2(above) - log2(below))

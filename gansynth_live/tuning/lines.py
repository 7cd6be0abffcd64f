"""The lines of Scala's files, and the fields at their beginning."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gansynth_live.errors import TuningError

MOST_BYTES = 64 * 1024
SHOWN = 30  # letters of a field, in a message
COMMENT = "!"
WHOLE = re.compile(r"-?[0-9]{1,9}")
REAL = re.compile(r"-?([0-9]{1,12}(\.[0-9]{0,40})?|\.[0-9]{1,40})")


class Line(NamedTuple):
    """A line that is no comment.

    Attributes:
        number: in the file, from 1 on.
        text: all of it.
    """

    number: int
    text: str

    @property
    def field(self) -> str:
        """What counts of a number's line: up to the first blank. The rest is a remark."""
        return next(iter(self.text.split()), "")

    def error(self, reason: str) -> TuningError:
        """What is wrong here."""
        return TuningError(f"line {self.number}: {reason}")

    def whole(self, what: str, low: int, high: int) -> int:
        """The field as a whole number.

        Raises:
            TuningError: it is none, or out of range.
        """
        if not WHOLE.fullmatch(self.field) or not low <= int(self.field) <= high:
            raise self.error(f"{what} {shown(self.field)} is no whole number from {low} to {high}")
        return int(self.field)

    def real(self, what: str, low: float, high: float) -> float:
        """The field as a number.

        Raises:
            TuningError: it is none, or out of range.
        """
        if not REAL.fullmatch(self.field) or not low <= float(self.field) <= high:
            raise self.error(f"{what} {shown(self.field)} is no number from {low:g} to {high:g}")
        return float(self.field)


def text_of(content: bytes) -> str:
    """A file as text, in UTF-8 (with or without its mark) or, as older ones are, in Latin-1."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def without_comments(text: str) -> str:
    """All that counts of a file."""
    return "".join(f"{line.text}\n" for line in lines_of(text))


def lines_of(text: str) -> list[Line]:
    """The lines that are no comments, up to the last that is not blank.

    Raises:
        TuningError: the text is too long for a scale or a map.
    """
    if len(text) > MOST_BYTES:
        raise TuningError(f"longer than {MOST_BYTES // 1024} KiB; that is no scale and no map")
    lines = list(_lines(text))
    while lines and not lines[-1].text:
        lines.pop()
    return lines


def shown(field: str) -> str:
    """The beginning of a field, for a message."""
    return f"{field[:SHOWN]!r}"


def _lines(text: str) -> Iterator[Line]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if not line.startswith(COMMENT):
            yield Line(number, line.rstrip())

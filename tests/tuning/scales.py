"""Scales and keyboard maps as Scala writes them."""

from collections.abc import Sequence

MEANTONE = """! meanquar.scl
!
1/4-comma meantone scale. Pietro Aaron's temperament (1523)
 12
!
 76.04900
 193.15686
 310.26471
 5/4
 503.42157
 579.47057
 696.57843
 25/16
 889.73529
 1006.84314
 1082.89214
 2/1
"""
BOHLEN_PIERCE = "Bohlen-Pierce, no octaves\n13\n" + "".join(
    f"{1901.955 * step / 13:.6f}\n" for step in range(1, 14)
)


def equal(steps: int, period: float = 1200.0) -> str:
    """Equal steps of a period, cents."""
    pitches = "".join(f"{period * step / steps:.9f}\n" for step in range(1, steps + 1))
    return f"{steps} equal steps\n{steps}\n{pitches}"


def keyboard_map(
    pattern: Sequence[int | None] = (),
    first: int = 0,
    last: int = 127,
    middle: int = 60,
    reference: int = 69,
    hertz: float = 440.0,
    octave: int = 12,
) -> str:
    """A .kbm file."""
    head = (len(pattern), first, last, middle, reference, hertz, octave)
    entries = ("x" if degree is None else degree for degree in pattern)
    return "! a map\n" + "".join(f"{each}\n" for each in (*head, *entries))

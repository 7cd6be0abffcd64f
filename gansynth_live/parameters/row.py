"""What the author of a parameter writes down: a row of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

HERTZ, SECONDS, DECIBELS, SEMITONES, BEATS = "Hz", "s", "dB", "st", "beats"


class Home(Enum):
    """Where a parameter lives, and so what changes it at run time."""

    SET_UP = "set-up"  # nothing does: devices, memory, ports
    MACHINE = "machine"  # a kernel setting of all parts
    PART = "part"  # a kernel setting of each part
    PLACE = "place"  # of a part: which keys play it, and where it stands in the mix
    MORPH = "morph"  # the morph controls of each part
    CHANNEL = "channel"  # what is played on a MIDI channel now; no patch keeps it


class Curve(Enum):
    """How the way of a control is spread over a range."""

    LINEAR = "linear"
    LOG = "log"  # in even ratios; the range lies above 0
    CUBIC = "cubic"  # fine where the value is small; may begin at 0
    DIVISIONS = "divisions"  # lengths of notes, the longest first


@dataclass(frozen=True)
class Row:
    """A parameter, beside the type, the name and the default of the field that it annotates.

    Attributes:
        name: for people.
        low: the least value of a number.
        high: the greatest.
        unit: of the value, as it is written behind it.
        curve: of a control that moves it.
        home: where it lives; None: where its section does.
        centred: whether a controller has the middle of the range at 64, its own centre.
        kernel: what the kernel calls it; "": it has no setting of that kind; None: its key where
            its home is there.
        as_it_is: whether the kernel keeps it in its own unit, not in frames or as an amplitude.
        cc: controllers that move it unless the settings say else; of a list, one for each element.
        cc_range: between which values they do; None: all.
        does: what people should know beside name and range.
        holds: of a text that is the content of a file: reads it, and raises `ConfigError` where
            that cannot be done.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    curve: Curve = Curve.LINEAR
    home: Home | None = None
    centred: bool = False
    kernel: str | None = None
    as_it_is: bool = False
    cc: int | tuple[int, ...] = ()
    cc_range: tuple[float, float] | None = None
    does: str = ""
    holds: Callable[[str], object] | None = None

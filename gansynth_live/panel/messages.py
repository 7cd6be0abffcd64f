"""What a page may say: one JSON object a message, and nothing that is not written here."""

from typing import Annotated, Literal, TypeAlias

from msgspec import DecodeError, Meta, Struct, ValidationError, json

from gansynth_live.errors import GansynthError
from gansynth_live.parameters.parameter import Value

MOST_BYTES = 4096
MOST_VALUES = 32  # that are set together

Part: TypeAlias = Annotated[int, Meta(ge=0, le=15)]
Name: TypeAlias = Annotated[str, Meta(max_length=MOST_BYTES)]


class PanelError(GansynthError):
    """What a page sent is no message."""


class FloodError(PanelError):
    """It sends far too much."""


class Message(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t"):
    """Any of those below."""


class Hello(Message, tag="hello", frozen=True):
    """The first one of each page."""

    token: Name


class Set(Message, tag="set", frozen=True):
    """Parameters of a part, by id, are to be so."""

    v: Annotated[dict[str, Value], Meta(min_length=1, max_length=MOST_VALUES)]
    part: Part = 0


class Note(Message, tag="note", frozen=True):
    """A key goes down or up."""

    on: bool
    k: Annotated[int, Meta(ge=0, le=127)]
    v: Annotated[int, Meta(ge=1, le=127)] = 100
    part: Part = 0


class Bend(Message, tag="bend", frozen=True):
    """The pitch wheel of a part."""

    v: Annotated[float, Meta(ge=-1.0, le=1.0)]
    part: Part = 0


class OfPreset(Message, tag="preset", frozen=True):
    """Something is to be done with a preset."""

    do: Literal["load", "save", "star", "unstar", "remove"]
    name: Name


class Learn(Message, tag="learn", frozen=True):
    """The controller that is moved next is to move a parameter; "": none is."""

    p: Annotated[str, Meta(max_length=200)]


class Forget(Message, tag="forget", frozen=True):
    """What was learnt for a parameter is forgotten."""

    p: Annotated[str, Meta(max_length=200)]


class Do(Message, tag="do", frozen=True):
    """Something without any detail."""

    what: Literal["panic", "undo", "redo", "compare", "keep"]


class Pace(Message, tag="pace", frozen=True):
    """How many meters a second the page wants, and whose keys it shows."""

    hz: Annotated[float, Meta(ge=0.0, le=60.0)]
    part: Part = 0


FromPage: TypeAlias = Hello | Set | Note | Bend | OfPreset | Learn | Forget | Do | Pace


def parse(text: str | bytes) -> FromPage:
    """The message of a text.

    Raises:
        PanelError: it is none.
    """
    if isinstance(text, bytes):
        raise PanelError("a page sends text")
    try:
        return json.decode(text, type=FromPage)
    except (DecodeError, ValidationError, RecursionError) as error:
        raise PanelError(f"no message of the panel: {error}") from error

"""Vibrato of named instruments as it is kept: one JSON object, checked when it is read."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from gansynth_live.kernel.settings import Vibrato
from gansynth_live.model.by_instrument import pack_by_instrument, parse_by_instrument

Vibratos = dict[str, Vibrato]


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """Hz, cents to either side, seconds."""

    rate: Annotated[float, Meta(ge=0.5, le=20.0)]
    depth: Annotated[float, Meta(ge=0.0, le=100.0)]
    delay: Annotated[float, Meta(ge=0.0, le=10.0)]


def parse_vibratos(text: bytes) -> Vibratos:
    """Vibrato by instrument from the text of a file.

    Raises:
        ModelError: it is no such file, or a number is out of bounds.
    """
    entries = parse_by_instrument(text, _Entry, "vibrato")
    return {name: Vibrato(*msgspec.structs.astuple(entry)) for name, entry in entries.items()}


def pack_vibratos(vibratos: Mapping[str, Vibrato]) -> bytes:
    """The text of a file, one instrument a line."""
    return pack_by_instrument(vibratos)

"""Vibrato of named instruments as it is kept: one JSON object, checked when it is read."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from gansynth_live.errors import ModelError
from gansynth_live.kernel.settings import Vibrato

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
    try:
        entries = msgspec.json.decode(text, type=dict[str, _Entry])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"vibrato: {error}; the file is damaged") from error
    return {name: Vibrato(*msgspec.structs.astuple(entry)) for name, entry in entries.items()}


def pack_vibratos(vibratos: Mapping[str, Vibrato]) -> bytes:
    """The text of a file, one instrument a line."""
    lines = [
        f"{msgspec.json.encode(name).decode()}: {msgspec.json.encode(vibrato._asdict()).decode()}"
        for name, vibrato in vibratos.items()
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()

"""A file that says something of each named instrument: one JSON object, an instrument a line."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from gansynth_live.errors import ModelError

Entry = TypeVar("Entry", bound=msgspec.Struct)


def parse_by_instrument(text: bytes, kind: type[Entry], what: str) -> dict[str, Entry]:
    """Entries of the type `kind` by instrument; `what` they are about is named in errors.

    Raises:
        ModelError: it is no such file, or a number is out of bounds.
    """
    try:
        return msgspec.json.decode(text, type=dict[str, kind])  # type: ignore[valid-type]
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{what}: {error}; the file is damaged") from error


def pack_by_instrument(entries: Mapping[str, Any]) -> bytes:
    """The text of a file of named tuples."""
    lines = [
        f"{msgspec.json.encode(name).decode()}: {msgspec.json.encode(entry._asdict()).decode()}"
        for name, entry in entries.items()
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()

"""The recordings behind a model's instruments: a latent for each, and which keys play it.

recordings.json is name -> a row for each pitch of the model, -1 where the key plays the plain
instrument. The rows' latents are a tensor beside the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import ModelError

RECORDINGS = "recordings.json"
TENSOR = "recordings"  # [recordings, latent_size]
MOST_RECORDINGS = 65536
PLAIN = -1

Rows = dict[str, list[int]]


@dataclass(frozen=True)
class Recordings:
    """Latents of recordings and the keys that play them; without any for most models.

    Attributes:
        rows: for each pitch of the model, a row of `latents` or -1; by the instrument's name.
        latents: float32 [recordings, latent_size].
    """

    rows: Mapping[str, list[int]] = field(default_factory=dict)
    latents: NDArray[np.floating] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def latent(self, name: str, pitch: int) -> NDArray[np.floating] | None:
        """The latent [latent_size] of an instrument at a pitch, 0 the lowest; None: the plain."""
        rows = self.rows.get(name, [])
        row = rows[pitch] if 0 <= pitch < len(rows) else PLAIN
        return None if row == PLAIN else self.latents[row]


def pack_rows(recordings: Recordings) -> bytes:
    """The contents of recordings.json, an instrument a line."""
    lines = (
        f"{msgspec.json.encode(name).decode()}: {rows}" for name, rows in recordings.rows.items()
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def unpack_rows(content: bytes, names: Mapping[str, object], pitches: int) -> tuple[Rows, int]:
    """Rows by name, and how many recordings they speak of.

    Raises:
        ModelError: the bytes are no such table, a name is none of `names`, a list has not one row
            for each of `pitches`, or a row is out of range.
    """
    try:
        table = msgspec.json.decode(content, type=Rows)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"{RECORDINGS}: {error}; the file is damaged") from error
    for name, rows in table.items():
        if name not in names:
            raise ModelError(f"{RECORDINGS}: {name[:80]!r} is no instrument of this model")
        if len(rows) != pitches:
            raise ModelError(f"{RECORDINGS}: {name!r} has {len(rows)} rows for {pitches} pitches")
        if not all(PLAIN <= row < MOST_RECORDINGS for row in rows):
            raise ModelError(f"{RECORDINGS}: a row of {name!r} is not in -1..{MOST_RECORDINGS - 1}")
    return table, 1 + max((row for rows in table.values() for row in rows), default=PLAIN)

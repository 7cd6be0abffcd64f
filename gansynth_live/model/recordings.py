"""The recordings behind a model's instruments: a latent for each, and which keys play it.

recordings.json is name -> a row for each pitch of the model, -1 where the key plays the plain
instrument. recordings.safetensors holds the rows' latents, float16.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import ModelError
from gansynth_live.model.weights import pack_weights, unpack_weights

ROWS, LATENTS = "recordings.json", "recordings.safetensors"
TENSOR = "latents"  # [recordings, latent_size]
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


def pack_recordings(recordings: Recordings) -> dict[str, bytes]:
    """The contents of both files; an instrument a line, latents in the dtype that they have."""
    lines = (
        f"{msgspec.json.encode(name).decode()}: {rows}" for name, rows in recordings.rows.items()
    )
    return {
        ROWS: ("{\n" + ",\n".join(lines) + "\n}\n").encode(),
        LATENTS: pack_weights({TENSOR: recordings.latents}),
    }


def unpack_recordings(
    contents: Mapping[str, bytes], names: Mapping[str, object], pitches: int, latent_size: int
) -> Recordings:
    """The recordings in a bundle's files; none without the files.

    Raises:
        ModelError: one of the files is missing or damaged, a name is none of `names`, a list has
            not one row for each of `pitches`, or the latents are not what the rows ask for.
    """
    if not contents.keys() & {ROWS, LATENTS}:
        return Recordings()
    for name in (ROWS, LATENTS):
        if name not in contents:
            raise ModelError(f"no sha256 of {name}; the bundle is incomplete")
    rows = _unpack_rows(contents[ROWS], names, pitches)
    count = 1 + max((row for of_name in rows.values() for row in of_name), default=PLAIN)
    latents = unpack_weights(contents[LATENTS], {TENSOR: (count, latent_size)})[TENSOR]
    return Recordings(rows, latents)


def _unpack_rows(content: bytes, names: Mapping[str, object], pitches: int) -> Rows:
    try:
        table = msgspec.json.decode(content, type=Rows)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{ROWS}: {error}; the file is damaged") from error
    for name, rows in table.items():
        if name not in names:
            raise ModelError(f"{ROWS}: {name[:80]!r} is no instrument of this model")
        if len(rows) != pitches:
            raise ModelError(f"{ROWS}: {name!r} has {len(rows)} rows for {pitches} pitches")
        if not all(PLAIN <= row < MOST_RECORDINGS for row in rows):
            raise ModelError(f"{ROWS}: a row of {name!r} is not in -1..{MOST_RECORDINGS - 1}")
    return table

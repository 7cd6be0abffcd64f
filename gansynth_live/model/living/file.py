"""How the partials of named instruments fluctuate: ten numbers each, as a bundle keeps them."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from gansynth_live.latent.living import Living
from gansynth_live.model.by_instrument import pack_by_instrument, parse_by_instrument

Livings = dict[str, Living]


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    depths: Annotated[
        list[Annotated[float, Meta(ge=0.0, le=12.0)]], Meta(min_length=6, max_length=6)
    ]
    rates: Annotated[
        list[Annotated[float, Meta(ge=0.1, le=20.0)]], Meta(min_length=2, max_length=2)
    ]
    common: Annotated[float, Meta(ge=0.0, le=1.0)]
    common_rate: Annotated[float, Meta(ge=0.1, le=20.0)]


def parse_livings(text: bytes) -> Livings:
    """By instrument, from the text of a file.

    Raises:
        ModelError: it is no such file, or a number is out of bounds.
    """
    entries = parse_by_instrument(text, _Entry, "living")
    return {
        name: Living(tuple(e.depths), tuple(e.rates), e.common, e.common_rate)
        for name, e in entries.items()
    }


def pack_livings(livings: Mapping[str, Living]) -> bytes:
    """The text of a file, one instrument a line."""
    return pack_by_instrument(livings)

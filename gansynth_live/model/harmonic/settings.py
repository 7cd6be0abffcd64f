"""What model.json says about a harmonic generator, and which tensors follow from it."""

from typing import Annotated

import msgspec
from msgspec import Meta

Channels = Annotated[int, Meta(ge=1, le=1024)]


class Harmonic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="harmonic"):
    """Settings of the light generator.

    Attributes:
        channels: channels of the four stages.
        up: how many frames and bins each point of the last stage becomes.
        partials: harmonic numbers with a level of their own.
    """

    channels: Annotated[tuple[Channels, ...], Meta(min_length=4, max_length=4)]
    up: tuple[int, int]
    partials: Annotated[int, Meta(ge=1, le=1024)]

    def tensors(self, latent_size: int, pitches: int) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor."""
        raise NotImplementedError

    def problem(self, frames: int, mel_bins: int) -> str | None:
        """Why these settings make no image of `frames` x `mel_bins`, or None if they do."""
        raise NotImplementedError

"""What model.json says about a harmonic generator, and which tensors follow from it."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from gansynth_live.model.harmonic.detail import STEPS, Detail
from gansynth_live.model.harmonic.layers import layer_shapes

Channels = Annotated[int, Meta(ge=1, le=1024)]
Factor = Annotated[int, Meta(ge=1, le=64)]

START_FRAMES, START_BINS = 2, 32  # the first stage's image; each further stage doubles both
DOUBLINGS = 3
STYLE = 256  # width of the vector that modulates every stage
COORDINATES = 6  # rows of the table that tells a mel bin where it lies among the harmonics
PARTIAL_STEPS = 16  # time steps of the harmonic levels before they are stretched
PARTIAL_CHANNELS = (64, 96, 96)


class Harmonic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="harmonic"):
    """Settings of the light generator.

    Attributes:
        channels: channels of the four stages.
        up: how many frames and bins each point of the last stage becomes.
        partials: harmonic numbers with a level of their own.
        detail: the refining head, if the model has one.
    """

    channels: Annotated[tuple[Channels, ...], Meta(min_length=4, max_length=4)]
    up: tuple[Factor, Factor]
    partials: Annotated[int, Meta(ge=1, le=1024)]
    detail: Detail | None = None

    @property
    def coordinate_channels(self) -> int:
        """Channels that the coordinates add: each point of the last stage covers `up[1]` bins."""
        return COORDINATES * self.up[1]

    @property
    def residual_channels(self) -> int:
        """Output channels that become the two residual images."""
        return 2 * self.up[0] * self.up[1]

    def modulated(self) -> tuple[int, ...]:
        """Channels of each modulated convolution, in the network's order."""
        first, *later = self.channels
        return (first, *(count for count in later for _ in range(2)))

    def tensors(self, latent_size: int, pitches: int) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor; kernels are stored unscaled, [out, in, height, width]."""
        first, *later = self.channels
        told = latent_size + pitches
        extra = self.coordinate_channels
        shapes = {
            **layer_shapes("first", first * START_FRAMES * START_BINS, told),
            **layer_shapes("w1", STYLE, told),
            **layer_shapes("w2", STYLE, STYLE),
            **layer_shapes("c01", first, first, 3, 3),
        }
        for i, (before, after) in enumerate(zip(self.channels, later, strict=False)):
            shapes |= layer_shapes(f"a.{i}", after, before, 3, 3)
            shapes |= layer_shapes(
                f"b.{i}", after, after + (extra if i == DOUBLINGS - 1 else 0), 3, 3
            )
        for i, count in enumerate(self.modulated()):
            shapes |= layer_shapes(f"film.{i}", 2 * count, STYLE)
        narrow, middle, wide = PARTIAL_CHANNELS
        shapes |= layer_shapes("p0", narrow * PARTIAL_STEPS, STYLE)
        shapes |= layer_shapes("p1", middle, narrow, 3)
        shapes |= layer_shapes("p2", wide, middle, 3)
        shapes |= layer_shapes("p3", self.partials, wide, 3)
        planes = self.residual_channels + 3 * self.up[0]
        shapes |= layer_shapes("out", planes, later[-1] + extra, 3, 3)
        shapes["combs"] = (pitches, 2, START_BINS * 2**DOUBLINGS * self.up[1])
        if self.detail is not None:
            shapes |= self.detail.tensors(latent_size, pitches, self.partials)
        return shapes

    def first_layers(
        self, weights: Mapping[str, NDArray[np.float32]], latent_size: int
    ) -> list[NDArray[np.float32]]:
        """Kernels [out, latent_size] of the layers that see the latent itself."""
        names = ["first", "w1"] + ["detail.l1"] * (self.detail is not None)
        return [weights[f"{name}.weight"][:, :latent_size] for name in names]

    def problem(self, frames: int, mel_bins: int) -> str | None:
        """Why these settings make no image of `frames` x `mel_bins`, or None if they do."""
        size = tuple(
            (start << DOUBLINGS) * up
            for start, up in zip((START_FRAMES, START_BINS), self.up, strict=True)
        )
        if size != (frames, mel_bins):
            return f"up {list(self.up)} makes images of {size[0]}x{size[1]}"
        if self.detail is not None and frames != STEPS << DOUBLINGS:
            return f"detail speaks at {STEPS << DOUBLINGS} frames, not at {frames}"
        return None

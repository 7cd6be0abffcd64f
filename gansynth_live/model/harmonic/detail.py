"""The optional refining head: levels and detunings of each partial, and of each part in bands.

It sees the latent and a smooth code of the pitch, and speaks at every frame. Its tensors begin with
`detail.`; a model without them has the coarser levels only.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from gansynth_live.model.harmonic.layers import Layers, layer_shapes, stretching

Width = Annotated[int, Meta(ge=1, le=4096)]

STEPS = 16  # time steps before the head is stretched, three times by two
PARTS = 3  # the comb, the half comb and noise
CODE_SPACING, CODE_WIDTH = 2, 1.5  # semitones between the bumps of the pitch code, and of each
CODE_EMPHASIS = 4.0
LEVEL_SCALE = 4.0
DETUNE_SCALE = 0.25


class Detail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes of the head.

    Attributes:
        hidden: width of its dense layers.
        channels: at 16, 32 and 64 time steps.
        bands: wide bands in which each part has a level.
    """

    hidden: Width = 512
    channels: tuple[Width, Width, Width] = (128, 160, 192)
    bands: Annotated[int, Meta(ge=1, le=1024)] = 32

    def tensors(self, latent_size: int, pitches: int, partials: int) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor of the head."""
        first, second, third = self.channels
        told = latent_size + pitch_code(pitches).shape[1]
        return {
            **layer_shapes("detail.l1", self.hidden, told),
            **layer_shapes("detail.l2", self.hidden, self.hidden),
            **layer_shapes("detail.l3", first * STEPS, self.hidden),
            **layer_shapes("detail.t1", second, first, 3),
            **layer_shapes("detail.t2", third, second, 3),
            **layer_shapes("detail.out", 2 * partials + PARTS * self.bands, third, 3),
        }


@dataclass(frozen=True)
class DetailHead:
    """Writes the head into graphs."""

    settings: Detail
    partials: int
    pitches: int
    mel_bins: int

    def start(self, layers: Layers, latent: str, label: str) -> str:
        """The whole note before the last convolution: [n, channels, 1, 1 + frames + 1]."""
        graph = layers.graph
        code = graph.constant(CODE_EMPHASIS * pitch_code(self.pitches))
        x = graph.add("Concat", latent, graph.add("Gather", code, label), axis=1)
        x = layers.leaky(layers.dense("detail.l1", layers.pixel_norm(x)))
        x = layers.pixel_norm(layers.leaky(layers.dense("detail.l2", x)))
        x = layers.leaky(layers.dense("detail.l3", x))
        x = graph.add("Reshape", x, graph.constant([-1, self.settings.channels[0], 1, STEPS]))
        for doubling, name in enumerate(("detail.t1", "detail.t2")):
            size = STEPS << doubling
            x = graph.add("MatMul", x, graph.constant(stretching(size, 2 * size)))
            x = layers.leaky(layers.convolution_in_time(name, x))
        half = 2 * size
        bordered = np.pad(stretching(half, 2 * half), ((0, 0), (1, 1)))
        return graph.add("MatMul", x, graph.constant(bordered))

    def finish(self, layers: Layers, x: str) -> tuple[str, str, str]:
        """Levels and detunings [n, partials, 1, frames], parts' levels [n, 3, frames, mel_bins].

        `x` is what `start` made, with one frame more at each end.
        """
        graph, settings = layers.graph, self.settings
        x = layers.convolution_in_time("detail.out", x, beyond=0)
        counts = graph.constant([self.partials, self.partials, PARTS * settings.bands])
        levels, turns, bands = graph.split("Split", 3, x, counts, axis=1)
        levels = graph.add("Mul", levels, graph.constant(LEVEL_SCALE))
        turns = graph.add("Mul", turns, graph.constant(DETUNE_SCALE))
        apart = graph.constant([0, PARTS, settings.bands, -1])
        bands = graph.add("Transpose", graph.add("Reshape", bands, apart), perm=[0, 1, 3, 2])
        spread = LEVEL_SCALE * stretching(settings.bands, self.mel_bins)
        return levels, turns, graph.add("MatMul", bands, graph.constant(spread))


def pitch_code(pitches: int) -> NDArray[np.float64]:
    """[pitches, bumps]: neighbouring pitches have neighbouring codes."""
    pitch, centre = np.arange(pitches)[:, None], np.arange(0, pitches, CODE_SPACING)
    code: NDArray[np.float64] = np.exp(-0.5 * ((pitch - centre) / CODE_WIDTH) ** 2)
    return code

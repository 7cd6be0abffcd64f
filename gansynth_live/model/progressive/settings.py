"""What model.json says about a progressive generator, and which tensors follow from it."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

Channels = Annotated[int, Meta(ge=1, le=4096)]


class Progressive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="progressive"):
    """Settings of GANSynth's generator (arXiv 1902.08710).

    Attributes:
        start_frames, start_bins: size of block 1's image; each further block doubles both.
        channels: channels after each block, from block 1.
        alphas: weight of each block's output in the sum; they add up to 1, and only the last two
            may differ from 0 (a model in the middle of a transition has two).
        kernel_size: of every convolution but the first and the output ones.
    """

    start_frames: Annotated[int, Meta(ge=1, le=64)]
    start_bins: Annotated[int, Meta(ge=1, le=512)]
    channels: Annotated[tuple[Channels, ...], Meta(min_length=1, max_length=12)]
    alphas: tuple[float, ...]
    kernel_size: Annotated[int, Meta(ge=3, le=3)] = 3

    @property
    def blocks(self) -> int:
        """Number of blocks that are computed."""
        return len(self.channels)

    def heard_blocks(self) -> list[int]:
        """Blocks (from 1) whose output is part of the sum."""
        return [block for block, alpha in enumerate(self.alphas, 1) if alpha != 0]

    def tensors(self, latent_size: int, pitches: int) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor; kernels are stored unscaled, [height, width, in, out]."""
        shapes: dict[str, tuple[int, ...]] = {}
        before = latent_size + pitches
        first = (self.start_frames, self.start_bins)
        for block, after in enumerate(self.channels, 1):
            size = first if block == 1 else (self.kernel_size, self.kernel_size)
            shapes[f"block_{block}.conv0.kernel"] = (*size, before, after)
            shapes[f"block_{block}.conv0.bias"] = (after,)
            shapes[f"block_{block}.conv1.kernel"] = (
                self.kernel_size,
                self.kernel_size,
                after,
                after,
            )
            shapes[f"block_{block}.conv1.bias"] = (after,)
            before = after
        for block in self.heard_blocks():
            shapes[f"block_{block}.output.kernel"] = (1, 1, self.channels[block - 1], 2)
            shapes[f"block_{block}.output.bias"] = (2,)
        return shapes

    def first_layers(
        self, weights: Mapping[str, NDArray[np.float32]], latent_size: int
    ) -> list[NDArray[np.float32]]:
        """Kernels [out, latent_size] of the layers that see the latent itself."""
        kernel = weights["block_1.conv0.kernel"][:, :, :latent_size]
        return [np.moveaxis(kernel, 2, -1).reshape(-1, latent_size)]

    def problem(self, frames: int, mel_bins: int) -> str | None:
        """Why these settings make no image of `frames` x `mel_bins`, or None if they do."""
        if len(self.alphas) != self.blocks:
            return f"{len(self.alphas)} alphas for {self.blocks} blocks"
        if not all(0 <= alpha <= 1 for alpha in self.alphas) or abs(sum(self.alphas) - 1) > 1e-5:
            return f"alphas {list(self.alphas)} are not weights that add up to 1"
        if self.alphas[-1] == 0 or any(self.alphas[:-2]):
            return f"alphas {list(self.alphas)} must be 0 except the last, or the last two"
        factor, rest = divmod(frames, self.start_frames << (self.blocks - 1))
        wide, narrow = divmod(mel_bins, self.start_bins << (self.blocks - 1))
        if rest or narrow or factor != wide or factor < 1 or factor & (factor - 1):
            return (
                f"{self.blocks} blocks from {self.start_frames}x{self.start_bins} "
                f"do not grow to {frames}x{mel_bins}"
            )
        return None

"""GANSynth's generator and its mirror, grown block by block (arXiv 1902.08710, section 3).

The generator is the one that the `progressive` family of model bundles plays: kernels are scaled by
sqrt(2 / fan_in) at run time, every hidden convolution is followed by leaky ReLU and pixel norm, and
progress p = b - 1 + alpha says that block b is there and block b + 1 is fading in.
"""

from itertools import pairwise
from math import ceil

import torch
from torch import Tensor, nn
from torch.nn import functional

from gansynth_live.training.harmonic import leaky, pixel_norm

START = (2, 16)  # frames, bins of the first block
SPREAD_GROUP = 4  # notes among which the discriminator looks at the spread


class Convolution(nn.Module):
    """Convolution whose stored weight is scaled by sqrt(gain / fan_in); padded to keep the size."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, gain: float = 2.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale, self.padding = (gain / (inputs * size**2)) ** 0.5, size // 2

    def forward(self, x: Tensor) -> Tensor:
        return functional.conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)


class Start(nn.Module):
    """Dense layer from latent and pitch to the first image [n, channels, 2, 16]."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(*START, channels, inputs))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.scale = (2.0 / (START[0] * START[1] * inputs)) ** 0.5

    def forward(self, v: Tensor) -> Tensor:
        image = torch.einsum("ni,hwci->nchw", v, self.weight * self.scale)
        return image + self.bias[:, None, None]


class Generator(nn.Module):
    """z [n, latent], pitch index [n] to images [n, 2, 2 * 2^b, 16 * 2^b] in -1..1."""

    def __init__(self, channels: tuple[int, ...], latent: int, pitches: int) -> None:
        super().__init__()
        self.pitches = pitches
        self.start = Start(latent + pitches, channels[0])
        self.first = nn.ModuleList(Convolution(a, b) for a, b in pairwise(channels))
        self.second = nn.ModuleList(Convolution(c, c) for c in channels)
        self.output = nn.ModuleList(Convolution(c, 2, 1, gain=1.0) for c in channels)

    def forward(self, z: Tensor, pitch: Tensor, progress: float) -> Tensor:
        """Images at the size of the newest block at `progress` (0..blocks - 1)."""
        last = ceil(progress)
        hot = functional.one_hot(pitch, self.pitches).to(z.dtype)
        x = _hidden(self.start(pixel_norm(torch.cat([z, hot], 1))))
        x = _hidden(self.second[0](x))
        image = torch.tanh(self.output[0](x)) if last < 2 else None
        for block in range(1, last + 1):
            x = _hidden(self.first[block - 1](functional.interpolate(x, scale_factor=2)))
            x = _hidden(self.second[block](x))
            if block >= last - 1:
                made = torch.tanh(self.output[block](x))
                share = progress - (last - 1) if block == last else 1.0
                image = made if image is None else _fade(image, made, share)
        assert image is not None  # noqa: S101
        return image


class Discriminator(nn.Module):
    """Images to (realness [n], pitch logits [n, pitches]): the generator's mirror."""

    def __init__(self, channels: tuple[int, ...], pitches: int) -> None:
        super().__init__()
        self.input = nn.ModuleList(Convolution(2, c, 1) for c in channels)
        self.first = nn.ModuleList(Convolution(c, c) for c in channels[1:])
        self.second = nn.ModuleList(Convolution(b, a) for a, b in pairwise(channels))
        self.spread = Convolution(channels[0] + 1, channels[0])
        inputs = channels[0] * START[0] * START[1]
        self.last = nn.Linear(inputs, channels[0])
        self.realness, self.pitch = nn.Linear(channels[0], 1), nn.Linear(channels[0], pitches)

    def forward(self, image: Tensor, progress: float) -> tuple[Tensor, Tensor]:
        last = ceil(progress)
        x = leaky(self.input[last](image))
        for block in range(last, 0, -1):
            x = leaky(self.second[block - 1](leaky(self.first[block - 1](x))))
            x = functional.avg_pool2d(x, 2)
            if block == last and (share := progress - (last - 1)) < 1:
                smaller = leaky(self.input[block - 1](functional.avg_pool2d(image, 2)))
                x = (1 - share) * smaller + share * x
        x = leaky(self.spread(torch.cat([x, _spread(x)], 1)))
        x = leaky(self.last(x.flatten(1)))
        return self.realness(x)[:, 0], self.pitch(x)


def growth(share: float, blocks: int, rest: float) -> float:
    """Progress (0..blocks - 1) at a share of the run; `rest` of each stage nothing fades in."""
    stage, within = divmod(min(share, 1.0) * (blocks - 1 + rest), 1.0)
    return min(stage + max(0.0, within - rest) / (1 - rest), blocks - 1.0)


def at_progress(images: Tensor, progress: float, blocks: int) -> Tensor:
    """Full-size images as the generator at `progress` would show them, at its newest block's size.

    Args:
        images: [n, 2, 2 * 2^(blocks - 1), 16 * 2^(blocks - 1)].
    """
    last = ceil(progress)
    image = functional.avg_pool2d(images, 2 ** (blocks - 1 - last))
    share = progress - (last - 1)
    if last == 0 or share == 1:
        return image
    return _fade(functional.avg_pool2d(image, 2), image, share)


def _hidden(x: Tensor) -> Tensor:
    return pixel_norm(leaky(x))


def _fade(small: Tensor, large: Tensor, share: float) -> Tensor:
    return (1 - share) * functional.interpolate(small, scale_factor=2) + share * large


def _spread(x: Tensor) -> Tensor:
    """Mean standard deviation among each group of notes, as one more channel [n, 1, h, w]."""
    group = SPREAD_GROUP if x.shape[0] % SPREAD_GROUP == 0 else x.shape[0]
    groups = x.view(group, -1, *x.shape[1:])
    deviation = torch.sqrt(groups.var(0, unbiased=False) + 1e-8).mean((1, 2, 3))
    return deviation.repeat(group)[:, None, None, None].expand(-1, 1, *x.shape[2:])

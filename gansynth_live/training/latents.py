"""Latents of named instruments: on a sphere, with supervised blends between them."""

import math

import torch
from torch import Tensor

from gansynth_live.training.melif import TURN_SCALE

RADIUS = 16.0  # that of a standard normal vector of 256 elements
NATURAL = 0.5 / 0.0661371661726  # from the image's power channel to ln amplitude


def on_sphere(latents: Tensor) -> Tensor:
    """[n, latent] brought to the radius."""
    projected: Tensor = latents * RADIUS / latents.norm(dim=1, keepdim=True)
    return projected


def blend_images(a: Tensor, b: Tensor, share: Tensor) -> Tensor:
    """The image halfway (share of b: [n, 1, 1]) between images [n, 2, 128, 1024].

    Log powers are mixed evenly; frequencies by the amplitude that each side has there.
    """
    weight_a = (1 - share) * torch.exp(a[:, 0] * NATURAL)
    weight_b = share * torch.exp(b[:, 0] * NATURAL)
    turn_a, turn_b = (image[:, 1] * (math.pi / TURN_SCALE) for image in (a, b))
    turn = torch.atan2(
        weight_a * turn_a.sin() + weight_b * turn_b.sin(),
        weight_a * turn_a.cos() + weight_b * turn_b.cos(),
    )
    power = (1 - share) * a[:, 0] + share * b[:, 0]
    return torch.stack([power, turn * (TURN_SCALE / math.pi)], 1)

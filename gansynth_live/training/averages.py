"""Learning rates over a run, and the moving average of weights that is played in the end."""

import math

import torch
from torch import nn

from gansynth_live.training.recipe import Optimiser


def rate(settings: Optimiser, step: int, progress: float) -> float:
    """Factor on the learning rates: warm-up, a constant part, a cosine to (nearly) zero.

    Args:
        step: steps since the start or the last resume without optimiser state.
        progress: share of the run that is over, 0..1.
    """
    warm = min(1.0, (step + 1) / max(1, settings.warm_up_steps))
    falling = (progress - settings.constant_share) / max(1e-9, 1 - settings.constant_share)
    return warm * max(0.005, 0.5 * (1 + math.cos(math.pi * min(1.0, max(0.0, falling)))))


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, keep: float, step: int) -> None:
    """Move the average towards the network; it follows faster in the first steps."""
    keep = min(keep, (10 + step) / (20 + step))
    pairs = list(zip(average.parameters(), network.parameters(), strict=True))
    torch._foreach_lerp_([a for a, _ in pairs], [b.detach() for _, b in pairs], 1 - keep)

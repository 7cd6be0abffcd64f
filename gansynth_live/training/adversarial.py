"""Losses of generator against discriminator: logistic with R1, or WGAN with gradient penalty."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Kind = Literal["logistic", "wgan-gp"]
Judge = Callable[[Tensor], tuple[Tensor, Tensor]]  # images to (realness, pitch logits)

DRIFT = 0.001  # keeps WGAN's realness near 0


def generator_loss(kind: Kind, realness: Tensor) -> Tensor:
    """How little the made images [n] convince."""
    return functional.softplus(-realness).mean() if kind == "logistic" else -realness.mean()


def discriminator_loss(kind: Kind, real: Tensor, made: Tensor) -> Tensor:
    """How badly real [n] and made [n] realness are told apart."""
    if kind == "logistic":
        return functional.softplus(-real).mean() + functional.softplus(made).mean()
    return made.mean() - real.mean() + DRIFT * real.square().mean()


def gradient_penalty(kind: Kind, judge: Judge, real: Tensor, made: Tensor) -> Tensor:
    """R1 on real images (logistic), or unit slope between real and made ones (WGAN)."""
    if kind == "logistic":
        at = real.detach().requires_grad_(True)
        return 0.5 * _slope_squared(judge, at).mean()
    share = torch.rand(len(real), 1, 1, 1, device=real.device)
    at = (share * real + (1 - share) * made).detach().requires_grad_(True)
    return (torch.sqrt(_slope_squared(judge, at) + 1e-12) - 1).square().mean()


def _slope_squared(judge: Judge, at: Tensor) -> Tensor:
    (slope,) = torch.autograd.grad(judge(at)[0].sum(), at, create_graph=True)
    return slope.square().sum((1, 2, 3))

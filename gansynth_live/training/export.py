"""From a run to a model bundle: averaged weights in float16, latents by name."""

from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.model.bundle import write_bundle
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.training import checkpoint
from gansynth_live.training.fit import RECIPE
from gansynth_live.training.latents import on_sphere
from gansynth_live.training.progressive import START
from gansynth_live.training.recipe import Recipe
from gansynth_live.training.start import LATENTS
from gansynth_live.training.tables import PARTIALS, UP, describe

RANDOM_INSTRUMENTS = 8  # a GAN has no named ones: some latents to begin with

Weights = dict[str, NDArray[np.floating]]


def export(run: Path, bundle: Path, name: str, licence: str) -> None:
    """Write the run's averaged network as a bundle.

    Raises:
        UsageError: the run has no checkpoint.
        ModelError: the bundle exists already or cannot be written.
    """
    tensors, standing = checkpoint.load(run)
    average, recipe = checkpoint.part(tensors, "average"), _recipe(run)
    latent = recipe.network.latent
    family: Harmonic | Progressive
    if recipe.family == "harmonic":
        latents = on_sphere(average.pop(LATENTS))
        weights = _half({key.removeprefix("decoder."): t for key, t in average.items()})
        family = Harmonic(recipe.network.channels, UP, PARTIALS, recipe.network.detail)
        names = standing.names
    else:
        weights, family = _half(progressive_weights(average)), _progressive(recipe)
        latents = torch.randn(
            RANDOM_INSTRUMENTS, latent, generator=torch.Generator().manual_seed(recipe.seed)
        )
        names = [f"random {k + 1}" for k in range(RANDOM_INSTRUMENTS)]
    instruments = {label: np.round(z.numpy(), 5) for label, z in zip(names, latents, strict=True)}
    write_bundle(bundle, describe(name, licence, latent, family), weights, instruments)


def progressive_weights(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A generator's state by the names and layouts of the `progressive` family, whole-grown."""
    weights = {
        # The format's dense start is a convolution: both axes run backwards.
        "block_1.conv0.kernel": state["start.weight"].permute(0, 1, 3, 2).flip(0, 1),
        "block_1.conv0.bias": state["start.bias"],
    }
    blocks = sum(key.startswith("second.") and key.endswith(".bias") for key in state)
    for block in range(1, blocks + 1):
        names = {"conv1": f"second.{block - 1}"}
        if block > 1:
            names["conv0"] = f"first.{block - 2}"
        if block == blocks:
            names["output"] = f"output.{block - 1}"
        for part, name in names.items():
            kernel = state[f"{name}.weight"].permute(2, 3, 1, 0)
            weights[f"block_{block}.{part}.kernel"] = kernel
            weights[f"block_{block}.{part}.bias"] = state[f"{name}.bias"]
    return weights


def _progressive(recipe: Recipe) -> Progressive:
    channels = recipe.network.channels
    alphas = (*(0.0,) * (len(channels) - 1), 1.0)
    return Progressive(*START, channels, alphas)


def _half(tensors: dict[str, Tensor]) -> Weights:
    return {name: tensor.half().contiguous().numpy() for name, tensor in tensors.items()}


def _recipe(run: Path) -> Recipe:
    try:
        return msgspec.json.decode((run / RECIPE).read_bytes(), type=Recipe)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{run} holds no run ({error}); start one with `train fit`") from error

"""From a run to a model bundle: averaged weights in float16, latents by name."""

from math import ceil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.model.bundle import write_bundle
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.living.file import parse_livings
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.recordings import PLAIN, Recordings
from gansynth_live.model.vibrato import parse_vibratos
from gansynth_live.training import checkpoint
from gansynth_live.training.fit import RECIPE
from gansynth_live.training.latents import on_sphere
from gansynth_live.training.loop import share_done
from gansynth_live.training.progressive import START, growth
from gansynth_live.training.recipe import Recipe
from gansynth_live.training.start import LATENTS, OFFSETS, RECORDINGS
from gansynth_live.training.tables import PARTIALS, UP, describe

RANDOM_INSTRUMENTS = 8  # a GAN has no named ones: some latents to begin with

Weights = dict[str, NDArray[np.floating]]


def export(
    run: Path,
    bundle: Path,
    name: str,
    licence: str,
    vibrato: Path | None = None,
    living: Path | None = None,
) -> None:
    """Write the run's averaged network as a bundle.

    Args:
        vibrato: of the instruments, as `train data` wrote it; of those that the run knows it is
            put into the bundle.
        living: how their partials beat, as `train living` wrote it; likewise.

    Raises:
        UsageError: the run has no checkpoint, or there is no such file of vibrato or beating.
        ModelError: the bundle exists already or cannot be written, or one of these is damaged.
    """
    vibratos = {} if vibrato is None else parse_vibratos(_read(vibrato, "train data"))
    livings = {} if living is None else parse_livings(_read(living, "train living"))
    tensors, standing = checkpoint.load(run)
    average, recipe = checkpoint.part(tensors, "average"), _recipe(run)
    latent = recipe.network.latent
    family: Harmonic | Progressive
    recordings: Recordings | None = None
    if recipe.family == "harmonic":
        recordings = _recordings(average, standing.names)
        latents = on_sphere(average.pop(LATENTS))
        weights = half({key.removeprefix("decoder."): t for key, t in average.items()})
        family = Harmonic(recipe.network.channels, UP, PARTIALS, recipe.network.detail)
        names = standing.names
    else:
        channels = recipe.network.channels
        grown = growth(share_done(recipe, standing), len(channels), recipe.adversarial.rest)
        weights, alphas = half(progressive_weights(average, grown)), progressive_alphas(grown)
        family = Progressive(*START, channels[: len(alphas)], alphas)
        latents = torch.randn(
            RANDOM_INSTRUMENTS, latent, generator=torch.Generator().manual_seed(recipe.seed)
        )
        names = [f"random {k + 1}" for k in range(RANDOM_INSTRUMENTS)]
    instruments = {label: rounded(z.numpy()) for label, z in zip(names, latents, strict=True)}
    known = {label: vibratos[label] for label in instruments if label in vibratos}
    beating = {label: livings[label] for label in instruments if label in livings}
    spec = describe(name, licence, latent, family)
    write_bundle(
        bundle,
        spec,
        weights,
        instruments,
        vibrato=known,
        recordings=recordings,
        living=beating,
    )


def progressive_weights(state: dict[str, Tensor], progress: float) -> dict[str, Tensor]:
    """A generator's state by the names and layouts of the `progressive` family, as grown."""
    weights = {
        # The format's dense start is a convolution: both axes run backwards.
        "block_1.conv0.kernel": state["start.weight"].permute(0, 1, 3, 2).flip(0, 1),
        "block_1.conv0.bias": state["start.bias"],
    }
    for block, alpha in enumerate(progressive_alphas(progress), 1):
        names = {"conv1": f"second.{block - 1}"}
        if block > 1:
            names["conv0"] = f"first.{block - 2}"
        if alpha:
            names["output"] = f"output.{block - 1}"
        for part, name in names.items():
            kernel = state[f"{name}.weight"].permute(2, 3, 1, 0)
            weights[f"block_{block}.{part}.kernel"] = kernel
            weights[f"block_{block}.{part}.bias"] = state[f"{name}.bias"]
    return weights


def progressive_alphas(progress: float) -> tuple[float, ...]:
    """Weight of each block's output in the sum, of the blocks that are there at `progress`."""
    last = ceil(progress)
    if last == 0:
        return (1.0,)
    share = progress - (last - 1)
    return (*(0.0,) * (last - 1), 1 - share, share)


def _recordings(average: dict[str, Tensor], names: list[str]) -> Recordings | None:
    """Take the recordings out of a network's tensors: their latents, and who plays them where.

    None where it knows none, as older runs do not.
    """
    none = torch.zeros(0, dtype=torch.int64)
    played, offsets = average.pop(RECORDINGS, none).numpy(), average.pop(OFFSETS, none)
    used = np.unique(played[played > 0])
    if not len(used):
        return None
    owner = [int(np.argwhere(played == recording)[0, 0]) for recording in used]
    latents = on_sphere(average[LATENTS][owner] + offsets[used]).half().numpy()
    rows = np.where(played > 0, np.searchsorted(used, played), PLAIN)
    return Recordings(dict(zip(names, rows.tolist(), strict=True)), latents)


def rounded(latent: NDArray[np.float32]) -> NDArray[Any]:
    """A latent as a bundle's text stores it."""
    return np.round(latent.astype(np.float64), 5)


def half(tensors: dict[str, Tensor]) -> Weights:
    """Weights as a bundle stores them."""
    # Combs are constants: they stay as exact as the graph's other tables.
    return {
        name: (tensor if name == "combs" else tensor.half()).contiguous().numpy()
        for name, tensor in tensors.items()
    }


def _read(path: Path, command: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; `{command}` writes it") from error


def _recipe(run: Path) -> Recipe:
    try:
        return msgspec.json.decode((run / RECIPE).read_bytes(), type=Recipe)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{run} holds no run ({error}); start one with `train fit`") from error

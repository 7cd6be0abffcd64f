"""Where a fresh run starts when it does not start from chance: a bundle, or another run."""

from pathlib import Path

import torch
from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.model.bundle import load_bundle
from gansynth_live.training import checkpoint

LATENTS = "latents"


def starting_point(start: Path, fresh: dict[str, Tensor], names: list[str]) -> dict[str, Tensor]:
    """The fresh run's tensors with everything that `start` has too put in their place.

    Instruments are matched by name; new ones keep their random latents, and layers that `start`
    does not have keep their initial weights. The optimiser starts afresh.

    Raises:
        UsageError: a tensor has another shape, or nothing fits.
    """
    weights, latents = _bundle(start) if (start / "model.json").is_file() else _run(start)
    filled = {name: tensor for name, tensor in fresh.items() if not name.startswith("adam")}
    taken = 0
    for name, tensor in filled.items():
        network, _, key = name.partition("/")
        if network not in ("raw", "average"):
            continue
        if key == LATENTS:
            rows = [latents.get(label, row) for label, row in zip(names, tensor, strict=True)]
            filled[name] = torch.stack([row.to(tensor) for row in rows])
        elif (known := weights.get(key.removeprefix("decoder."))) is not None:
            if known.shape != tensor.shape:
                raise UsageError(f"{start}: {key} has another shape; use its recipe's network")
            filled[name] = known.to(tensor)
            taken += 1
    if not taken:
        raise UsageError(f"{start} has no tensor of this recipe's network; start from another")
    return filled


def _bundle(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    bundle = load_bundle(path)
    weights = {name: torch.from_numpy(weight.copy()) for name, weight in bundle.weights.items()}
    latents = {name: torch.from_numpy(z.copy()) for name, z in bundle.instruments.items()}
    return weights, latents


def _run(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    tensors, standing = checkpoint.load(path)
    average = checkpoint.part(tensors, "average")
    latents = average.pop(LATENTS, torch.zeros(0))
    weights = {name.removeprefix("decoder."): weight for name, weight in average.items()}
    return weights, dict(zip(standing.names, latents, strict=False))

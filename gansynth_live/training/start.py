"""Where a fresh run starts when it does not start from chance: a bundle, or another run."""

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.model.bundle import load_bundle
from gansynth_live.training import checkpoint

# Of a run's tensors: latents [instruments, latent], offsets [recordings + 1, latent] and the table
# [instruments, pitches] of recordings.
LATENTS, OFFSETS, RECORDINGS = "latents", "offsets", "recordings"


class Start(NamedTuple):
    """What a run may start from.

    Attributes:
        latents: of each instrument, by name.
        offsets: of the recording behind an instrument's pitch (0 is MIDI 24), where there is one.
    """

    weights: dict[str, Tensor]
    latents: dict[str, Tensor]
    offsets: dict[tuple[str, int], Tensor]


def starting_point(start: Path, fresh: dict[str, Tensor], names: list[str]) -> dict[str, Tensor]:
    """The fresh run's tensors with everything that `start` has too put in their place.

    Instruments are matched by name, recordings by their instrument and pitch; new ones keep their
    first values, and so do layers that `start` does not have. The optimiser starts afresh.

    Raises:
        UsageError: a tensor has another shape, or nothing fits.
    """
    known = _bundle(start) if (start / "model.json").is_file() else _run(start)
    filled = {name: tensor for name, tensor in fresh.items() if not name.startswith("adam")}
    taken = 0
    for name, tensor in filled.items():
        network, _, key = name.partition("/")
        if network not in ("raw", "average") or key == RECORDINGS:
            continue
        if key == LATENTS:
            rows = [known.latents.get(label, row) for label, row in zip(names, tensor, strict=True)]
            filled[name] = torch.stack([row.to(tensor) for row in rows])
        elif key == OFFSETS:
            filled[name] = _offsets(known, tensor, fresh[f"{network}/{RECORDINGS}"], names)
        elif (weight := known.weights.get(key.removeprefix("decoder."))) is not None:
            if weight.shape != tensor.shape:
                raise UsageError(f"{start}: {key} has another shape; use its recipe's network")
            filled[name] = weight.to(tensor)
            taken += 1
    if not taken:
        raise UsageError(f"{start} has no tensor of this recipe's network; start from another")
    return filled


def _offsets(known: Start, fresh: Tensor, recordings: Tensor, names: list[str]) -> Tensor:
    offsets = fresh.clone()
    for row, pitch in (recordings > 0).nonzero().tolist():
        if (offset := known.offsets.get((names[row], pitch))) is not None:
            offsets[recordings[row, pitch]] = offset.to(offsets)
    return offsets


def _bundle(path: Path) -> Start:
    bundle = load_bundle(path)
    weights = {name: torch.from_numpy(weight.copy()) for name, weight in bundle.weights.items()}
    latents = {name: torch.from_numpy(z.copy()) for name, z in bundle.instruments.items()}
    offsets = {
        (name, pitch): torch.from_numpy(z - bundle.instruments[name])
        for name in bundle.recordings.rows
        for pitch in range(bundle.spec.pitches)
        if (z := bundle.recordings.latent(name, pitch)) is not None
    }
    return Start(weights, latents, offsets)


def _run(path: Path) -> Start:
    tensors, standing = checkpoint.load(path)
    average = checkpoint.part(tensors, "average")
    latents = average.pop(LATENTS, torch.zeros(0))
    offsets = average.pop(OFFSETS, torch.zeros(0))
    recordings = average.pop(RECORDINGS, torch.zeros(0, 0, dtype=torch.int64))
    weights = {name.removeprefix("decoder."): weight for name, weight in average.items()}
    return Start(
        weights,
        dict(zip(standing.names, latents, strict=False)),
        {
            (standing.names[row], pitch): offsets[recordings[row, pitch]]
            for row, pitch in (recordings > 0).nonzero().tolist()
        },
    )

"""Checkpoints of a run: safetensors for all tensors, JSON for where it stands; never half."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing

TENSORS, STANDING = "checkpoint.safetensors", "checkpoint.json"


@dataclass
class Standing:
    """Where a run stands.

    Attributes:
        seconds: time spent training, over all resumes.
        history: one row of mean losses for each report, with `images`.
    """

    step: int = 0
    images: int = 0
    seconds: float = 0.0
    names: list[str] = field(default_factory=list)
    history: list[dict[str, float]] = field(default_factory=list)


def save(folder: Path, tensors: dict[str, Tensor], standing: Standing) -> None:
    """Write both files; the tensors carry their step: a stop between the two is harmless."""
    folder.mkdir(parents=True, exist_ok=True)
    # Two names for one tensor would be refused, and views would be written whole.
    own = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()}
    with replacing(folder / TENSORS) as beside:
        save_file(own, beside, {"standing": json.dumps(asdict(standing))})
    with replacing(folder / STANDING) as beside:
        beside.write_text(json.dumps(asdict(standing), indent=1))


def load(folder: Path) -> tuple[dict[str, Tensor], Standing]:
    """Tensors (as stored) and standing.

    Raises:
        UsageError: there is no checkpoint, or it is damaged.
    """
    try:
        with safe_open(folder / TENSORS, "pt") as file:
            standing = Standing(**json.loads(file.metadata()["standing"]))
            return {name: file.get_tensor(name) for name in file.keys()}, standing  # noqa: SIM118
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{folder} holds no usable checkpoint ({error}); start one with `train fit`"
        ) from error


def exists(folder: Path) -> bool:
    """Whether there is something to resume."""
    return (folder / TENSORS).is_file()


def part(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    """The tensors under `name/`, as float32, with that prefix taken off."""
    prefix = f"{name}/"
    return {
        key.removeprefix(prefix): tensor.float() if tensor.is_floating_point() else tensor
        for key, tensor in tensors.items()
        if key.startswith(prefix)
    }


def prefixed(name: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors with `name/` before each key."""
    return {f"{name}/{key}": tensor for key, tensor in tensors.items()}


def moments(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's state as flat tensors: step, first and second moments of parameter k."""
    state = optimiser.state_dict()["state"]
    return {f"{k}/{name}": torch.as_tensor(v) for k, s in state.items() for name, v in s.items()}


def restore_moments(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Undo `moments`; without tensors the optimiser stays fresh."""
    if not tensors:
        return
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        index, name = key.split("/")
        # Fused Adam walks parameters and moments in memory order: their layouts must agree.
        like = parameters[int(index)] if tensor.dim() else tensor
        state.setdefault(int(index), {})[name] = torch.empty_like(like).copy_(tensor)
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": state, "param_groups": groups})

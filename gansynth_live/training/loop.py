"""The loop that every recipe shares: steps, reports, a checkpoint every two minutes, the end."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from torch import Tensor

from gansynth_live.errors import UsageError
from gansynth_live.training import checkpoint
from gansynth_live.training.checkpoint import Standing
from gansynth_live.training.processes import Crew
from gansynth_live.training.recipe import Recipe

CHECKPOINT_SECONDS = 110.0  # with the writing, less than two minutes are ever lost
REPORT_STEPS = 50

Report = Callable[[Standing, float], None]  # standing, progress 0..1


class Trainer(Protocol):
    """One recipe's networks and optimisers."""

    def step(self, step: int, progress: float) -> dict[str, Tensor]:
        """Train on one batch; the losses by name, detached."""
        ...

    def tensors(self) -> dict[str, Tensor]:
        """All that a resumed run needs."""
        ...

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Undo `tensors`."""
        ...


def run(
    trainer: Trainer, recipe: Recipe, crew: Crew, folder: Path, names: list[str], report: Report
) -> Standing:
    """Train until the recipe's end, from the folder's checkpoint if there is one.

    Every process of the crew takes its share of each batch and follows the leader's clock.

    Raises:
        UsageError: the folder holds a run of another network or of other instruments.
    """
    standing = Standing(names=names)
    if checkpoint.exists(folder):
        standing = _resume(trainer, folder, names)
    sums: dict[str, float] = {}
    summed = 0
    before, saved = time.monotonic(), time.monotonic()
    while (progress := crew.agree(share_done(recipe, standing))) < 1.0:
        losses = trainer.step(standing.step, progress)
        now = time.monotonic()
        standing.seconds += now - before
        before = now
        standing.step += 1
        standing.images += recipe.batch
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + float(value)
        summed += 1
        if standing.step % REPORT_STEPS == 0:
            row = {name: round(total / summed, 5) for name, total in sums.items()}
            standing.history.append({"images": standing.images, **row})
            sums, summed = {}, 0
            if crew.leads:
                report(standing, progress)
        if crew.leads and now - saved > CHECKPOINT_SECONDS:
            checkpoint.save(folder, trainer.tensors(), standing)
            saved = time.monotonic()
    if crew.leads:
        checkpoint.save(folder, trainer.tensors(), standing)
    return standing


def share_done(recipe: Recipe, standing: Standing) -> float:
    """How much of the run is over, 0..1."""
    if standing.images >= recipe.images:
        return 1.0
    return max(standing.images / recipe.images, standing.seconds / (60 * recipe.minutes))


def _resume(trainer: Trainer, folder: Path, names: list[str]) -> Standing:
    tensors, standing = checkpoint.load(folder)
    for name, tensor in trainer.tensors().items():
        stored = tensors.get(name)
        if stored is None or stored.shape != tensor.shape:
            raise UsageError(f"{folder} holds a run of another network; give a new folder")
    if standing.names != names:
        raise UsageError(
            f"{folder} was trained on other instruments; give a new folder, and --start {folder}"
        )
    trainer.restore(tensors)
    return standing

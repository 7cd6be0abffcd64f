"""Run a recipe on a set of notes: alone, or as one of the processes that torchrun started."""

from pathlib import Path

import msgspec

from gansynth_live.errors import UsageError
from gansynth_live.files import replacing
from gansynth_live.training import checkpoint
from gansynth_live.training.checkpoint import Standing
from gansynth_live.training.loop import Report, Trainer, run
from gansynth_live.training.notes import NoteSet, open_notes
from gansynth_live.training.processes import Crew, crew
from gansynth_live.training.recipe import Recipe
from gansynth_live.training.start import starting_point

RECIPE = "recipe.json"


def fit(
    recipe: Recipe,
    notes: Path,
    folder: Path,
    report: Report,
    start: Path | None = None,
    threads: int = 1,
) -> Standing:
    """Train into `folder`, or go on with what is there.

    Args:
        start: a bundle or a run whose weights and latents a fresh run starts from.
        threads: CPU threads of each process.

    Raises:
        UsageError: the notes, the start or what is in the folder do not fit the recipe.
    """
    set_of_notes = open_notes(notes)
    with crew(threads) as together:
        if recipe.batch % together.size:
            raise UsageError(f"batch {recipe.batch} is not a multiple of {together.size} processes")
        trainer = _trainer(recipe, set_of_notes, together)
        if start is not None and not checkpoint.exists(folder):
            trainer.restore(starting_point(start, trainer.tensors(), set_of_notes.names))
        folder.mkdir(parents=True, exist_ok=True)
        if together.leads:
            with replacing(folder / RECIPE) as beside:
                beside.write_bytes(msgspec.json.format(msgspec.json.encode(recipe)))
        return run(trainer, recipe, together, folder, set_of_notes.names, report)


def _trainer(recipe: Recipe, notes: NoteSet, together: Crew) -> Trainer:
    if recipe.family == "harmonic":
        from gansynth_live.training.fit_harmonic import HarmonicTrainer

        return HarmonicTrainer(recipe, notes, together)
    from gansynth_live.training.fit_gansynth import GansynthTrainer

    return GansynthTrainer(recipe, notes, together)

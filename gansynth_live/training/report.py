"""Everything that `train evaluate` leaves in a folder: figures, scores, classifier and pictures."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from gansynth_live.files import replacing
from gansynth_live.training.classifier import save_classifier, train_classifier
from gansynth_live.training.evaluate import Evaluation, Figures, evaluate
from gansynth_live.training.listen import listener
from gansynth_live.training.notes import NoteSet
from gansynth_live.training.paper import FEWEST, Panel
from gansynth_live.training.scores import Scores
from gansynth_live.training.sheets import plot_notes

CLASSIFIER_EPOCHS = 20
SHEET_PITCHES = (40, 60, 76)
SHEET_ROWS = 16

Progress = Callable[[float], None]  # share of the whole that is done since the last call


class Report(msgspec.Struct, frozen=True):
    """What was found, as evaluation.json holds it.

    Attributes:
        figures: None where the model names no instrument of the notes.
        scores: by who made the notes; none where there are too few of them.
    """

    figures: Evaluation | None
    scores: dict[str, Scores]


def write_report(
    bundle: Path, others: Mapping[str, Path], notes: NoteSet, folder: Path, progress: Progress
) -> Report:
    """Evaluate a bundle against a set of notes, and give `others` paper-style scores beside it.

    Raises:
        ModelError: a bundle is missing or damaged.
        UsageError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ours = listener(bundle)
    done = 0.0

    def to(share: float) -> None:
        nonlocal done
        progress(share - done)
        done = share

    named = [name for name in notes.names if name in ours.bundle.instruments]
    figures = evaluate(ours, notes, lambda share: to(0.4 * share)) if named else None
    scores: dict[str, Scores] = {}
    if len(notes) >= FEWEST:
        classifier = train_classifier(notes, CLASSIFIER_EPOCHS, lambda share: to(0.4 + 0.3 * share))
        save_classifier(classifier, folder / "classifier.safetensors")
        panel = Panel(notes, classifier)
        scores = {"real notes": panel.real(), "this model": panel.bundle(ours)}
        to(0.85)
        scores |= {name: panel.bundle(listener(path)) for name, path in others.items()}
    for pitch in SHEET_PITCHES:
        there = {notes.names[row] for row in notes.instrument[notes.pitch == pitch]}
        shown = [name for name in named if name in there]
        if shown:
            spread = shown[:: max(1, len(shown) // SHEET_ROWS)][:SHEET_ROWS]
            plot_notes(ours, notes, spread, pitch, folder / f"notes-{pitch}.png")
    to(1.0)
    report = Report(figures, scores)
    with replacing(folder / "evaluation.json") as beside:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    return report


def figure_rows(figures: Evaluation) -> list[tuple[str, ...]]:
    """Rows of a table: name, real notes, held out, trained on, half blends."""
    kinds = (figures.real, figures.held_out, figures.trained, figures.blends)
    rows = [
        (field.replace("_", " "), *(_shown(getattr(kind, field, None)) for kind in kinds))
        for field in Figures.__struct_fields__
    ]
    worst = max(figures.distances, key=lambda name: figures.distances[name])
    places = [
        (f"distance {name}", "", _shown(distance), "", "")
        for name, distance in (("at borders", figures.at_borders), ("inside", figures.inside))
    ]
    return [*rows, *places, (f"worst: {worst}", "", _shown(figures.worst), "", "")]


def score_rows(scores: Mapping[str, Scores]) -> list[tuple[str, ...]]:
    """Rows of a table: who made the notes, and each of the paper's figures."""
    return [
        (name, *(_shown(value) for value in msgspec.structs.astuple(score)))
        for name, score in scores.items()
    ]


def _shown(value: float | int | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3f}"

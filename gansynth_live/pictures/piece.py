"""A whole piece: its rainbowgram, the keys that were played, and the morph over it."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle
from matplotlib.patheffects import Normal, Stroke

from gansynth_live.midi.notes import Note
from gansynth_live.performance.morph_plan import MorphTrack
from gansynth_live.pictures.canvas import INK, PAPER, dress, figure, printable, save, show
from gansynth_live.pictures.rainbowgram import Rainbowgram

LOUDEST = 127


def draw_piece(
    path: Path,
    picture: Rainbowgram,
    notes: Sequence[Note],
    morph: MorphTrack | None = None,
    title: str = "",
) -> None:
    """Write a PNG picture of a piece to `path`.

    Raises:
        UsageError: the folder is missing or not writable.
    """
    drawing = figure(14.0, 7.0)
    axes = drawing.add_subplot()
    show(axes, picture)
    axes.set_xlabel("seconds", color=INK, fontsize=9)
    axes.set_title(printable(title), color=INK, fontsize=11, loc="left")
    _draw_notes(axes, notes)
    if morph is not None:
        _draw_morph(axes, morph, picture.seconds)
    save(drawing, path)


def _draw_notes(axes: Axes, notes: Sequence[Note]) -> None:
    boxes = [Rectangle((note.start, note.key - 0.5), note.end - note.start, 1.0) for note in notes]
    edges = [(1.0, 1.0, 1.0, 0.25 + 0.65 * note.velocity / LOUDEST) for note in notes]
    axes.add_collection(
        PatchCollection(boxes, facecolor="none", edgecolor=edges, linewidth=0.8), autolim=False
    )


def _draw_morph(axes: Axes, morph: MorphTrack, seconds: float) -> None:
    over = axes.twinx()
    over.set_ylim(-0.06, 1.06)
    over.set_xlim(0.0, seconds)
    over.set_yticks(list(morph.at), [printable(name) for name in morph.instruments])
    dress(over)
    over.step(
        [*morph.times, seconds],
        [*morph.positions, morph.positions[-1]],
        where="post",
        color="white",
        linewidth=1.6,
        path_effects=[Stroke(linewidth=4.0, foreground=PAPER, alpha=0.7), Normal()],
    )

"""Pictures for a person to look at: losses over a run, and made notes beside real ones."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gansynth_live.files import replacing
from gansynth_live.training import measures
from gansynth_live.training.listen import Listener
from gansynth_live.training.notes import NoteSet

SHOWN_DB = 60.0
DOTS = 70
SMOOTH = 9  # reports


def plot_losses(history: Sequence[dict[str, float]], path: Path) -> None:
    """One small curve for each loss, thin as reported and thick when smoothed."""
    names = [name for name in history[-1] if name != "images"]
    figure = Figure(figsize=(3.2 * len(names), 2.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        rows = [row for row in history if name in row]
        images = [row["images"] for row in rows]
        values = np.array([row[name] for row in rows])
        axes.plot(images, values, color="#b9c4d6", linewidth=0.8)
        width = min(SMOOTH, len(values))
        smooth = np.convolve(values, np.ones(width) / width, "valid")
        middle = (width - 1) // 2
        axes.plot(images[middle : middle + len(smooth)], smooth, color="#1f4e9c", linewidth=1.6)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("images", fontsize=8)
        axes.tick_params(labelsize=7)
        axes.locator_params(axis="x", nbins=4)
        axes.grid(alpha=0.3)
    _write(figure, path)


def plot_notes(
    listener: Listener, notes: NoteSet, names: Sequence[str], pitch: int, path: Path
) -> None:
    """Real (left) and made (right) note of each instrument at one pitch: 80 mel bands over 4 s."""
    columns = 2
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(4.6 * columns, 1.25 * rows), layout="constrained")
    grid = figure.subplots(rows, 2 * columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for k, name in enumerate(names):
        row, column = k % rows, 2 * (k // rows)
        cell = np.flatnonzero(
            (notes.instrument == notes.names.index(name)) & (notes.pitch == pitch)
        )[0]
        made = listener.notes(listener.latents([name], [pitch]), [pitch])[0]
        pair = (f"{name}: real", notes.wave(cell)), ("made", made)
        top = _levels(pair[0][1]).max()
        for axes, (title, wave) in zip(grid[row, column : column + 2], pair, strict=True):
            axes.imshow(
                _levels(wave).T,
                origin="lower",
                aspect="auto",
                cmap="magma",
                vmin=top - SHOWN_DB,
                vmax=top,
            )
            axes.set_title(title, fontsize=7, pad=2)
    _write(figure, path)


def _levels(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    levels: NDArray[np.float32] = measures.band_levels(torch.from_numpy(wave[None]))[0].numpy()
    return levels


def _write(figure: Figure, path: Path) -> None:
    with replacing(path) as beside:
        figure.savefig(beside, dpi=DOTS)

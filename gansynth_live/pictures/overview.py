"""Many instruments at a glance: one small rainbowgram each, the same note."""

from collections.abc import Mapping
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.pictures.canvas import INK, figure, printable, save, show
from gansynth_live.pictures.rainbowgram import rainbowgram

COLUMNS = 6
TILE_WIDTH, TILE_HEIGHT = 2.4, 2.0  # inches


def draw_overview(
    path: Path, sounds: Mapping[str, NDArray[np.float32]], sample_rate: int, title: str = ""
) -> None:
    """Write a PNG picture of mono sounds [frames] by name to `path`.

    Raises:
        UsageError: the folder is missing or not writable.
    """
    columns = min(COLUMNS, len(sounds))
    rows = ceil(len(sounds) / columns)
    drawing = figure(TILE_WIDTH * columns, TILE_HEIGHT * rows + 0.4)
    drawing.suptitle(printable(title), color=INK, fontsize=11)
    for place, (name, samples) in enumerate(sounds.items(), start=1):
        axes = drawing.add_subplot(rows, columns, place)
        show(axes, rainbowgram(samples, sample_rate, most_columns=400))
        axes.set_title(printable(name), color=INK, fontsize=9)
        axes.label_outer()
    save(drawing, path)

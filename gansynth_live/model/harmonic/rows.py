"""Images that are computed row by row, when rows are asked for; time is an image's height."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


class Rows:
    """One stage's image of some notes: rows are computed once and kept.

    Args:
        height: rows of the whole image.
        compute: makes rows [low, high) of it: the number of the first row that it made, and at
            least those rows as an image [notes, channels, rows, columns]. What it makes beyond the
            image's edges is ignored.
    """

    def __init__(self, height: int, compute: Callable[[int, int], tuple[int, Image]]) -> None:
        self._height = height
        self._compute = compute
        self._made: dict[int, tuple[int, Image]] = {}  # by row: the first row of what it is part of

    def take(self, low: int, high: int) -> Image:
        """Rows [low, high), [notes, channels, high - low, columns]; zeros beyond the edges.

        The result may share its memory with later ones: do not write to it.
        """
        first, last = max(low, 0), min(high, self._height)
        self._make(first, last)
        pieces = []
        while first < last:
            start, image = self._made[first]
            pieces.append(image[:, :, first - start : last - start])
            first = start + image.shape[2]
        zeros = np.zeros_like(pieces[0][:, :, :1])
        if low < 0:
            pieces.insert(0, np.repeat(zeros, -low, axis=2))
        if high > last:
            pieces.append(np.repeat(zeros, high - last, axis=2))
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=2)

    def _make(self, first: int, last: int) -> None:
        missing = [row for row in range(first, last) if row not in self._made]
        if not missing:
            return
        # What lies between two missing rows is computed again: the same bits.
        low, image = self._compute(missing[0], missing[-1] + 1)
        within = range(max(low, 0), min(low + image.shape[2], self._height))
        self._made |= dict.fromkeys(within, (low, image))

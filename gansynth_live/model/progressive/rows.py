"""Which rows of each block a slice of frames needs (gansynth-model, section 11).

Time is an image's height, and every layer is local in time. So rows [low, high) of a block need one
more row on each side of its first convolution's output, and about half as many rows of the block
below. Rows beyond an image's true edges are zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class BlockRows:
    """What to do at the two ends of the time axis within one block.

    Attributes:
        pad_top, pad_bottom: the rows of the block below begin or end at the true edge: add a zero.
        drop_top, drop_bottom: rows of the first convolution that were computed but are not wanted.
        edge_top, edge_bottom: the outermost row that is left lies outside the image: make it zero.
    """

    pad_top: bool
    pad_bottom: bool
    drop_top: int
    drop_bottom: int
    edge_top: bool
    edge_bottom: bool

    @property
    def drops(self) -> tuple[int, int]:
        """Unwanted rows at the beginning and at the end."""
        return self.drop_top, self.drop_bottom


WHOLE = BlockRows(
    pad_top=True, pad_bottom=True, drop_top=0, drop_bottom=0, edge_top=True, edge_bottom=True
)


@dataclass(frozen=True)
class SlicePlan:
    """How to compute rows of the highest block from rows of a low block.

    Attributes:
        blocks: what each block above the low one does, lowest first.
        below_top, below_bottom: rows of the last block but one, once doubled, beyond those wanted.
    """

    blocks: tuple[BlockRows, ...]
    below_top: int
    below_bottom: int


def plan_slice(start: int, stop: int, heights: Sequence[int]) -> tuple[int, int, SlicePlan]:
    """Rows [low, high) of the first block in `heights` that rows [start, stop) of the last need.

    `heights` are the full heights of the low block and of each block above it.
    """
    low, high = start, stop
    below_top = below_bottom = 0
    blocks: list[BlockRows] = []
    for height in reversed(heights[1:]):
        rows, below_low, below_high = _rows_of_block(low, high, height)
        if not blocks:
            below_top, below_bottom = low - 2 * below_low, 2 * below_high - high
        blocks.insert(0, rows)
        low, high = below_low, below_high
    return low, high, SlicePlan(tuple(blocks), below_top, below_bottom)


def _rows_of_block(low: int, high: int, height: int) -> tuple[BlockRows, int, int]:
    # Rows s..e-1 of the block below make rows 2s+1..2e-2 of the merged convolution; a zero row
    # added at an end makes two more there. Rows low-1..high are wanted.
    begin, end = (low - 2) // 2, -((-high - 2) // 2)
    pad_top, pad_bottom = begin < 0, end > height // 2
    begin, end = max(begin, 0), min(end, height // 2)
    rows = BlockRows(
        pad_top=pad_top,
        pad_bottom=pad_bottom,
        drop_top=(low - 1) - (2 * begin + 1 - 2 * pad_top),
        drop_bottom=(2 * end - 2 + 2 * pad_bottom) - high,
        edge_top=low == 0,
        edge_bottom=high == height,
    )
    return rows, begin, end

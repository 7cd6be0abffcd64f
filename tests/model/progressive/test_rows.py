import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.model.progressive.rows import WHOLE, BlockRows, plan_slice

heights = st.tuples(st.integers(1, 4), st.integers(2, 5)).map(
    lambda t: [t[0] << doubling for doubling in range(t[1])]
)


def doubled_rows(below: list[int], rows: BlockRows, height: int) -> list[int | None]:
    """Rows of the doubled image that a block's two convolutions see; None is a row of zeros."""
    padded = [None] * rows.pad_top + below + [None] * rows.pad_bottom
    first = 2 * below[0] + 1 - 2 * rows.pad_top
    made: list[int | None] = list(range(first, first + 2 * (len(padded) - 1)))
    kept = made[rows.drop_top : len(made) - rows.drop_bottom]
    if rows.edge_top:
        kept[0] = None
    if rows.edge_bottom:
        kept[-1] = None
    assert all(row is None or 0 <= row < height for row in kept)
    return kept


@given(heights, st.data())
def test_each_block_gets_exactly_the_rows_it_needs(sizes: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, sizes[-1] - 1))
    stop = data.draw(st.integers(start + 1, sizes[-1]))
    low, high, plan = plan_slice(start, stop, sizes)
    assert 0 <= low < high <= sizes[0]
    present = list(range(low, high))
    for height, rows in zip(sizes[1:], plan.blocks, strict=True):
        seen = doubled_rows(present, rows, height)
        inner = seen[1:-1]
        assert None not in inner
        present = [row for row in inner if row is not None]
        assert present == list(range(present[0], present[0] + len(present)))
        assert seen[0] == (present[0] - 1 if present[0] else None)
        assert seen[-1] == (present[-1] + 1 if present[-1] + 1 < height else None)
    assert present == list(range(start, stop))


@given(heights)
def test_a_whole_note_needs_whole_blocks(sizes: list[int]) -> None:
    low, high, plan = plan_slice(0, sizes[-1], sizes)
    assert (low, high) == (0, sizes[0])
    assert set(plan.blocks) == {WHOLE}
    assert plan.below_top == plan.below_bottom == 0


def test_rows_of_the_first_frames() -> None:
    # gansynth-model, section 11: 8 frames need 2, 3, 3, 3, 4, 5 rows of the blocks below.
    sizes = [2, 4, 8, 16, 32, 64, 128]
    needed = [plan_slice(0, 8, sizes[block:])[1] for block in range(6)]
    np.testing.assert_array_equal(needed, [2, 3, 3, 3, 4, 5])

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.model.harmonic.rows import Image, Rows

HEIGHT = 12
WHOLE = np.arange(1.0, HEIGHT + 1, dtype=np.float32).reshape(1, 1, HEIGHT, 1)

window = st.tuples(st.integers(-2, HEIGHT - 1), st.integers(1, HEIGHT + 2)).filter(
    lambda pair: pair[0] + pair[1] > 0
)


@given(st.lists(window, min_size=1, max_size=6))
def test_rows_are_those_of_the_image_and_none_is_made_twice_without_need(
    windows: list[tuple[int, int]],
) -> None:
    made: list[range] = []

    def compute(low: int, high: int) -> tuple[int, Image]:
        made.append(range(low, high))
        # One row more at each end than asked for, even where the image has none.
        return low - 1, np.pad(WHOLE, ((0, 0), (0, 0), (1, 1), (0, 0)))[:, :, low : high + 2]

    rows = Rows(HEIGHT, compute)
    bordered = np.pad(WHOLE, ((0, 0), (0, 0), (2, HEIGHT + 2), (0, 0)))
    for low, length in windows:
        got = rows.take(low, low + length)
        np.testing.assert_array_equal(got, bordered[:, :, low + 2 : low + 2 + length])
    edges = [row for some in made for row in (some[0], some[-1])]
    for number, row in enumerate(edges):
        earlier = made[: number // 2]
        assert not any(row in range(some[0] - 1, some[-1] + 2) for some in earlier)

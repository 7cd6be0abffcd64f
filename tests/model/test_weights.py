from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.errors import ModelError
from gansynth_live.model.weights import pack_weights, unpack_weights

SHAPES = {"a": (2, 3), "b": (4,)}
TENSORS: dict[str, NDArray[Any]] = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.ones(4, np.float16),
}


def test_half_precision_is_widened() -> None:
    loaded = unpack_weights(pack_weights(TENSORS), SHAPES)
    assert {tensor.dtype for tensor in loaded.values()} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(loaded["a"], TENSORS["a"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"a": None}, "lack a"),
        ({"c": np.ones(1, np.float32)}, "have c"),
        ({"b": np.ones(5, np.float16)}, "shape"),
        ({"b": np.ones(4, np.float64)}, "F64"),
        ({"b": np.ones(4, np.int32)}, "I32"),
        ({"b": np.full(4, np.nan, np.float32)}, "not finite"),
    ],
)
def test_unfitting_tensors_are_named(change: dict[str, NDArray[Any] | None], reason: str) -> None:
    stored = {name: t for name, t in (TENSORS | change).items() if t is not None}
    with pytest.raises(ModelError, match=reason):
        unpack_weights(pack_weights(stored), SHAPES)


@given(st.integers(0, len(pack_weights(TENSORS)) - 1))
def test_cut_off_file(size: int) -> None:
    with pytest.raises(ModelError):
        unpack_weights(pack_weights(TENSORS)[:size], SHAPES)


@given(st.binary(max_size=200))
def test_garbage(content: bytes) -> None:
    with pytest.raises(ModelError):
        unpack_weights(content, SHAPES)

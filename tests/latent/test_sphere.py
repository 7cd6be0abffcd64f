from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from gansynth_live.latent.sphere import project, slerp, weighted

Vector = NDArray[np.float64]
SIZE = 16
vectors = arrays(np.float64, SIZE, elements=st.floats(-10, 10, width=32))
shares = st.floats(0.001, 1000)


@given(st.lists(st.tuples(vectors.filter(lambda z: np.linalg.norm(z) > 0.1), shares), min_size=1))
def test_a_blend_lies_on_the_sphere(parts: list[tuple[Vector, float]]) -> None:
    blended = weighted(np.stack([z for z, _ in parts]), [w for _, w in parts], focus=2.0)
    assert blended.dtype == np.float32
    assert np.linalg.norm(blended) == pytest.approx(2 * np.sqrt(SIZE), rel=1e-5)


def test_a_blend_does_not_depend_on_the_order(rng: np.random.Generator) -> None:
    latents, weights = rng.standard_normal((5, SIZE)), rng.uniform(0.1, 1, 5)
    order = rng.permutation(5)
    np.testing.assert_allclose(
        weighted(latents, list(weights)), weighted(latents[order], list(weights[order])), rtol=1e-6
    )


def test_a_blend_counts_directions_not_lengths(rng: np.random.Generator) -> None:
    a, b = rng.standard_normal((2, SIZE))
    np.testing.assert_allclose(
        weighted(np.stack([a, b]), [1, 3]), weighted(np.stack([50 * a, b]), [0.1, 0.3]), rtol=1e-5
    )


def test_opposite_latents_leave_the_heaviest(rng: np.random.Generator) -> None:
    z = project(rng.standard_normal(SIZE))
    np.testing.assert_array_equal(weighted(np.stack([z, -z]), [1, 1]), z)


def test_a_zero_latent_stays_zero() -> None:
    assert not weighted(np.zeros((2, SIZE)), [1, 1]).any()


def test_slerp_equals_the_original(golden: Path) -> None:
    with np.load(golden / "generate_util.npz") as original:
        first, second = original["z_instruments"][:2]
        for position, expected in zip(original["slerp_t"], original["slerp"], strict=True):
            np.testing.assert_allclose(slerp(first, second, position), expected, atol=1e-12)


@given(vectors, vectors, st.floats(-2, 3))
def test_slerp_is_finite_for_any_vectors(a: Vector, b: Vector, position: float) -> None:
    assert np.isfinite(slerp(a, b, position)).all()


@pytest.mark.parametrize("other", [1.0, -1.0, 2.5, -0.5])
def test_slerp_between_parallel_vectors_keeps_the_mixed_length(
    rng: np.random.Generator, other: float
) -> None:
    z = rng.standard_normal(SIZE)
    half = slerp(z, other * z, 0.5)
    assert np.linalg.norm(half) == pytest.approx(np.linalg.norm(z) * (1 + abs(other)) / 2)
    np.testing.assert_allclose(slerp(z, other * z, 0.0), z)
    np.testing.assert_allclose(slerp(z, other * z, 1.0), other * z, atol=1e-12)


def test_slerp_from_nothing_grows(rng: np.random.Generator) -> None:
    z = rng.standard_normal(SIZE)
    np.testing.assert_allclose(slerp(np.zeros(SIZE), z, 0.25), 0.25 * z)

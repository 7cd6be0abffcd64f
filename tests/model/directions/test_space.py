from collections.abc import Callable

import numpy as np
import pytest

from gansynth_live.model.bundle import Bundle, default_bundle_path, load_bundle
from gansynth_live.model.directions.space import strengths, strongest


@pytest.fixture(params=["default", "small"])
def bundle(request: pytest.FixtureRequest) -> Bundle:
    if request.param == "default":
        return load_bundle(default_bundle_path())
    imported: Callable[[str], Bundle] = request.getfixturevalue("imported")
    return imported("small")


def test_they_are_the_singular_vectors_of_the_layers_scaled_alike(bundle: Bundle) -> None:
    size = bundle.spec.latent_size
    layers = bundle.spec.family.first_layers(bundle.weights, size)
    stacked = np.concatenate([layer / np.linalg.norm(layer) for layer in layers])
    assert stacked.shape[1] == size
    _, values, vectors = np.linalg.svd(stacked.astype(np.float64), full_matrices=False)
    got = strongest(bundle, 4)
    np.testing.assert_allclose(np.abs(np.sum(got * vectors[:4], axis=1)), 1, atol=1e-3)
    expected = values[:4] / np.sqrt(np.square(values).sum() / size)
    np.testing.assert_allclose(strengths(bundle, got), expected, rtol=1e-3)
    assert (got.max(axis=1) >= -got.min(axis=1)).all()


def test_a_progressive_first_layer_is_what_the_latent_meets(
    imported: Callable[[str], Bundle],
) -> None:
    bundle = imported("small")
    size = bundle.spec.latent_size
    (layer,) = bundle.spec.family.first_layers(bundle.weights, size)
    kernel = bundle.weights["block_1.conv0.kernel"]
    latent = np.random.default_rng(1).standard_normal(size)
    expected = np.einsum("hwio,i->hwo", kernel[:, :, :size], latent)
    np.testing.assert_allclose(layer @ latent, expected.ravel(), rtol=1e-4, atol=1e-5)

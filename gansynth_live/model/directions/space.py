"""The directions that a model's first layers answer to most, from its weights alone.

After "Closed-Form Factorization of Latent Semantics in GANs" (Shen and Zhou, arXiv 2007.06600): the
singular vectors of the columns that the latent meets. They hold at every pitch, since the pitch
enters those layers through columns of its own.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.bundle import Bundle

Floats = NDArray[np.float64]


def strongest(bundle: Bundle, count: int) -> Floats:
    """Singular vectors float64 [count, latent_size], orthonormal, the strongest first.

    Fewer if a latent has fewer elements. Each one's largest element is positive.
    """
    _, vectors = np.linalg.eigh(_gram(bundle))
    chosen: Floats = vectors.T[::-1][:count]
    largest = np.take_along_axis(chosen, np.abs(chosen).argmax(axis=1)[:, None], axis=1)
    return chosen * np.sign(largest)


def strengths(bundle: Bundle, vectors: Floats) -> Floats:
    """How much the first layers answer to unit vectors [k, latent_size]: 1 on average, [k].

    For a singular vector: its singular value over the root mean square of all of them.
    """
    gram = _gram(bundle)
    power = np.einsum("ki,ij,kj->k", vectors, gram, vectors) * len(gram) / np.trace(gram)
    strong: Floats = np.sqrt(np.maximum(power, 0.0))
    return strong


def _gram(bundle: Bundle) -> Floats:
    """Sum of the layers' Gram matrices [latent_size, latent_size]; each layer counts alike."""
    size = bundle.spec.latent_size
    total = np.zeros((size, size))
    for kernel in bundle.spec.family.first_layers(bundle.weights, size):
        columns = kernel.astype(np.float64)
        total += columns.T @ columns / max(float(np.square(columns).sum()), 1e-30)
    return total

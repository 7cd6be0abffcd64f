"""Arithmetic on the sphere where latents live.

The generator's first act is a pixel norm over latent and pitch together, so the length of a latent
is the ratio of timbre to pitch. A plain mean of two independent latents is 1.4 times too short;
blends here keep the length sqrt(latent size), and change it only when `focus` asks for it.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Latent = NDArray[np.float32]

NEGLIGIBLE = 1e-6  # relative to the sphere's radius: below it a sum has no direction left


def radius(size: int) -> float:
    """Length of a latent of `size` elements: what a standard normal vector has on average."""
    return float(np.sqrt(size))


def project(latent: NDArray[np.floating], focus: float = 1.0) -> Latent:
    """The latent [size] scaled to the sphere of radius sqrt(size) times `focus`, float32.

    A zero vector has no direction and stays zero.
    """
    wide = np.asarray(latent, np.float64)
    length = float(np.linalg.norm(wide))
    if length < NEGLIGIBLE * radius(wide.size):
        return np.zeros(wide.size, np.float32)
    return (wide * (focus * radius(wide.size) / length)).astype(np.float32)


def weighted(latents: NDArray[np.floating], weights: Sequence[float], focus: float = 1.0) -> Latent:
    """Blend of latents [k, size] by non-negative weights [k], back on the sphere, float32 [size].

    Each latent counts by its direction, so the result depends on the weights only. Where directions
    cancel out (opposite latents, equal weights) no blend exists: the heaviest one, the first of
    equals, is returned.
    """
    directions = np.stack([project(latent).astype(np.float64) for latent in latents])
    parts = np.asarray(weights, np.float64)
    total = (parts / parts.sum()) @ directions
    if float(np.linalg.norm(total)) < NEGLIGIBLE * radius(total.size):
        total = directions[int(np.argmax(parts))]
    return project(total, focus)


def moved(
    latent: Latent, moves: Iterable[tuple[NDArray[np.floating], float]], focus: float = 1.0
) -> Latent:
    """The latent [size] after steps along unit vectors, back on the sphere.

    A step is (vector [size], amount); an amount of 1 is as long as the sphere's radius, so that it
    turns a latent at a right angle to the vector by 45 degrees.
    """
    place = latent.astype(np.float64)
    for vector, amount in moves:
        place += amount * radius(latent.size) * np.asarray(vector, np.float64)
    return project(place, focus)


def slerp(
    start: NDArray[np.floating], stop: NDArray[np.floating], position: float
) -> NDArray[np.float64]:
    """Spherical interpolation from `start` (position 0) to `stop` (1), both [size]; finite always.

    Lengths are mixed as they are, as Magenta's `generate_util.slerp` does. Where that divides by
    zero: equal directions and zero vectors are interpolated linearly, opposite ones turn through a
    fixed perpendicular direction.
    """
    a, b = np.asarray(start, np.float64), np.asarray(stop, np.float64)
    lengths = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if min(lengths) == 0.0:
        return (1.0 - position) * a + position * b
    cosine = float(np.clip(a @ b / (lengths[0] * lengths[1]), -1.0, 1.0))
    angle = float(np.arccos(cosine))
    if np.sin(angle) < NEGLIGIBLE and cosine < 0.0:
        length = (1.0 - position) * lengths[0] + position * lengths[1]
        turned = np.cos(np.pi * position) * a / lengths[0] + np.sin(np.pi * position) * _aside(a)
        return np.asarray(length * turned, np.float64)
    if np.sin(angle) < NEGLIGIBLE:
        return (1.0 - position) * a + position * b
    return np.asarray(
        (np.sin((1.0 - position) * angle) * a + np.sin(position * angle) * b) / np.sin(angle),
        np.float64,
    )


def _aside(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """A unit vector at a right angle: the axis that `vector` leans on least, made perpendicular."""
    unit = vector / np.linalg.norm(vector)
    axis = np.zeros_like(unit)
    axis[int(np.argmin(np.abs(unit)))] = 1.0
    across = axis - (axis @ unit) * unit
    return np.asarray(across / np.linalg.norm(across), np.float64)

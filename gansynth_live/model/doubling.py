"""Doubling an image and convolving it with 3x3 taps, as one 2x2 convolution of the small image.

Each place between four pixels of the small image makes four pixels of the doubled one.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.graph import Graph

# Taps of the 2 that each of the 3 falls on, for the odd and for the even one of a pair of pixels.
TAPS = np.array([[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1]]], np.float64)


def merged_kernel(kernel: NDArray[np.floating]) -> NDArray[np.float32]:
    """Doubling followed by a convolution [3, 3, in, out], as a 2x2 one [2 * out * 2, in, 2, 2].

    On an image with a border of one zero, output (y, x) holds four pixels of the doubled image,
    columns 2x-1, 2x (slowest) and rows 2y-1, 2y (fastest) in its channels. An odd pixel 2y-1 sees
    source rows y-1, y through taps (k0 + k1, k2), an even one through (k0, k1 + k2).
    """
    merged = np.einsum("ahi,bwj,ijcd->bdachw", TAPS, TAPS, np.asarray(kernel, np.float64))
    taps_last: NDArray[np.float32] = merged.reshape(-1, kernel.shape[2], 2, 2).astype(np.float32)
    return taps_last


def merged_bias(bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bias of `merged_kernel`'s channels."""
    return np.tile(np.repeat(bias, 2), 2)


def pixel_groups(channels: int) -> NDArray[np.float64]:
    """Which of `merged_kernel`'s channels belong to each of the four pixels, [4, channels * 4]."""
    pair = np.eye(2)
    groups: NDArray[np.float64] = np.kron(pair, np.tile(pair, channels)).astype(np.float64)
    return groups


def spread(graph: Graph, x: str, channels: int, width: int) -> str:
    """The doubled image [n, channels, rows, width] whose pixels are in `x`'s channels by fours.

    The same as DepthToSpace, in two steps that the runtime has fast ways for.
    """
    notes = graph.add("Shape", x, end=1)
    x = graph.add("Reshape", x, graph.constant([-1, 2, 0, 0]))
    x = graph.add("Transpose", x, perm=[0, 2, 1, 3])
    columns = graph.add("Concat", notes, graph.constant([2, -1]), axis=0)
    x = graph.add("Transpose", graph.add("Reshape", x, columns), perm=[0, 2, 1])
    image = graph.add("Concat", notes, graph.constant([channels, -1, width]), axis=0)
    return graph.add("Reshape", x, image)

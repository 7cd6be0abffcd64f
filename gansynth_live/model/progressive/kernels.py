"""Kernels as the graph wants them: scaled, transposed, merged with the upscaling before them."""

import numpy as np
from numpy.typing import NDArray

HIDDEN_GAIN = 2.0
OUTPUT_GAIN = 1.0  # the output convolutions are scaled as if their activation had slope 1

Kernel = NDArray[np.float32]


def scaled(kernel: Kernel, gain: float) -> NDArray[np.float64]:
    """Kernel [height, width, in, out] times its runtime factor sqrt(gain / fan_in), float64."""
    fan_in = kernel.shape[0] * kernel.shape[1] * kernel.shape[2]
    product: NDArray[np.float64] = kernel.astype(np.float64) * np.sqrt(gain / fan_in)
    return product


def convolution(kernel: Kernel, gain: float = HIDDEN_GAIN) -> Kernel:
    """Scaled kernel in ONNX order [out, in, height, width]."""
    return scaled(kernel, gain).transpose(3, 2, 0, 1).astype(np.float32)


def dense_start(kernel: Kernel) -> Kernel:
    """Block 1's first kernel as a matrix [in, out * height * width].

    Only one pixel of the padded image is not zero, so output (t, f) sees the kernel's element
    (height - 1 - t, width - 1 - f).
    """
    flipped = scaled(kernel, HIDDEN_GAIN)[::-1, ::-1]
    inputs = kernel.shape[2]
    return flipped.transpose(2, 3, 0, 1).reshape(inputs, -1).astype(np.float32)


def merged_upscale(kernel: Kernel) -> Kernel:
    """Doubling followed by a 3x3 convolution, as one 2x2 convolution [2 * out * 2, in, 2, 2].

    On an image with a border of one zero, output (y, x) holds four pixels of the doubled image,
    columns 2x-1, 2x (slowest) and rows 2y-1, 2y (fastest) in its channels. An odd pixel 2y-1 sees
    source rows y-1, y through taps (k0 + k1, k2), an even one through (k0, k1 + k2).
    """
    taps = np.array([[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1]]], np.float64)
    merged = np.einsum("ahi,bwj,ijcd->bdachw", taps, taps, scaled(kernel, HIDDEN_GAIN))
    taps_first: Kernel = merged.reshape(-1, kernel.shape[2], 2, 2).astype(np.float32)
    return taps_first


def merged_bias(bias: Kernel) -> Kernel:
    """Bias of `merged_upscale`'s channels."""
    return np.tile(np.repeat(bias, 2), 2)


def pixel_groups(channels: int) -> NDArray[np.float64]:
    """Which of `merged_upscale`'s channels belong to each of the four pixels, [4, channels * 4]."""
    pair = np.eye(2)
    groups: NDArray[np.float64] = np.kron(pair, np.tile(pair, channels)).astype(np.float64)
    return groups

"""Kernels as the graph wants them: scaled and transposed."""

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

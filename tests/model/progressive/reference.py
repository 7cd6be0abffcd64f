"""The generator written down directly, in float64, for any sizes: what the graphs must compute."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.progressive.settings import Progressive

Image = NDArray[np.float64]


def output(bundle: Bundle, z: NDArray[np.float32], pitch: int) -> Image:
    """The network's output for one note before the normaliser is undone, [frames, mel_bins, 2]."""
    spec = bundle.spec
    settings = spec.family
    assert isinstance(settings, Progressive)
    weights = {name: tensor.astype(np.float64) for name, tensor in bundle.weights.items()}
    onehot = np.zeros(spec.pitches)
    onehot[pitch - spec.low_pitch] = 1
    kernel = weights["block_1.conv0.kernel"]
    x = np.zeros((2 * kernel.shape[0] - 1, 2 * kernel.shape[1] - 1, kernel.shape[2]))
    x[kernel.shape[0] - 1, kernel.shape[1] - 1] = _norm(np.concatenate([z, onehot]))
    total = np.zeros((spec.frames, spec.mel_bins, 2))
    for block, alpha in enumerate(settings.alphas, 1):
        name = f"block_{block}"
        x = x if block == 1 else _pad(_doubled(x, 2))
        for layer in ("conv0", "conv1"):
            kernel, bias = weights[f"{name}.{layer}.kernel"], weights[f"{name}.{layer}.bias"]
            x = x if layer == "conv0" else _pad(x)
            x = _norm(_leaky(_convolve(x, kernel, 2.0) + bias))
        if alpha:
            image = _convolve(x, weights[f"{name}.output.kernel"], 1.0)
            image = np.tanh(image + weights[f"{name}.output.bias"])
            total += alpha * _doubled(image, spec.frames // len(image))
    return total


def _convolve(x: Image, kernel: Image, gain: float) -> Image:
    height, width, inputs, _ = kernel.shape
    rows, columns = x.shape[0] - height + 1, x.shape[1] - width + 1
    taps = [(i, j) for i in range(height) for j in range(width)]
    total = sum(x[i : i + rows, j : j + columns] @ kernel[i, j] for i, j in taps)
    scaled: Image = np.asarray(total) * np.sqrt(gain / (height * width * inputs))
    return scaled


def _pad(x: Image) -> Image:
    return np.pad(x, ((1, 1), (1, 1), (0, 0)))


def _doubled(x: Image, factor: int) -> Image:
    return x.repeat(factor, axis=0).repeat(factor, axis=1)


def _leaky(x: Image) -> Image:
    return np.where(x > 0, x, 0.2 * x)


def _norm(x: Image) -> Image:
    return np.asarray(x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + 1e-8))

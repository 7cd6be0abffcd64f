"""The layers that a harmonic generator is made of, written into a graph."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.graph import Graph

SLOPE = 0.2
EPSILON = 1e-8

# Doubling an image and convolving it with 3x3 taps is one transposed convolution with 4x4 taps.
DOUBLED_TAPS = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], np.float64)


@dataclass(frozen=True)
class Layers:
    """Layers by the names of their tensors, `NAME.weight` and `NAME.bias`."""

    graph: Graph
    weights: Mapping[str, NDArray[np.float32]]

    def leaky(self, x: str) -> str:
        """Leaky ReLU."""
        return self.graph.add("LeakyRelu", x, alpha=SLOPE)

    def pixel_norm(self, x: str) -> str:
        """Every point divided by the root mean square of its channels (axis 1)."""
        graph = self.graph
        power = graph.add("ReduceMean", graph.add("Mul", x, x), graph.constant([1]))
        length = graph.add("Sqrt", graph.add("Add", power, graph.constant(EPSILON)))
        return graph.add("Div", x, length)

    def dense(self, name: str, x: str, *, scaled: bool = False) -> str:
        """Matrix and bias; `scaled`: by the runtime factor sqrt(2 / inputs)."""
        kernel = self._scaled(name) if scaled else self.weights[f"{name}.weight"]
        return self.graph.add("Gemm", x, self.graph.constant(kernel), self._bias(name), transB=1)

    def convolution(self, name: str, x: str) -> str:
        """3x3 convolution, zeros beyond the edges."""
        kernel = self.graph.constant(self._scaled(name))
        return self.graph.add("Conv", x, kernel, self._bias(name), pads=[1] * 4)

    def convolution_with_rows(
        self, name: str, x: str, rows: str, channels: int, height: int, gain: float = 1.0
    ) -> str:
        """3x3 convolution of x [n, channels, height, w] and of channels that are equal in all rows.

        `rows` is three of those equal rows, [n, extra, 3, w]. They show all there is: the two at
        the edges, where a row of zeros lies beyond, and one for all between.
        """
        graph = self.graph
        image, where = np.split(self._scaled(name, gain), [channels], axis=1)
        edges = graph.add("Conv", rows, graph.constant(where), self._bias(name), pads=[1] * 4)
        between = graph.constant([0, *[1] * (height - 2), 2])
        everywhere = graph.add("Gather", edges, between, axis=2)
        convolved = graph.add("Conv", x, graph.constant(image), pads=[1] * 4)
        return graph.add("Add", convolved, everywhere)

    def doubled_convolution(self, name: str, x: str) -> str:
        """Image doubled in both directions, then 3x3 convolution."""
        kernel = self._scaled(name)
        merged = np.einsum("yi,xj,oaij->aoyx", DOUBLED_TAPS, DOUBLED_TAPS, kernel)
        kernel_name, bias = self.graph.constant(merged), self._bias(name)
        return self.graph.add("ConvTranspose", x, kernel_name, bias, strides=[2, 2], pads=[1] * 4)

    def convolution_in_time(self, name: str, x: str) -> str:
        """Three taps over the last axis of [n, channels, time], unscaled."""
        kernel = self.graph.constant(self.weights[f"{name}.weight"])
        return self.graph.add("Conv", x, kernel, self._bias(name), pads=[1, 1])

    def _scaled(self, name: str, gain: float = 1.0) -> NDArray[np.float32]:
        kernel = self.weights[f"{name}.weight"]
        factor = np.float32(gain * (2.0 / kernel[0].size) ** 0.5)
        scaled: NDArray[np.float32] = kernel * factor
        return scaled

    def _bias(self, name: str) -> str:
        return self.graph.constant(self.weights[f"{name}.bias"])


def stretching(size: int, wanted: int) -> NDArray[np.float64]:
    """Matrix [size, wanted] of linear interpolation between pixel centres, ends held."""
    place = np.clip((np.arange(wanted) + 0.5) * size / wanted - 0.5, 0, size - 1)
    distance = np.abs(np.arange(size)[:, None] - place)
    return np.maximum(0.0, 1.0 - distance)


def layer_shapes(name: str, *shape: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a layer's kernel [out, in, ...] and bias [out]."""
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}

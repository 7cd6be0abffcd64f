"""The layers that a harmonic generator is made of, written into a graph.

Images are [n, channels, rows, columns]. Layers that see neighbouring rows take them as they come,
one more at each end than they give back: zeros where the image ends, which the caller adds. So the
same graph makes any window of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.doubling import merged_bias, merged_kernel, spread
from gansynth_live.model.graph import Graph

SLOPE = 0.2
EPSILON = 1e-8


@dataclass(frozen=True)
class Layers:
    """Layers by the names of their tensors, `NAME.weight` and `NAME.bias`."""

    graph: Graph
    weights: Mapping[str, NDArray[np.float32]]

    def leaky(self, x: str) -> str:
        """Leaky ReLU."""
        return self.graph.add("LeakyRelu", x, alpha=SLOPE)

    def pixel_norm(self, x: str) -> str:
        """Every vector of [n, channels] divided by its root mean square."""
        graph = self.graph
        power = graph.add("ReduceMean", graph.add("Mul", x, x), graph.constant([1]))
        length = graph.add("Sqrt", graph.add("Add", power, graph.constant(EPSILON)))
        return graph.add("Div", x, length)

    def normalised(self, x: str, channels: int) -> str:
        """Every point of an image divided by the root mean square of its channels."""
        graph = self.graph
        # A 1x1 convolution takes the mean several times as fast as a reduction.
        mean = graph.constant(np.full((1, channels, 1, 1), 1 / channels))
        power = graph.add("Conv", graph.add("Mul", x, x), mean)
        length = graph.add("Sqrt", graph.add("Add", power, graph.constant(EPSILON)))
        return graph.add("Div", x, length)

    def modulated(self, x: str, film: str, channels: int) -> str:
        """Leaky ReLU, normalisation, then `film` [n, 2 * channels, 1, 1]: gain and shift."""
        graph = self.graph
        gain, shift = graph.split("Split", 2, film, axis=1, num_outputs=2)
        scaled = graph.add("Mul", self.normalised(self.leaky(x), channels), gain)
        return graph.add("Add", scaled, shift)

    def dense(self, name: str, x: str, *, scaled: bool = False) -> str:
        """Matrix and bias; `scaled`: by the runtime factor sqrt(2 / inputs)."""
        kernel = self._scaled(name) if scaled else self.weights[f"{name}.weight"]
        return self.graph.add("Gemm", x, self.graph.constant(kernel), self._bias(name), transB=1)

    def convolution(self, name: str, x: str, *, beyond: int = 0) -> str:
        """3x3 convolution of rows; with `beyond`, that many rows of zeros are added at each end."""
        kernel = self.graph.constant(self._scaled(name))
        return self.graph.add("Conv", x, kernel, self._bias(name), pads=[beyond, 1] * 2)

    def convolution_with_places(
        self, name: str, x: str, places: str, channels: int, gain: float = 1.0
    ) -> str:
        """3x3 convolution of rows of `channels`, plus what the others gave: `places`, as large."""
        kernel = self.graph.constant(self._scaled(name, gain)[:, :channels])
        return self.graph.add("Add", self.graph.add("Conv", x, kernel, pads=[0, 1, 0, 1]), places)

    def places(self, name: str, rows: str, channels: int, gain: float = 1.0) -> str:
        """What the channels beyond the first `channels`, equal in all rows, give a convolution.

        `rows` is three of those equal rows. The result [n, out, 3, w] shows all there is: the row
        at each edge of the image, where zeros lie beyond, and one for all between.
        """
        kernel = self.graph.constant(self._scaled(name, gain)[:, channels:])
        return self.graph.add("Conv", rows, kernel, self._bias(name), pads=[1] * 4)

    def doubled_convolution(
        self, name: str, x: str, channels: int, width: int, *, beyond: int = 0
    ) -> str:
        """Image doubled in both directions, then 3x3 convolution.

        Rows s..e of an image `width` wide make rows 2s+1..2e of the doubled one, of `channels`.
        """
        graph, bias = self.graph, merged_bias(self.weights[f"{name}.bias"])
        kernel = merged_kernel(self._scaled(name).transpose(2, 3, 1, 0))
        pads = [beyond, 1] * 2
        x = graph.add("Conv", x, graph.constant(kernel), graph.constant(bias), pads=pads)
        x = spread(graph, x, channels, 2 * (width + 1))
        sides = [graph.constant([place]) for place in (1, -1, 3)]
        return graph.add("Slice", x, *sides)

    def convolution_in_time(self, name: str, x: str, *, beyond: int = 1) -> str:
        """Three taps, unscaled, over the steps of [n, channels, 1, steps]."""
        kernel = self.graph.constant(self.weights[f"{name}.weight"][:, :, None])
        return self.graph.add("Conv", x, kernel, self._bias(name), pads=[0, beyond] * 2)

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

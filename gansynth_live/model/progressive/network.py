"""The ONNX graphs of a progressive generator, from any block to any higher one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.doubling import merged_bias, merged_kernel, pixel_groups, spread
from gansynth_live.model.graph import FLOAT, INT64, Graph
from gansynth_live.model.normaliser import scale_and_offset
from gansynth_live.model.progressive.kernels import (
    HIDDEN_GAIN,
    OUTPUT_GAIN,
    convolution,
    dense_start,
    scaled,
)
from gansynth_live.model.progressive.rows import WHOLE, BlockRows, SlicePlan
from gansynth_live.model.progressive.settings import Progressive

SLOPE = 0.2
EPSILON = 1e-8


@dataclass(frozen=True)
class Network:
    """Builds graphs from a bundle.

    What flows between blocks is the activation of the block's last convolution, [n, channels,
    rows, columns], not yet normalised.
    """

    bundle: Bundle
    settings: Progressive

    def start_graph(self, to: int) -> bytes:
        """From latents [n, latent_size] and labels [n] to the whole image of block `to`."""
        graph = Graph()
        latent = graph.input("latent", FLOAT, ["notes", self.bundle.spec.latent_size])
        label = graph.input("label", INT64, ["notes"])
        x = self._first_block(graph, latent, label)
        return self._whole_blocks(graph, x, 1, to)

    def middle_graph(self, low: int, to: int) -> bytes:
        """From the whole image of block `low` to that of block `to`."""
        graph = Graph()
        x = graph.input("rows", FLOAT, ["notes", *self.shape(low)])
        return self._whole_blocks(graph, x, low, to)

    def frames_graph(self, low: int, plan: SlicePlan) -> bytes:
        """From some rows of block `low` to frames of mel-IF data [n, frames, mel_bins, 2]."""
        settings, spec = self.settings, self.bundle.spec
        channels, _, width = self.shape(low)
        graph = Graph()
        below = x = graph.input("rows", FLOAT, ["notes", channels, "height", width])
        for block, rows in enumerate(plan.blocks, low + 1):
            below, x = x, self._block(graph, x, block, rows)
        image = self._output(graph, x, settings.blocks)
        if len(settings.heard_blocks()) == 2:
            smaller = _enlarge(graph, self._output(graph, below, settings.blocks - 1), 2)
            smaller = _crop(graph, smaller, 2, plan.below_top, plan.below_bottom)
            image = graph.add("Add", image, smaller)
        image = _enlarge(graph, image, spec.mel_bins // self.shape(settings.blocks)[2])
        scale, offset = scale_and_offset(spec.normaliser, self.bundle.weights)
        image = graph.add("Sub", image, graph.constant(offset[None, :, None]))
        image = graph.add("Div", image, graph.constant(scale[None, :, None]))
        frames = graph.add("Transpose", image, perm=[0, 2, 3, 1])
        return graph.serialise({frames: ["notes", "frames", spec.mel_bins, 2]})

    def shape(self, block: int) -> tuple[int, int, int]:
        """Channels, rows and columns of a block's image."""
        settings, doublings = self.settings, block - 1
        return (
            settings.channels[block - 1],
            settings.start_frames << doublings,
            settings.start_bins << doublings,
        )

    def _whole_blocks(self, graph: Graph, x: str, low: int, to: int) -> bytes:
        for block in range(low + 1, to + 1):
            x = self._block(graph, x, block, WHOLE)
        return graph.serialise({x: ["notes", *self.shape(to)]})

    def _first_block(self, graph: Graph, latent: str, label: str) -> str:
        depth = graph.constant(self.bundle.spec.pitches)
        values = graph.constant(np.array([0.0, 1.0]))
        onehot = graph.add("OneHot", label, depth, values)
        v = graph.add("Concat", latent, onehot, axis=1)
        mean = graph.add("ReduceMean", graph.add("Mul", v, v), graph.constant([1]), keepdims=1)
        v = graph.add("Div", v, graph.add("Sqrt", graph.add("Add", mean, graph.constant(EPSILON))))
        kernel = graph.constant(dense_start(self._weight("block_1.conv0.kernel")))
        image = graph.constant([-1, *self.shape(1)])
        x = graph.add("Reshape", graph.add("MatMul", v, kernel), image)
        bias = graph.constant(self._weight("block_1.conv0.bias")[:, None, None])
        x = self._normalised(graph, _leaky(graph, graph.add("Add", x, bias)), 1)
        return self._second_convolution(graph, x, 1, pads=[1, 1, 1, 1])

    def _block(self, graph: Graph, x: str, block: int, rows: BlockRows) -> str:
        kernel = merged_kernel(scaled(self._weight(f"block_{block}.conv0.kernel"), HIDDEN_GAIN))
        bias = merged_bias(self._weight(f"block_{block}.conv0.bias"))
        pads = [int(rows.pad_top), 1, int(rows.pad_bottom), 1]
        x = graph.add(
            "Conv",
            self._normalised(graph, x, block - 1),
            graph.constant(kernel),
            graph.constant(bias),
            pads=pads,
        )
        x = _leaky(graph, x)
        channels, _, width = self.shape(block)
        inverse = _inverse_norm(graph, x, pixel_groups(channels))
        inverse = _crop(graph, spread(graph, inverse, 1, width + 2), 2, *rows.drops)
        x = _crop(graph, spread(graph, x, channels, width + 2), 2, *rows.drops)
        # The doubled image has one row and column too many on each side: made zero, they are the
        # padding that the next convolution needs.
        top, bottom = int(rows.edge_top), int(rows.edge_bottom)
        inverse = _crop(graph, _crop(graph, inverse, 2, top, bottom), 3, 1, 1)
        border = graph.constant([0, 0, top, 1, 0, 0, bottom, 1])
        x = graph.add("Mul", x, graph.add("Pad", inverse, border))
        return self._second_convolution(graph, x, block, pads=[0, 0, 0, 0])

    def _second_convolution(self, graph: Graph, x: str, block: int, pads: list[int]) -> str:
        kernel = graph.constant(convolution(self._weight(f"block_{block}.conv1.kernel")))
        bias = graph.constant(self._weight(f"block_{block}.conv1.bias"))
        return _leaky(graph, graph.add("Conv", x, kernel, bias, pads=pads))

    def _output(self, graph: Graph, x: str, block: int) -> str:
        kernel = convolution(self._weight(f"block_{block}.output.kernel"), OUTPUT_GAIN)
        bias = self._weight(f"block_{block}.output.bias")[:, None, None]
        # Normalising two channels after the convolution costs less than many before it.
        image = graph.add("Conv", x, graph.constant(kernel))
        image = graph.add(
            "Mul", image, _inverse_norm(graph, x, np.ones((1, self.settings.channels[block - 1])))
        )
        image = graph.add("Tanh", graph.add("Add", image, graph.constant(bias)))
        return graph.add("Mul", image, graph.constant(float(self.settings.alphas[block - 1])))

    def _normalised(self, graph: Graph, x: str, block: int) -> str:
        inverse = _inverse_norm(graph, x, np.ones((1, self.settings.channels[block - 1])))
        return graph.add("Mul", x, inverse)

    def _weight(self, name: str) -> NDArray[np.float32]:
        return self.bundle.weights[name]


def _leaky(graph: Graph, x: str) -> str:
    return graph.add("LeakyRelu", x, alpha=SLOPE)


def _inverse_norm(graph: Graph, x: str, groups: NDArray[np.float64]) -> str:
    """1 / sqrt(mean of x^2) over each group of channels; `groups` is [groups, channels], 0 or 1.

    The mean is taken by a 1x1 convolution: that keeps the image in the runtime's fast layout.
    """
    mean = groups / groups.sum(axis=1, keepdims=True)
    kernel = graph.constant(mean[:, :, None, None])
    mean_square = graph.add("Conv", graph.add("Mul", x, x), kernel)
    mean_square = graph.add("Add", mean_square, graph.constant(EPSILON))
    return graph.add("Reciprocal", graph.add("Sqrt", mean_square))


def _crop(graph: Graph, x: str, axis: int, start: int, end: int) -> str:
    """Drop `start` entries at the beginning of an axis and `end` at its end."""
    if not start and not end:
        return x
    stop = -end if end else np.iinfo(np.int64).max
    return graph.add(
        "Slice", x, graph.constant([start]), graph.constant([int(stop)]), graph.constant([axis])
    )


def _enlarge(graph: Graph, image: str, factor: int) -> str:
    """Repeat each pixel `factor` times along both axes."""
    if factor == 1:
        return image
    scales = graph.constant(np.array([1.0, 1.0, factor, factor]))
    return graph.add(
        "Resize",
        image,
        "",
        scales,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )

"""The ONNX graph of a harmonic generator: one latent and pitch to a whole note's mel-IF data.

The image is built, not only drawn: its power is the sum of a comb at the pitch, a comb at half the
pitch and noise, each under a learnt envelope, the first also under a learnt level for each harmonic
number and frame. The instantaneous frequency is a perfect harmonic's plus a residual.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.graph import FLOAT, INT64, Graph
from gansynth_live.model.harmonic.settings import (
    DOUBLINGS,
    PARTIAL_CHANNELS,
    PARTIAL_STEPS,
    START_BINS,
    START_FRAMES,
    STYLE,
    Harmonic,
)
from gansynth_live.model.harmonic.tables import PitchTables, pitch_tables
from gansynth_live.model.normaliser import scale_and_offset

SLOPE = 0.2
EPSILON = 1e-8
HIDDEN_GAIN, OUTPUT_GAIN = 1.0, 0.3
PITCH_EMPHASIS = 4.0  # of the one-hot pitch beside the latent
LEVEL_SCALE = 4.0  # of the harmonic levels, which are logarithms of power
RESIDUAL_DEPTH = 0.4  # of the free residual, in the network's scaled log power

# Doubling an image and convolving it with 3x3 taps is one transposed convolution with 4x4 taps.
DOUBLED_TAPS = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], np.float64)


def build_graph(bundle: Bundle, settings: Harmonic) -> bytes:
    """Latent [notes, latent_size] and label (pitch from the lowest, [notes]) to mel-IF data.

    The output is float32 [notes, 2, frames, mel_bins]: ln of mel power, frequency in units of pi.
    """
    tables = pitch_tables(bundle.spec, settings.partials)
    return _Network(bundle, settings, tables).write()


@dataclass
class _Network:
    bundle: Bundle
    settings: Harmonic
    tables: PitchTables
    graph: Graph = field(default_factory=Graph)

    def write(self) -> bytes:
        spec, graph = self.bundle.spec, self.graph
        latent = graph.input("latent", FLOAT, ["notes", spec.latent_size])
        label = graph.input("label", INT64, ["notes"])
        hot = graph.constant(PITCH_EMPHASIS * np.eye(spec.pitches))
        told = graph.add("Concat", latent, graph.add("Gather", hot, label), axis=1)
        told = self._pixel_norm(told)
        style = self._leaky(self._dense("w2", self._leaky(self._dense("w1", told))))
        planes = self._stages(told, style, label)
        levels = self._levels(style, label)
        image = self._image(planes, levels, label)
        return graph.serialise({image: ["notes", 2, spec.frames, spec.mel_bins]})

    def _stages(self, told: str, style: str, label: str) -> str:
        """The convolutions: planes [n, channels, frames / up, mel_bins / up]."""
        graph, channels = self.graph, self.settings.channels
        coordinates = self._coordinates(label)
        film = iter(self._modulation(style))
        x = self._dense("first", told, (2.0 / _inputs(self.bundle.weights["first.weight"])) ** 0.5)
        start = graph.constant([-1, channels[0], START_FRAMES, START_BINS])
        x = self._pixel_norm(self._leaky(graph.add("Reshape", x, start)))
        x = self._modulated(self._convolution("c01", x), next(film))
        for i in range(DOUBLINGS):
            x = self._modulated(self._doubled_convolution(f"a.{i}", x), next(film))
            told_where = coordinates if i == DOUBLINGS - 1 else None
            x = self._modulated(self._convolution(f"b.{i}", x, told_where), next(film))
        return self._convolution("out", x, coordinates, OUTPUT_GAIN)

    def _levels(self, style: str, label: str) -> str:
        """Log power [n, frames, mel_bins] that each bin's nearest harmonic has over time."""
        graph, frames = self.graph, self.bundle.spec.frames
        steps = graph.constant([-1, PARTIAL_CHANNELS[0], PARTIAL_STEPS])
        x = graph.add("Reshape", self._leaky(self._dense("p0", style)), steps)
        size = PARTIAL_STEPS
        for name in ("p1", "p2", "p3"):
            if name != "p3":
                x = graph.add("MatMul", x, graph.constant(_stretching(size, 2 * size)))
                size *= 2
            x = self._convolution_in_time(name, x)
            x = x if name == "p3" else self._leaky(x)
        x = graph.add("MatMul", x, graph.constant(LEVEL_SCALE * _stretching(size, frames)))
        # One more row of zeros serves the bins that have no harmonic of their own.
        x = graph.add("Pad", x, graph.constant([0, 0, 0, 0, 1, 0]))
        nearest = graph.add("Gather", graph.constant(self.tables.harmonic[..., None]), label)
        gathered = graph.add("GatherND", x, nearest, batch_dims=1)
        return graph.add("Transpose", gathered, perm=[0, 2, 1])

    def _image(self, planes: str, levels: str, label: str) -> str:
        """Envelopes, combs, levels and residuals put together: [n, 2, frames, mel_bins]."""
        graph, spec = self.graph, self.bundle.spec
        scale, offset = (
            float(row[0, 0]) for row in scale_and_offset(spec.normaliser, self.bundle.weights)
        )
        residual_count = self.settings.residual_channels
        counts = graph.constant([residual_count, 3 * self.settings.up[0]])
        residual, envelope = graph.split("Split", 2, planes, counts, axis=1)
        magnitude, frequency = self._residuals(residual)
        harmonic, octave, noise = self._envelopes(envelope, scale, offset)
        combs = graph.add("Gather", graph.constant(self.bundle.weights["combs"]), label)
        comb, half_comb = graph.split("Split", 2, combs, axis=1, num_outputs=2)
        # No maximum is taken out: what over- or underflows here is clipped below.
        parts = [
            graph.add("Add", graph.add("Add", harmonic, levels), comb),
            graph.add("Add", octave, half_comb),
            noise,
        ]
        power = graph.add("Sum", *(graph.add("Exp", part) for part in parts))
        depth = graph.constant(RESIDUAL_DEPTH / scale)
        power = graph.add("Add", graph.add("Log", power), graph.add("Mul", magnitude, depth))
        lowest, highest = (-1.0 - offset) / scale, (1.0 - offset) / scale
        power = graph.add("Clip", power, graph.constant(lowest), graph.constant(highest))
        perfect = graph.add("Gather", graph.constant(self.tables.frequency[:, None]), label)
        turns = self._wrapped(graph.add("Add", perfect, frequency))
        axis = graph.constant([1])
        return graph.add(
            "Concat",
            graph.add("Unsqueeze", power, axis),
            graph.add("Unsqueeze", turns, axis),
            axis=1,
        )

    def _residuals(self, planes: str) -> list[str]:
        """Two images [n, frames, mel_bins], each point of the planes spread over `up` pixels."""
        graph, spec = self.graph, self.bundle.spec
        up, across = self.settings.up
        height, width = spec.frames // up, spec.mel_bins // across
        apart = graph.constant([-1, 2, up, across, height, width])
        spread = graph.add("Reshape", graph.add("Tanh", planes), apart)
        spread = graph.add("Transpose", spread, perm=[0, 1, 4, 2, 5, 3])
        whole = graph.constant([-1, 2, spec.frames, spec.mel_bins])
        return self._channels(graph.add("Reshape", spread, whole), 2)

    def _envelopes(self, planes: str, scale: float, offset: float) -> list[str]:
        """Three smooth log powers [n, frames, mel_bins]."""
        graph, spec = self.graph, self.bundle.spec
        up, across = self.settings.up
        height, width = spec.frames // up, spec.mel_bins // across
        apart = graph.constant([-1, 3, up, height, width])
        spread = graph.add("Reshape", planes, apart)
        spread = graph.add("Transpose", spread, perm=[0, 1, 3, 2, 4])
        spread = graph.add("Reshape", spread, graph.constant([-1, 3, spec.frames, width]))
        spread = graph.add("Sub", spread, graph.constant(offset))
        spread = graph.add("Div", spread, graph.constant(scale))
        factors = graph.constant(np.array([1, 1, 1, across], np.float32))
        return self._channels(graph.add("Resize", spread, "", factors, mode="linear"), 3)

    def _channels(self, image: str, count: int) -> list[str]:
        """[n, count, ...] taken apart into `count` of [n, ...]."""
        parts = self.graph.split("Split", count, image, axis=1, num_outputs=count)
        axis = self.graph.constant([1])
        return [self.graph.add("Squeeze", part, axis) for part in parts]

    def _coordinates(self, label: str) -> str:
        """Three equal rows [n, channels, 3, bins] of the coordinates of each last-stage bin."""
        pitches, rows, mel_bins = self.tables.coordinates.shape
        across = self.settings.up[1]
        folded = self.tables.coordinates.reshape(pitches, rows, mel_bins // across, across)
        folded = folded.transpose(0, 1, 3, 2).reshape(pitches, rows * across, 1, -1)
        one = self.graph.add("Gather", self.graph.constant(folded), label)
        return self.graph.add("Concat", one, one, one, axis=2)

    def _modulation(self, style: str) -> list[str]:
        """Gain and shift [n, 2 * channels, 1, 1] of each modulated convolution."""
        weights, counts = self.bundle.weights, self.settings.modulated()
        kernels, biases = [], []
        for i, count in enumerate(counts):
            kernels.append(weights[f"film.{i}.weight"])
            one_plus = np.repeat(np.float32([1, 0]), count)
            biases.append(weights[f"film.{i}.bias"] + one_plus)
        graph = self.graph
        kernel, bias = graph.constant(np.concatenate(kernels)), np.concatenate(biases)
        film = graph.add("Gemm", style, kernel, graph.constant(bias), transB=1)
        film = graph.add("Unsqueeze", film, graph.constant([2, 3]))
        sizes = graph.constant([2 * count for count in counts])
        return graph.split("Split", len(counts), film, sizes, axis=1)

    def _modulated(self, x: str, film: str) -> str:
        gain, shift = self.graph.split("Split", 2, film, axis=1, num_outputs=2)
        scaled = self.graph.add("Mul", self._pixel_norm(self._leaky(x)), gain)
        return self.graph.add("Add", scaled, shift)

    def _pixel_norm(self, x: str) -> str:
        graph = self.graph
        power = graph.add("ReduceMean", graph.add("Mul", x, x), graph.constant([1]))
        length = graph.add("Sqrt", graph.add("Add", power, graph.constant(EPSILON)))
        return graph.add("Div", x, length)

    def _leaky(self, x: str) -> str:
        return self.graph.add("LeakyRelu", x, alpha=SLOPE)

    def _wrapped(self, turns: str) -> str:
        """Angles in units of pi brought into [-1, 1)."""
        graph = self.graph
        halves = graph.add("Mul", graph.add("Add", turns, graph.constant(1.0)), graph.constant(0.5))
        whole = graph.add("Mul", graph.add("Floor", halves), graph.constant(2.0))
        return graph.add("Sub", turns, whole)

    def _dense(self, name: str, x: str, scale: float = 1.0) -> str:
        kernel = self.graph.constant(self.bundle.weights[f"{name}.weight"] * scale)
        return self.graph.add("Gemm", x, kernel, self._bias(name), transB=1)

    def _convolution(
        self, name: str, x: str, coordinates: str | None = None, gain: float = HIDDEN_GAIN
    ) -> str:
        """3x3 convolution of x, and of the coordinates as if they were further channels.

        The coordinates are equal in all rows, so three rows show all there is: the two at the
        edges, where a row of zeros is beyond, and one for all between.
        """
        kernel = _scaled(self.bundle.weights[f"{name}.weight"], gain)
        bias = self._bias(name)
        if coordinates is None:
            return self.graph.add("Conv", x, self.graph.constant(kernel), bias, pads=[1] * 4)
        own = kernel.shape[1] - self.settings.coordinate_channels
        image, where = (self.graph.constant(part) for part in np.split(kernel, [own], axis=1))
        edges = self.graph.add("Conv", coordinates, where, bias, pads=[1] * 4)
        height = START_FRAMES << DOUBLINGS
        rows = self.graph.constant([0, *[1] * (height - 2), 2])
        everywhere = self.graph.add("Gather", edges, rows, axis=2)
        return self.graph.add("Add", self.graph.add("Conv", x, image, pads=[1] * 4), everywhere)

    def _doubled_convolution(self, name: str, x: str) -> str:
        kernel = _scaled(self.bundle.weights[f"{name}.weight"], HIDDEN_GAIN)
        merged = np.einsum("yi,xj,oaij->aoyx", DOUBLED_TAPS, DOUBLED_TAPS, kernel)
        return self.graph.add(
            "ConvTranspose",
            x,
            self.graph.constant(merged),
            self._bias(name),
            strides=[2, 2],
            pads=[1] * 4,
        )

    def _convolution_in_time(self, name: str, x: str) -> str:
        kernel = self.graph.constant(self.bundle.weights[f"{name}.weight"])
        return self.graph.add("Conv", x, kernel, self._bias(name), pads=[1, 1])

    def _bias(self, name: str) -> str:
        return self.graph.constant(self.bundle.weights[f"{name}.bias"])


def _inputs(kernel: NDArray[np.float32]) -> int:
    return int(np.prod(kernel.shape[1:]))


def _scaled(kernel: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    """The kernel times its runtime factor gain * sqrt(2 / inputs)."""
    return (kernel * gain * (2.0 / _inputs(kernel)) ** 0.5).astype(np.float32)


def _stretching(size: int, wanted: int) -> NDArray[np.float64]:
    """Matrix [size, wanted] of linear interpolation between pixel centres, ends held."""
    place = np.clip((np.arange(wanted) + 0.5) * size / wanted - 0.5, 0, size - 1)
    distance = np.abs(np.arange(size)[:, None] - place)
    return np.maximum(0.0, 1.0 - distance)

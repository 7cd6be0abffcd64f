"""The ONNX graph of a harmonic generator: one latent and pitch to a whole note's mel-IF data.

The image is built, not only drawn: its power is the sum of a comb at the pitch, a comb at half the
pitch and noise, each under a learnt envelope, the first also under a learnt level for each harmonic
number and frame. The instantaneous frequency is a perfect harmonic's plus a residual.
"""

from dataclasses import dataclass, field

import numpy as np

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.graph import FLOAT, INT64, Graph
from gansynth_live.model.harmonic.detail import LEVEL_SCALE, DetailHead
from gansynth_live.model.harmonic.layers import Layers, stretching
from gansynth_live.model.harmonic.settings import (
    DOUBLINGS,
    PARTIAL_CHANNELS,
    PARTIAL_STEPS,
    START_BINS,
    START_FRAMES,
    Harmonic,
)
from gansynth_live.model.harmonic.tables import PitchTables, pitch_tables
from gansynth_live.model.normaliser import scale_and_offset

OUTPUT_GAIN = 0.3
PITCH_EMPHASIS = 4.0  # of the one-hot pitch beside the latent
RESIDUAL_DEPTH = 0.4  # of the free residual, in the network's scaled log power


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

    def __post_init__(self) -> None:
        self.layers = Layers(self.graph, self.bundle.weights)

    def write(self) -> bytes:
        spec, graph = self.bundle.spec, self.graph
        latent = graph.input("latent", FLOAT, ["notes", spec.latent_size])
        label = graph.input("label", INT64, ["notes"])
        hot = graph.constant(PITCH_EMPHASIS * np.eye(spec.pitches))
        told = graph.add("Concat", latent, graph.add("Gather", hot, label), axis=1)
        told = self.layers.pixel_norm(told)
        style = self.layers.leaky(
            self.layers.dense("w2", self.layers.leaky(self.layers.dense("w1", told)))
        )
        planes = self._stages(told, style, label)
        levels = self._levels(style)
        if self.settings.detail is None:
            image = self._image(planes, self._by_partial(levels, label), None, None, label)
        else:
            head = DetailHead(
                self.settings.detail, self.settings.partials, spec.pitches, spec.mel_bins
            )
            finer, turns, bands = head.write(self.layers, latent, label)
            levels = self._by_partial(graph.add("Add", levels, finer), label)
            turns = self._by_partial(turns, label)
            image = self._image(planes, levels, turns, bands, label)
        return graph.serialise({image: ["notes", 2, spec.frames, spec.mel_bins]})

    def _stages(self, told: str, style: str, label: str) -> str:
        """The convolutions: planes [n, channels, frames / up, mel_bins / up]."""
        graph, layers, channels = self.graph, self.layers, self.settings.channels
        where = self._coordinates(label)
        last, height = channels[-1], START_FRAMES << DOUBLINGS
        film = iter(self._modulation(style))
        start = graph.constant([-1, channels[0], START_FRAMES, START_BINS])
        x = graph.add("Reshape", layers.dense("first", told, scaled=True), start)
        x = layers.pixel_norm(layers.leaky(x))
        x = self._modulated(layers.convolution("c01", x), next(film))
        for i in range(DOUBLINGS):
            x = self._modulated(layers.doubled_convolution(f"a.{i}", x), next(film))
            if i < DOUBLINGS - 1:
                x = layers.convolution(f"b.{i}", x)
            else:
                x = layers.convolution_with_rows(f"b.{i}", x, where, last, height)
            x = self._modulated(x, next(film))
        return layers.convolution_with_rows("out", x, where, last, height, OUTPUT_GAIN)

    def _levels(self, style: str) -> str:
        """Log power [n, partials, frames] of each harmonic number over time."""
        graph, frames = self.graph, self.bundle.spec.frames
        steps = graph.constant([-1, PARTIAL_CHANNELS[0], PARTIAL_STEPS])
        x = graph.add("Reshape", self.layers.leaky(self.layers.dense("p0", style)), steps)
        size = PARTIAL_STEPS
        for name in ("p1", "p2", "p3"):
            if name != "p3":
                x = graph.add("MatMul", x, graph.constant(stretching(size, 2 * size)))
                size *= 2
            x = self.layers.convolution_in_time(name, x)
            x = x if name == "p3" else self.layers.leaky(x)
        return graph.add("MatMul", x, graph.constant(LEVEL_SCALE * stretching(size, frames)))

    def _by_partial(self, values: str, label: str) -> str:
        """[n, partials, frames] to [n, frames, mel_bins]: each bin takes its nearest harmonic's."""
        graph = self.graph
        # One more row of zeros serves the bins that have no harmonic of their own.
        x = graph.add("Pad", values, graph.constant([0, 0, 0, 0, 1, 0]))
        nearest = graph.add("Gather", graph.constant(self.tables.harmonic[..., None]), label)
        gathered = graph.add("GatherND", x, nearest, batch_dims=1)
        return graph.add("Transpose", gathered, perm=[0, 2, 1])

    def _image(
        self, planes: str, levels: str, turns: str | None, bands: str | None, label: str
    ) -> str:
        """Envelopes, combs, levels and residuals put together: [n, 2, frames, mel_bins]."""
        graph, spec = self.graph, self.bundle.spec
        scale, offset = (
            float(row[0, 0]) for row in scale_and_offset(spec.normaliser, self.bundle.weights)
        )
        residual_count = self.settings.residual_channels
        counts = graph.constant([residual_count, 3 * self.settings.up[0]])
        residual, envelope = graph.split("Split", 2, planes, counts, axis=1)
        magnitude, frequency = self._residuals(residual)
        harmonic, octave, noise = self._envelopes(envelope, scale, offset, bands)
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
        turning = graph.add("Add", perfect, frequency)
        turning = self._wrapped(turning if turns is None else graph.add("Add", turning, turns))
        axis = graph.constant([1])
        return graph.add(
            "Concat",
            graph.add("Unsqueeze", power, axis),
            graph.add("Unsqueeze", turning, axis),
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

    def _envelopes(self, planes: str, scale: float, offset: float, bands: str | None) -> list[str]:
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
        spread = graph.add("Resize", spread, "", factors, mode="linear")
        return self._channels(spread if bands is None else graph.add("Add", spread, bands), 3)

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
            one_plus = np.repeat(np.array([1, 0], np.float32), count)
            biases.append(weights[f"film.{i}.bias"] + one_plus)
        graph = self.graph
        kernel, bias = graph.constant(np.concatenate(kernels)), np.concatenate(biases)
        film = graph.add("Gemm", style, kernel, graph.constant(bias), transB=1)
        film = graph.add("Unsqueeze", film, graph.constant([2, 3]))
        sizes = graph.constant([2 * count for count in counts])
        return graph.split("Split", len(counts), film, sizes, axis=1)

    def _modulated(self, x: str, film: str) -> str:
        gain, shift = self.graph.split("Split", 2, film, axis=1, num_outputs=2)
        scaled = self.graph.add("Mul", self.layers.pixel_norm(self.layers.leaky(x)), gain)
        return self.graph.add("Add", scaled, shift)

    def _wrapped(self, turns: str) -> str:
        """Angles in units of pi brought into [-1, 1)."""
        graph = self.graph
        halves = graph.add("Mul", graph.add("Add", turns, graph.constant(1.0)), graph.constant(0.5))
        whole = graph.add("Mul", graph.add("Floor", halves), graph.constant(2.0))
        return graph.add("Sub", turns, whole)

"""The ONNX graphs of a harmonic generator: from a latent and pitch to rows of growing images.

A start for the whole note, then one graph for each further convolution, which takes any window of
rows. The last stage's rows and what the start said of levels make the frames (`image`).
"""

import numpy as np

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.graph import FLOAT, INT64, Graph, Shape
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

OUTPUT_GAIN = 0.3
PITCH_EMPHASIS = 4.0  # of the one-hot pitch beside the latent
WHOLE_DOUBLINGS = 1  # stages that a note begins with; so small that a window of them saves nothing


class Network:
    """Builds graphs from a bundle.

    Stages are numbered by their doublings: stage i is START_FRAMES << i rows high.
    """

    def __init__(self, bundle: Bundle, settings: Harmonic) -> None:
        self.bundle = bundle
        self.settings = settings
        self.tables: PitchTables = pitch_tables(bundle.spec, settings.partials)

    def height(self, stage: int) -> int:
        """Rows of a stage's image."""
        return START_FRAMES << stage

    def width(self, stage: int) -> int:
        """Columns of a stage's image."""
        return START_BINS << stage

    @property
    def head(self) -> DetailHead | None:
        """The refining head, if the model has one."""
        spec, settings = self.bundle.spec, self.settings
        if settings.detail is None:
            return None
        return DetailHead(settings.detail, settings.partials, spec.pitches, spec.mel_bins)

    def start_graph(self) -> bytes:
        """Latent [n, latent_size] and label [n] (pitch from the lowest) to what all frames share.

        Outputs: the first stages' image, the modulation of each later convolution, levels of the
        partials [n, partials, 1, frames], and the refining head's hidden frames, if there is one.
        """
        graph, spec = Graph(), self.bundle.spec
        layers = Layers(graph, self.bundle.weights)
        latent = graph.input("latent", FLOAT, ["notes", spec.latent_size])
        label = graph.input("label", INT64, ["notes"])
        hot = graph.constant(PITCH_EMPHASIS * np.eye(spec.pitches))
        told = graph.add("Concat", latent, graph.add("Gather", hot, label), axis=1)
        told = layers.pixel_norm(told)
        style = layers.leaky(layers.dense("w2", layers.leaky(layers.dense("w1", told))))
        film = self._modulation(graph, style)
        outputs: dict[str, Shape] = {
            self._first_stages(layers, told, film): ["n", "channels", "rows", "columns"]
        }
        outputs |= {name: ["n", "twice", 1, 1] for name in film[1 + 2 * WHOLE_DOUBLINGS :]}
        outputs[self._levels(layers, style)] = ["n", self.settings.partials, 1, spec.frames]
        if self.head:
            hidden = self.head.start(layers, latent, label)
            outputs[hidden] = ["n", "hidden", 1, spec.frames + 2]
        return graph.serialise(outputs)

    def doubling_graph(self, stage: int) -> bytes:
        """Rows of the stage before and modulation to rows: see `Layers.doubled_convolution`."""
        before, after = self.settings.channels[stage - 1 : stage + 1]
        graph = Graph()
        rows = graph.input("rows", FLOAT, ["notes", before, "height", self.width(stage - 1)])
        film = graph.input("film", FLOAT, ["notes", 2 * after, 1, 1])
        layers = Layers(graph, self.bundle.weights)
        x = layers.doubled_convolution(f"a.{stage - 1}", rows, after, self.width(stage - 1))
        x = layers.modulated(x, film, after)
        return graph.serialise({x: ["notes", after, "rows", self.width(stage)]})

    def convolution_graph(self, stage: int) -> bytes:
        """Rows of a stage and modulation to two rows less; the last stage takes `places` too."""
        channels, width = self.settings.channels[stage], self.width(stage)
        graph = Graph()
        rows = graph.input("rows", FLOAT, ["notes", channels, "height", width])
        film = graph.input("film", FLOAT, ["notes", 2 * channels, 1, 1])
        layers, name = Layers(graph, self.bundle.weights), f"b.{stage - 1}"
        if stage < DOUBLINGS:
            x = layers.convolution(name, rows)
        else:
            places = graph.input("places", FLOAT, ["notes", channels, "rows", width])
            x = layers.convolution_with_places(name, rows, places, channels)
        x = layers.modulated(x, film, channels)
        return graph.serialise({x: ["notes", channels, "rows", width]})

    def places_graph(self) -> bytes:
        """Label [n] to what the coordinates give the last two convolutions (`Layers.places`)."""
        graph, last = Graph(), self.settings.channels[-1]
        layers = Layers(graph, self.bundle.weights)
        pitches, rows, mel_bins = self.tables.coordinates.shape
        across = self.settings.up[1]
        folded = self.tables.coordinates.reshape(pitches, rows, mel_bins // across, across)
        folded = folded.transpose(0, 1, 3, 2).reshape(pitches, rows * across, 1, -1)
        label = graph.input("label", INT64, ["notes"])
        row = graph.add("Gather", graph.constant(folded), label)
        row = graph.add("Concat", row, row, row, axis=2)
        return graph.serialise(
            {
                layers.places(f"b.{DOUBLINGS - 1}", row, last): ["notes", last, 3, "width"],
                layers.places("out", row, last, OUTPUT_GAIN): ["notes", "planes", 3, "width"],
            }
        )

    def _first_stages(self, layers: Layers, told: str, film: list[str]) -> str:
        graph, channels = layers.graph, self.settings.channels
        start = graph.constant([-1, channels[0], START_FRAMES, START_BINS])
        x = graph.add("Reshape", layers.dense("first", told, scaled=True), start)
        x = layers.normalised(layers.leaky(x), channels[0])
        x = layers.modulated(layers.convolution("c01", x, beyond=1), film[0], channels[0])
        for i in range(WHOLE_DOUBLINGS):
            after = channels[i + 1]
            x = layers.doubled_convolution(f"a.{i}", x, after, self.width(i), beyond=1)
            # Doubled with a border, the image has one row too many at each end.
            x = graph.add("Slice", x, *(graph.constant([place]) for place in (1, -1, 2)))
            x = layers.modulated(x, film[1 + 2 * i], after)
            x = layers.convolution(f"b.{i}", x, beyond=1)
            x = layers.modulated(x, film[2 + 2 * i], after)
        return x

    def _levels(self, layers: Layers, style: str) -> str:
        """Log power [n, partials, 1, frames] of each harmonic number over time."""
        graph, frames = layers.graph, self.bundle.spec.frames
        steps = graph.constant([-1, PARTIAL_CHANNELS[0], 1, PARTIAL_STEPS])
        x = graph.add("Reshape", layers.leaky(layers.dense("p0", style)), steps)
        for doubling, name in enumerate(("p1", "p2")):
            size = PARTIAL_STEPS << doubling
            x = graph.add("MatMul", x, graph.constant(stretching(size, 2 * size)))
            x = layers.leaky(layers.convolution_in_time(name, x))
        x = layers.convolution_in_time("p3", x)
        matrix = LEVEL_SCALE * stretching(4 * PARTIAL_STEPS, frames)
        return graph.add("MatMul", x, graph.constant(matrix))

    def _modulation(self, graph: Graph, style: str) -> list[str]:
        """Gain and shift [n, 2 * channels, 1, 1] of each modulated convolution."""
        weights, counts = self.bundle.weights, self.settings.modulated()
        kernels, biases = [], []
        for i, count in enumerate(counts):
            kernels.append(weights[f"film.{i}.weight"])
            one_plus = np.repeat(np.array([1, 0], np.float32), count)
            biases.append(weights[f"film.{i}.bias"] + one_plus)
        kernel, bias = graph.constant(np.concatenate(kernels)), np.concatenate(biases)
        film = graph.add("Gemm", style, kernel, graph.constant(bias), transB=1)
        film = graph.add("Unsqueeze", film, graph.constant([2, 3]))
        sizes = graph.constant([2 * count for count in counts])
        return graph.split("Split", len(counts), film, sizes, axis=1)

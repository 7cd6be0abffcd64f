"""The last graph of a harmonic generator: rows of the last stage to frames of mel-IF data.

The image is built, not only drawn: its power is the sum of a comb at the pitch, a comb at half the
pitch and noise, each under a learnt envelope, the first also under a learnt level for each harmonic
number and frame. The instantaneous frequency is a perfect harmonic's plus a residual.
"""

import numpy as np

from gansynth_live.model.graph import FLOAT, INT64, Graph
from gansynth_live.model.harmonic.layers import Layers
from gansynth_live.model.harmonic.network import OUTPUT_GAIN, Network
from gansynth_live.model.harmonic.settings import DOUBLINGS
from gansynth_live.model.normaliser import scale_and_offset

RESIDUAL_DEPTH = 0.4  # of the free residual, in the network's scaled log power


def image_graph(network: Network) -> bytes:
    """Frames float32 [n, 2, frames, mel_bins]: mel power, frequency in units of pi.

    Inputs: `label` [n]; `rows` of the last stage, one more at each end than wanted; `places` of the
    last convolution; `levels` of the frames; `hidden` of the frames and one more at each end.
    """
    return _Image(network).write()


class _Image:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.spec, self.settings = network.bundle.spec, network.settings
        self.graph = Graph()
        self.layers = Layers(self.graph, network.bundle.weights)
        self.label = self.graph.input("label", INT64, ["notes"])

    def write(self) -> bytes:
        spec, graph, settings = self.spec, self.graph, self.settings
        last, width = settings.channels[-1], self.network.width(DOUBLINGS)
        rows = graph.input("rows", FLOAT, ["notes", last, "height", width])
        places = graph.input("places", FLOAT, ["notes", "planes", "rows", width])
        planes = self.layers.convolution_with_places("out", rows, places, last, OUTPUT_GAIN)
        levels = graph.input("levels", FLOAT, ["notes", settings.partials, 1, "frames"])
        turns = bands = None
        if head := self.network.head:
            channels = head.settings.channels[-1]
            hidden = graph.input("hidden", FLOAT, ["notes", channels, 1, "frames_and_two"])
            finer, detunings, bands = head.finish(self.layers, hidden)
            levels = graph.add("Add", levels, finer)
            turns = self._by_partial(detunings)
        image = self._image(planes, self._by_partial(levels), turns, bands)
        return graph.serialise({image: ["notes", 2, "frames", spec.mel_bins]})

    def _by_partial(self, values: str) -> str:
        """[n, partials, 1, frames] to [n, frames, mel_bins]: each bin takes its harmonic's."""
        graph = self.graph
        # One more row of zeros serves the bins that have no harmonic of their own.
        x = graph.add("Squeeze", values, graph.constant([2]))
        x = graph.add("Pad", x, graph.constant([0, 0, 0, 0, 1, 0]))
        harmonic = self.network.tables.harmonic[..., None]
        nearest = graph.add("Gather", graph.constant(harmonic), self.label)
        gathered = graph.add("GatherND", x, nearest, batch_dims=1)
        return graph.add("Transpose", gathered, perm=[0, 2, 1])

    def _image(self, planes: str, levels: str, turns: str | None, bands: str | None) -> str:
        """Envelopes, combs, levels and residuals put together: [n, 2, frames, mel_bins]."""
        graph, weights = self.graph, self.layers.weights
        scale, offset = (
            float(row[0, 0]) for row in scale_and_offset(self.spec.normaliser, weights)
        )
        counts = graph.constant([self.settings.residual_channels, 3 * self.settings.up[0]])
        residual, envelope = graph.split("Split", 2, planes, counts, axis=1)
        magnitude, frequency = self._residuals(residual)
        harmonic, octave, noise = self._envelopes(envelope, scale, offset, bands)
        combs = graph.add("Gather", graph.constant(weights["combs"]), self.label)
        comb, half_comb = graph.split("Split", 2, combs, axis=1, num_outputs=2)
        # No maximum is taken out: what over- or underflows here is clipped below.
        parts = [
            graph.add("Add", graph.add("Add", harmonic, levels), comb),
            graph.add("Add", octave, half_comb),
            noise,
        ]
        power = graph.add("Sum", *(graph.add("Exp", part) for part in parts))
        depth = graph.constant(RESIDUAL_DEPTH / scale)
        power = graph.add("Mul", power, graph.add("Exp", graph.add("Mul", magnitude, depth)))
        ends = (graph.constant(float(np.exp((end - offset) / scale))) for end in (-1, 1))
        power = graph.add("Clip", power, *ends)
        table = graph.constant(self.network.tables.frequency[:, None])
        turning = graph.add("Add", graph.add("Gather", table, self.label), frequency)
        turning = self._wrapped(turning if turns is None else graph.add("Add", turning, turns))
        axis = graph.constant([1])
        both = (graph.add("Unsqueeze", plane, axis) for plane in (power, turning))
        return graph.add("Concat", *both, axis=1)

    def _residuals(self, planes: str) -> list[str]:
        """Two images [n, frames, mel_bins], each point of the planes spread over `up` pixels."""
        graph, (up, across) = self.graph, self.settings.up
        x = graph.add("Reshape", graph.add("Tanh", planes), graph.constant([0, 2 * up, across, -1]))
        x = graph.add("Transpose", x, perm=[0, 1, 3, 2])
        x = graph.add("Reshape", x, graph.constant([0, 2, up, -1, self.spec.mel_bins]))
        return self._channels(self._rows_apart(x, 2, self.spec.mel_bins), 2)

    def _envelopes(self, planes: str, scale: float, offset: float, bands: str | None) -> list[str]:
        """Three smooth log powers [n, frames, mel_bins]."""
        graph, (up, across) = self.graph, self.settings.up
        width = self.network.width(DOUBLINGS)
        spread = graph.add("Reshape", planes, graph.constant([0, 3, up, -1, width]))
        spread = self._rows_apart(spread, 3, width)
        spread = graph.add("Sub", spread, graph.constant(offset))
        spread = graph.add("Div", spread, graph.constant(scale))
        # Each row becomes an image of its own: the last of many would be rounded differently.
        outer = graph.add("Shape", spread, end=3)
        spread = graph.add("Reshape", spread, graph.constant([-1, 1, 1, width]))
        factors = graph.constant(np.array([1, 1, 1, across], np.float32))
        spread = graph.add("Resize", spread, "", factors, mode="linear")
        shape = graph.add("Concat", outer, graph.constant([self.spec.mel_bins]), axis=0)
        spread = graph.add("Reshape", spread, shape)
        return self._channels(spread if bands is None else graph.add("Add", spread, bands), 3)

    def _rows_apart(self, x: str, count: int, width: int) -> str:
        """[n, count, up, rows, width] to [n, count, rows * up, width]."""
        x = self.graph.add("Transpose", x, perm=[0, 1, 3, 2, 4])
        return self.graph.add("Reshape", x, self.graph.constant([0, count, -1, width]))

    def _channels(self, image: str, count: int) -> list[str]:
        """[n, count, ...] taken apart into `count` of [n, ...]."""
        parts = self.graph.split("Split", count, image, axis=1, num_outputs=count)
        axis = self.graph.constant([1])
        return [self.graph.add("Squeeze", part, axis) for part in parts]

    def _wrapped(self, turns: str) -> str:
        """Angles in units of pi brought into [-1, 1)."""
        graph = self.graph
        halves = graph.add("Mul", graph.add("Add", turns, graph.constant(1.0)), graph.constant(0.5))
        whole = graph.add("Mul", graph.add("Floor", halves), graph.constant(2.0))
        return graph.add("Sub", turns, whole)

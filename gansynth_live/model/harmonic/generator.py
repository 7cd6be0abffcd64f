"""Harmonic notes: small stages once for a note, large ones for the frames that are asked for."""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model import doubling, graph
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.harmonic import detail, image, layers, network, settings, tables
from gansynth_live.model.harmonic.frames import HarmonicFrames
from gansynth_live.model.harmonic.network import WHOLE_DOUBLINGS, Network
from gansynth_live.model.harmonic.rows import Image
from gansynth_live.model.harmonic.settings import DOUBLINGS, Harmonic
from gansynth_live.model.runtime import cached_graph, check_notes, graph_key, open_session

PLACED_PITCHES = 24  # whose places are kept, 0.5 MB each: a render of such a pitch takes less time


class HarmonicGenerator:
    """The light generator. May be used by several threads at once."""

    def __init__(self, bundle: Bundle, threads: int) -> None:
        family = bundle.spec.family
        assert isinstance(family, Harmonic)  # noqa: S101
        self.spec = bundle.spec
        self.network = Network(bundle, family)
        self._threads = threads
        modules = (graph, doubling, detail, layers, network, image, settings, tables)
        self._source = b"".join(Path(str(module.__file__)).read_bytes() for module in modules)
        self._start = self._open("start", self.network.start_graph)
        self._places = self._open("places", self.network.places_graph)
        later = range(WHOLE_DOUBLINGS + 1, DOUBLINGS + 1)
        self.doublings = {
            stage: self._open(f"doubling {stage}", partial(self.network.doubling_graph, stage))
            for stage in later
        }
        self.convolutions = {
            stage: self._open(
                f"convolution {stage}", partial(self.network.convolution_graph, stage)
            )
            for stage in later
        }
        self.image = self._open("image", partial(image.image_graph, self.network))
        self.places = lru_cache(PLACED_PITCHES)(self._places_of)

    @property
    def grain(self) -> int:
        """See `Generator`: what a row of the last stage makes."""
        return self.network.settings.up[0]

    def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> "HarmonicFrames":
        """Start notes with latents z [notes, latent_size] at MIDI pitches [notes].

        Raises:
            ModelError: a shape is wrong, a value is not finite or a pitch is out of range.
        """
        check_notes(self.spec, z, pitch)
        latents = np.asarray(z, np.float32)
        labels = np.asarray(pitch, np.int64) - self.spec.low_pitch
        # One note at a time: its bits must not depend on the company it is rendered in. (The
        # convolutions of the other graphs see to that themselves.)
        starts = [
            self._start.run(None, {"latent": latents[i : i + 1], "label": labels[i : i + 1]})
            for i in range(len(latents))
        ]
        shared = [np.concatenate(parts) for parts in zip(*starts, strict=True)]
        return HarmonicFrames(self, labels, shared)

    def _places_of(self, label: int) -> list[Image]:
        made: list[Image] = self._places.run(None, {"label": np.array([label])})
        return made

    def _open(self, form: str, build: Callable[[], bytes]) -> Any:
        key = graph_key("harmonic", self.network.bundle.network, form, self._source)
        return open_session(cached_graph(key, build), self._threads)

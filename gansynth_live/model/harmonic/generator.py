"""Harmonic notes: a whole image costs little more than a slice, so it is rendered at once."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model import graph
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.harmonic import detail, layers, network, settings, tables
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.runtime import cached_graph, check_notes, graph_key, open_session


class HarmonicGenerator:
    """The light generator. May be used by several threads at once."""

    def __init__(self, bundle: Bundle, threads: int) -> None:
        family = bundle.spec.family
        assert isinstance(family, Harmonic)  # noqa: S101
        self.spec = bundle.spec
        modules = (graph, detail, layers, network, settings, tables)
        source = b"".join(Path(str(module.__file__)).read_bytes() for module in modules)
        key = graph_key("harmonic", bundle.digest, source)
        content = cached_graph(key, lambda: network.build_graph(bundle, family))
        self._session = open_session(content, threads)

    def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> "HarmonicFrames":
        """Render notes with latents z [notes, latent_size] at MIDI pitches [notes].

        Raises:
            ModelError: a shape is wrong, a value is not finite or a pitch is out of range.
        """
        check_notes(self.spec, z, pitch)
        images = np.empty((len(z), 2, self.spec.frames, self.spec.mel_bins), np.float32)
        labels = np.asarray(pitch, np.int64) - self.spec.low_pitch
        # One note at a time: its bits must not depend on the company it is rendered in.
        for note, (latent, label) in enumerate(zip(z, labels, strict=True)):
            inputs = {"latent": np.asarray(latent[None], np.float32), "label": label[None]}
            (images[note : note + 1],) = self._session.run(None, inputs)
        return HarmonicFrames(images)


class HarmonicFrames:
    """Some notes, rendered: slices cost nothing."""

    def __init__(self, images: NDArray[np.float32]) -> None:
        self._frames = np.moveaxis(images, 1, -1)

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        """Frames [start, stop) of every note: a float32 view [notes, stop - start, mel_bins, 2]."""
        return self._frames[:, start:stop]

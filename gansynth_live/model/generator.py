"""What every family of generators offers: from latents and pitches to frames of mel-IF data."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.bundle import Bundle
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.runtime import default_threads
from gansynth_live.model.spec import ModelSpec


class NoteFrames(Protocol):
    """Some notes whose frames are computed when asked for; what slices share is kept."""

    def frames(self, start: int, stop: int) -> NDArray[np.float32]:
        """Frames [start, stop) of every note, float32 [notes, stop - start, mel_bins, 2].

        Channel 0 is the natural log of mel power, channel 1 the mel instantaneous frequency in
        units of pi a frame. On a CPU any slicing gives the same bits.

        Raises:
            ValueError: the note has no such frames.
        """
        ...


class Generator(Protocol):
    """A model that is ready to render. May be used by several threads at once."""

    @property
    def spec(self) -> ModelSpec:
        """Sizes and kind of the model."""
        ...

    @property
    def grain(self) -> int:
        """Frames that are made together, from multiples of it on: fewer cost as much."""
        ...

    def begin(self, z: NDArray[np.float32], pitch: NDArray[np.integer]) -> NoteFrames:
        """Start notes with latents z [notes, latent_size] at MIDI pitches [notes].

        Raises:
            ModelError: a shape is wrong, a value is not finite or a pitch is out of range.
        """
        ...


def open_generator(bundle: Bundle, threads: int | None = None) -> Generator:
    """Make a bundle ready to render, with `threads` threads (None: all cores but one)."""
    threads = default_threads() if threads is None else threads
    # A family is imported when it is asked for: the other one's graph code stays unloaded.
    if isinstance(bundle.spec.family, Progressive):
        from gansynth_live.model.progressive.generator import ProgressiveGenerator

        return ProgressiveGenerator(bundle, bundle.spec.family, threads)
    from gansynth_live.model.harmonic.generator import HarmonicGenerator

    return HarmonicGenerator(bundle, threads)

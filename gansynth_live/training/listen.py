"""Notes as they will be played: a bundle's generator and inversion, several notes at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.bundle import Bundle, load_bundle
from gansynth_live.model.generator import Generator, open_generator
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.installed import model_path

AT_ONCE = 8


@dataclass(frozen=True)
class Listener:
    """Renders notes of one bundle at the model's rate."""

    bundle: Bundle
    generator: Generator
    inversion: LockedInversion | FaithfulInversion

    def latents(
        self, names: Sequence[str], pitches: Sequence[int] | NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """The latents [n, latent] that named instruments have at MIDI pitches [n]."""
        played = zip(names, pitches, strict=True)
        return np.stack([self.bundle.latent(name, int(pitch)) for name, pitch in played])

    def notes(
        self, latents: NDArray[np.float32], pitches: Sequence[int] | NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """Waves [n, 64000] of latents [n, latent] at MIDI pitches [n]."""
        keys = np.asarray(pitches, np.int64)
        waves = []
        for start in range(0, len(keys), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            frames = self.generator.begin(latents[some].astype(np.float32), keys[some])
            stream = self.inversion.begin(keys[some].tolist())
            waves.append(stream.push(frames.frames(0, self.bundle.spec.frames)))
        return np.concatenate(waves)


def listener(path: Path, threads: int = 1) -> Listener:
    """A listener to the bundle at `path`, with the inversion that the instrument uses.

    Raises:
        ModelError: the bundle is missing or damaged.
    """
    bundle = load_bundle(model_path(path))
    spec = bundle.spec
    kind = LockedInversion if isinstance(spec.family, Harmonic) else FaithfulInversion
    inversion = kind(spec.stft, spec.mel_bins, spec.sample_rate)
    return Listener(bundle, open_generator(bundle, threads), inversion)

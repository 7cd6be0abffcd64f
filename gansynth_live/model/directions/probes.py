"""Notes that are rendered to hear what a direction does."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.sphere import moved, project
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.directions.measures import SECONDS, measure
from gansynth_live.model.generator import open_generator
from gansynth_live.model.runtime import default_threads

Floats = NDArray[np.float64]
Note = tuple[NDArray[np.float32], int]  # latent and MIDI key

AMOUNT = 0.5  # how far a probe goes along a direction, in units of the latents' radius
KEYS = (0.4, 0.6, 0.8)  # where in the model's range the probes lie


class Probes:
    """Renders notes of one model and measures them, by all cores but one.

    Args:
        heard: called after each note that was rendered.

    Attributes:
        keys: a low, a middle and a high one of the model's.
    """

    def __init__(self, bundle: Bundle, heard: Callable[[], None]) -> None:
        spec = bundle.spec
        self._bundle = bundle
        self._heard = heard
        self._generator = open_generator(bundle, threads=1)
        self._inversion = LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
        self.keys = [spec.low_pitch + round(share * (spec.pitches - 1)) for share in KEYS]
        hops = round(SECONDS * spec.sample_rate / spec.stft.hop)
        self._frames = min(hops + spec.stft.fft_size // spec.stft.hop, spec.frames)

    def notes(self, count: int) -> list[Note]:
        """Notes of instruments that lie evenly among the model's, at low, middle and high keys.

        A model with fewer instruments gets drawn ones too.
        """
        spec, known = self._bundle.spec, list(self._bundle.instruments.values())
        draw = np.random.default_rng(0)
        while len(known) < count:
            known.append(draw.standard_normal(spec.latent_size).astype(np.float32))
        chosen = (known[i * len(known) // count] for i in range(count))
        return [(project(latent), key) for latent, key in zip(chosen, cycle(self.keys))]

    def measured(self, notes: Iterable[Note]) -> Floats:
        """Measures [notes, measures] of notes."""
        with ThreadPoolExecutor(default_threads()) as pool:
            return np.array(list(pool.map(self._measure, notes)))

    def changes(self, vectors: Floats, notes: list[Note]) -> Floats:
        """What each note's measures gain from -AMOUNT to AMOUNT: [vectors, notes, measures]."""
        moves = [
            (moved(latent, [(vector, amount)]), key)
            for vector in vectors
            for latent, key in notes
            for amount in (-AMOUNT, AMOUNT)
        ]
        measured = self.measured(moves).reshape(len(vectors), len(notes), 2, -1)
        return np.asarray(measured[:, :, 1] - measured[:, :, 0])

    def _measure(self, note: Note) -> Floats:
        latent, key = note
        frames = self._generator.begin(latent[None], np.array([key])).frames(0, self._frames)
        wave = self._inversion.begin([key]).push(frames)[0]
        self._heard()
        return measure(wave, key, self._bundle.spec.sample_rate)

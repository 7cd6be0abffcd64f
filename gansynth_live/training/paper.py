"""Paper-style scores of real notes and of bundles, by a classifier trained on the real notes."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gansynth_live.training import measures
from gansynth_live.training.classifier import PitchClassifier, answers
from gansynth_live.training.listen import Listener
from gansynth_live.training.melif import analyse
from gansynth_live.training.notes import LOW_PITCH, NoteSet
from gansynth_live.training.scores import (
    Scores,
    different_bins,
    frechet_distance,
    inception_score,
    pitch_entropy,
)

FEWEST = 12  # notes without which there is nothing to compare
COMPARED = 600  # notes of each set, if there are so many
BINS, NOTES_A_BIN = 50, 12  # clusters of NDB
SPECTRUM_FRAMES = 8  # NDB looks at spectra averaged over 16 frames


class Panel:
    """Half of the real notes as the reference; all other sets are judged against it."""

    def __init__(self, notes: NoteSet, classifier: PitchClassifier) -> None:
        self._classifier = classifier
        order = np.random.default_rng(0).permutation(len(notes))
        size = min(COMPARED, len(notes) // 2)
        reference, self.cells = order[:size], order[size : 2 * size]
        self._bins = max(2, min(BINS, size // NOTES_A_BIN))
        self._notes = notes
        features, _, self._spectra = self._look(_waves(notes, reference))
        self._features = features

    def real(self) -> Scores:
        """Scores of other real notes: what a perfect model would have."""
        return self.judge(_waves(self._notes, self.cells), self._notes.pitch[self.cells])

    def bundle(self, listener: Listener) -> Scores:
        """Scores of a bundle at the pitches of those notes, with its own instruments in turn."""
        names = list(listener.bundle.instruments)
        chosen = [
            self._notes.names[row] if self._notes.names[row] in names else names[k % len(names)]
            for k, row in enumerate(self._notes.instrument[self.cells])
        ]
        pitch = self._notes.pitch[self.cells]
        return self.judge(listener.notes(listener.latents(chosen, pitch), pitch), pitch)

    def judge(self, waves: NDArray[np.float32], pitch: Sequence[int] | NDArray[np.int64]) -> Scores:
        """Scores of waves [n, 64000] that should have MIDI pitches [n]."""
        features, probabilities, spectra = self._look(waves)
        right = probabilities.argmax(1) == np.asarray(pitch) - LOW_PITCH
        return Scores(
            notes=len(waves),
            different_bins=different_bins(self._spectra, spectra, self._bins),
            frechet=frechet_distance(self._features, features),
            inception=inception_score(probabilities),
            pitch_accuracy=float(right.mean()),
            pitch_entropy=pitch_entropy(probabilities),
        )

    def _look(
        self, waves: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        features, probabilities, spectra = [], [], []
        for part in np.array_split(waves, max(1, len(waves) // 16)):
            heard = torch.from_numpy(part)
            f, p = answers(self._classifier, analyse(heard))
            features.append(f)
            probabilities.append(p)
            spectra.append(_spectra(heard))
        return np.concatenate(features), np.concatenate(probabilities), np.concatenate(spectra)


def _spectra(waves: Tensor) -> NDArray[np.float64]:
    levels = measures.band_levels(waves)
    levels = torch.maximum(levels, levels.amax((1, 2), keepdim=True) + measures.FLOOR_DB)
    averaged = levels.reshape(len(levels), SPECTRUM_FRAMES, -1, measures.BANDS).mean(2)
    return np.asarray(averaged.flatten(1).double().numpy())


def _waves(notes: NoteSet, cells: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.stack([notes.wave(cell) for cell in cells])

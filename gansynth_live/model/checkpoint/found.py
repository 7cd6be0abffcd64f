"""What a reader finds in a model directory of Magenta's."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.checkpoint.experiment import Experiment
from gansynth_live.model.checkpoint.note import ImportNote
from gansynth_live.model.normaliser import Normaliser
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec

LOW_PITCH, HIGH_PITCH = 24, 84
OVERLAP = 4  # hops a frame


class Found(NamedTuple):
    """A model as it was read.

    Attributes:
        weights: tensors under our names.
        files: all that was read.
    """

    spec: ModelSpec
    weights: dict[str, NDArray[np.float32]]
    note: ImportNote
    files: list[Path]


def model_spec(
    experiment: Experiment,
    channels: tuple[int, ...],
    alphas: tuple[float, ...],
    normaliser: Normaliser,
    name: str,
    licence: str,
) -> ModelSpec:
    """The sizes of a model, from its hyperparameters and the channels of the blocks that are heard.

    Raises:
        CheckpointError: they do not fit each other.
    """
    frames, mel_bins = experiment.size()
    fft_size = 2 * mel_bins
    spec = ModelSpec(
        name=name,
        licence=licence,
        sample_rate=experiment.sample_rate,
        latent_size=experiment.latent_vector_size,
        low_pitch=LOW_PITCH,
        high_pitch=HIGH_PITCH,
        mel_bins=mel_bins,
        stft=Stft(fft_size, fft_size // OVERLAP, frames, experiment.audio_length),
        normaliser=normaliser,
        family=Progressive(
            start_frames=experiment.start_height,
            start_bins=experiment.start_width,
            channels=channels,
            alphas=alphas,
        ),
    )
    if problem := spec.problem():
        raise CheckpointError(problem)
    return spec

"""experiment.json: the hyperparameters that a GANSynth model was trained with."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from gansynth_live.errors import CheckpointError
from gansynth_live.files import read_bounded

EXPERIMENT = "experiment.json"
LARGEST_EXPERIMENT = 1 << 20

Count = Annotated[int, Meta(ge=1, le=1 << 20)]
Images = Annotated[int, Meta(ge=0, le=1 << 53)]


class Experiment(msgspec.Struct, frozen=True):
    """The keys that matter for playing, with the original's defaults; other keys are ignored."""

    audio_length: Count = 64000
    sample_rate: Count = 16000
    data_type: str = "mel"
    data_normalizer: str = "specgrams_prespecified_normalizer"
    mag_normalizer_a: float = 0.0661371661726
    mag_normalizer_b: float = 0.113718730221
    p_normalizer_a: float = 0.8
    p_normalizer_b: float = 0.0
    latent_vector_size: Count = 256
    kernel_size: Count = 3
    start_height: Count = 4
    start_width: Count = 8
    scale_mode: str = "ALL"
    scale_base: float = 2
    num_resolutions: Annotated[int, Meta(ge=1, le=12)] = 7
    g_fn: str = "specgram"
    simple_arch: bool = False
    to_rgb_activation: str = "tanh"
    fmap_base: Annotated[float, Meta(ge=1, le=1 << 24)] = 512
    fmap_decay: Annotated[float, Meta(ge=0, le=16)] = 1.0
    fmap_max: Annotated[float, Meta(ge=1, le=1 << 20)] = 128
    stable_stage_num_images: Images = 32
    transition_stage_num_images: Images = 32
    train_progressive: bool = True
    train_time_limit: Annotated[float, Meta(gt=0)] | None = None
    train_time_stage_multiplier: Annotated[float, Meta(gt=0, le=1000)] = 1.0

    def channels(self, block: int) -> int:
        """Channels after block 1, 2, ..."""
        return int(min(self.fmap_base / 2 ** (block * self.fmap_decay), self.fmap_max))

    def size(self) -> tuple[int, int]:
        """Frames and mel bins of a whole image."""
        doublings = self.num_resolutions - 1
        return self.start_height << doublings, self.start_width << doublings


def read_experiment(folder: Path) -> Experiment:
    """The experiment.json of a model directory.

    Raises:
        CheckpointError: it is missing, damaged, or asks for a network that is not supported.
    """
    path = folder / EXPERIMENT
    try:
        content = read_bounded(path, LARGEST_EXPERIMENT)
        experiment = msgspec.json.decode(content, type=Experiment)
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{path}: not found; give the folder that holds it and the stage_... folders"
        ) from error
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path}: {error}; the file is damaged") from error
    if reason := _unsupported(experiment):
        raise CheckpointError(f"{path}: {reason}; this kind of model is not supported")
    return experiment


def _unsupported(experiment: Experiment) -> str | None:
    required = {
        "data_type": ("mel", "data of another kind cannot be turned into audio here"),
        "simple_arch": (False, "its layers differ (dense and transposed convolutions, ReLU)"),
        "scale_mode": ("ALL", "only time would grow from block to block"),
        "scale_base": (2, "blocks do not double in size"),
        "kernel_size": (3, "only 3x3 convolutions can be merged with their upscaling"),
        "to_rgb_activation": ("tanh", "the output has another activation"),
        "g_fn": ("specgram", "the generator is of another kind"),
    }
    for key, (value, reason) in required.items():
        if (found := getattr(experiment, key)) != value:
            return f"{key} is {found!r}, not {value!r}: {reason}"
    _, mel_bins = experiment.size()
    if mel_bins & (mel_bins - 1):
        return f"{mel_bins} mel bins are no power of two"
    return None

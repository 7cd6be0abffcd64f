"""From a Magenta GANSynth model directory to a bundle of ours."""

import hashlib
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError, ModelError
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Instruments, write_bundle
from gansynth_live.model.checkpoint.experiment import EXPERIMENT, Experiment, read_experiment
from gansynth_live.model.checkpoint.folder import newest_checkpoint
from gansynth_live.model.checkpoint.normaliser import read_normaliser
from gansynth_live.model.checkpoint.progress import output_alphas, progress, trained_blocks
from gansynth_live.model.checkpoint.tensors import TensorBundle
from gansynth_live.model.normaliser import Normaliser, scale_and_offset
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec

BLOCK = "Generator/progressive_gan_generator/progressive_gan_block_"
AVERAGED = "/ExponentialMovingAverage"
LOW_PITCH, HIGH_PITCH = 24, 84
OVERLAP = 4  # hops a frame
RANDOM_INSTRUMENTS = 8


class ImportNote(msgspec.Struct, frozen=True):
    """What an import read; kept in the bundle as import.json.

    Attributes:
        raw: variables that had no moving average, so that the trained value itself was taken.
        sha256: of every file that was read, by its path within the source.
    """

    source: str
    checkpoint: str
    stage: int
    global_step: int
    progress: float
    alphas: tuple[float, ...]
    averaged: list[str]
    raw: list[str]
    sha256: dict[str, str]


def import_checkpoint(source: Path, target: Path, licence: str = "unknown") -> ImportNote:
    """Turn the model directory `source` into the bundle `target`.

    Raises:
        CheckpointError: the source is damaged or of an unsupported kind.
        ModelError: the target exists or cannot be written.
    """
    experiment = read_experiment(source)
    stage, prefix = newest_checkpoint(source)
    tensors = TensorBundle(prefix)
    step, done = _progress(experiment, stage, tensors)
    alphas = output_alphas(done, trained_blocks(stage))
    normaliser, constants, asset = _normaliser(source, experiment)
    spec = _spec(source, experiment, alphas, licence, normaliser)
    weights, variables = _read_weights(tensors, spec.family.tensors(spec.latent_size, spec.pitches))
    shards = {tensors.shard_path(tensors.entries[name].shard) for name in variables}
    files = [source / EXPERIMENT, tensors.index_path, *sorted(shards), *([asset] if asset else [])]
    note = ImportNote(
        source=spec.name,
        checkpoint=prefix.relative_to(source).as_posix(),
        stage=stage,
        global_step=step,
        progress=done,
        alphas=alphas,
        averaged=[name for name in variables if name.endswith(AVERAGED)],
        raw=[name for name in variables if not name.endswith(AVERAGED)],
        sha256={path.relative_to(source).as_posix(): _sha256(path) for path in files},
    )
    text = msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n"
    instruments = random_instruments(spec.latent_size)
    write_bundle(target, spec, weights | constants, instruments, import_note=text)
    return note


def random_instruments(latent_size: int, count: int = RANDOM_INSTRUMENTS) -> Instruments:
    """Latents "random 1", "random 2", ...: standard normal, each number being its own seed."""
    return {
        f"random {seed}": np.random.default_rng(seed).standard_normal(latent_size, np.float32)
        for seed in range(1, count + 1)
    }


def _progress(experiment: Experiment, stage: int, tensors: TensorBundle) -> tuple[int, float]:
    """Images that were trained on, and the progress that follows."""
    if trained_blocks(stage) > experiment.num_resolutions:
        raise CheckpointError(
            f"{tensors.index_path}: stage {stage} lies beyond the {experiment.num_resolutions} "
            f"resolutions of {EXPERIMENT}; the two do not belong together"
        )
    step = int(_scalar(tensors, "global_step"))
    seconds = _scalar(tensors, "Variable") if experiment.train_time_limit is not None else 0.0
    return step, progress(experiment, stage, step, seconds)


def _normaliser(
    source: Path, experiment: Experiment
) -> tuple[Normaliser, dict[str, NDArray[np.float32]], Path | None]:
    normaliser, constants, asset = read_normaliser(source, experiment)
    try:
        scale_and_offset(normaliser, constants)
    except ModelError as error:
        raise CheckpointError(f"{source}: {error}") from error
    return normaliser, constants, asset


def _spec(
    source: Path,
    e: Experiment,
    alphas: tuple[float, ...],
    licence: str,
    normaliser: Normaliser,
) -> ModelSpec:
    frames, mel_bins = e.size()
    fft_size = 2 * mel_bins
    spec = ModelSpec(
        name=source.absolute().name,
        licence=licence,
        sample_rate=e.sample_rate,
        latent_size=e.latent_vector_size,
        low_pitch=LOW_PITCH,
        high_pitch=HIGH_PITCH,
        mel_bins=mel_bins,
        stft=Stft(fft_size, fft_size // OVERLAP, frames, e.audio_length),
        normaliser=normaliser,
        family=Progressive(
            start_frames=e.start_height,
            start_bins=e.start_width,
            channels=tuple(e.channels(block) for block in range(1, len(alphas) + 1)),
            alphas=alphas,
        ),
    )
    if problem := spec.problem():
        raise CheckpointError(f"{source / EXPERIMENT}: {problem}")
    return spec


def _read_weights(
    tensors: TensorBundle, shapes: dict[str, tuple[int, ...]]
) -> tuple[dict[str, NDArray[np.float32]], list[str]]:
    """Tensors under our names, and the variables that they were read from."""
    weights: dict[str, NDArray[np.float32]] = {}
    variables: list[str] = []
    for name, shape in shapes.items():
        variable = _variable(name)
        if variable + AVERAGED in tensors:
            variable += AVERAGED
        tensor = tensors.read(variable)
        if tensor.shape != shape or tensor.dtype != np.float32:
            raise CheckpointError(
                f"{tensors.index_path}: {variable} is {tensor.dtype} {list(tensor.shape)}, but "
                f"{EXPERIMENT} asks for float32 {list(shape)}; the two do not belong together"
            )
        if not np.isfinite(tensor).all():
            raise CheckpointError(
                f"{tensors.index_path}: {variable} has numbers that are not finite"
            )
        weights[name] = tensor
        variables.append(variable)
    return weights, variables


def _variable(name: str) -> str:
    """Magenta's name of a tensor, e.g. block_2.conv0.kernel."""
    block, layer, part = name.removeprefix("block_").split(".")
    layer = "to_rgb" if layer == "output" else layer
    return f"{BLOCK}{block}/{layer}/{'conv2d/kernel' if part == 'kernel' else part}"


def _scalar(tensors: TensorBundle, name: str) -> float:
    value = tensors.read(name)
    if value.shape != () or not np.isfinite(value):
        raise CheckpointError(f"{tensors.index_path}: {name} is not one finite number")
    return float(value)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Models as Magenta's training leaves them: experiment.json, and TensorFlow's checkpoints."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError, ModelError
from gansynth_live.model.checkpoint.experiment import EXPERIMENT, Experiment, read_experiment
from gansynth_live.model.checkpoint.folder import newest_checkpoint
from gansynth_live.model.checkpoint.found import Found, model_spec
from gansynth_live.model.checkpoint.normaliser import read_normaliser
from gansynth_live.model.checkpoint.note import ImportNote
from gansynth_live.model.checkpoint.progress import output_alphas, progress, trained_blocks
from gansynth_live.model.checkpoint.tensors import TensorBundle
from gansynth_live.model.checkpoint.variables import AVERAGED, read_weights
from gansynth_live.model.normaliser import Normaliser, scale_and_offset
from gansynth_live.model.spec import ModelSpec


def read_trained(source: Path, name: str, licence: str) -> Found:
    """The newest checkpoint of a model directory.

    Raises:
        CheckpointError: it is damaged or of an unsupported kind.
    """
    experiment = read_experiment(source)
    stage, prefix = newest_checkpoint(source)
    tensors = TensorBundle(prefix)
    step, done = _progress(experiment, stage, tensors)
    alphas = output_alphas(done, trained_blocks(stage))
    normaliser, constants, asset = _normaliser(source, experiment)
    spec = _spec(source, experiment, alphas, normaliser, name, licence)
    shapes = spec.family.tensors(spec.latent_size, spec.pitches)
    weights, names = read_weights(tensors, shapes, EXPERIMENT)
    shards = {tensors.shard_path(tensors.entries[variable].shard) for variable in names}
    note = ImportNote(
        source=name,
        checkpoint=prefix.relative_to(source).as_posix(),
        stage=stage,
        global_step=step,
        progress=done,
        alphas=alphas,
        averaged=[variable for variable in names if variable.endswith(AVERAGED)],
        raw=[variable for variable in names if not variable.endswith(AVERAGED)],
        sha256={},
    )
    files = [source / EXPERIMENT, tensors.index_path, *sorted(shards), *([asset] if asset else [])]
    return Found(spec, weights | constants, note, files)


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
    normaliser: Normaliser,
    name: str,
    licence: str,
) -> ModelSpec:
    channels = tuple(e.channels(block) for block in range(1, len(alphas) + 1))
    try:
        return model_spec(e, channels, alphas, normaliser, name, licence)
    except CheckpointError as error:
        raise CheckpointError(f"{source / EXPERIMENT}: {error}") from error


def _scalar(tensors: TensorBundle, name: str) -> float:
    value = tensors.read(name)
    if value.shape != () or not np.isfinite(value):
        raise CheckpointError(f"{tensors.index_path}: {name} is not one finite number")
    return float(value)

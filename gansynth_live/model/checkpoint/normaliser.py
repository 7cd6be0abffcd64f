"""The normaliser that an experiment names, with its constants from the json or from assets."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError
from gansynth_live.files import read_bounded
from gansynth_live.model.checkpoint.experiment import Experiment
from gansynth_live.model.normaliser import (
    PER_BIN_TENSOR,
    Constants,
    Identity,
    Normaliser,
    PerBin,
)

LARGEST_ASSET = 16 << 20

Tensors = dict[str, NDArray[np.float32]]


def read_normaliser(model: Path, experiment: Experiment) -> tuple[Normaliser, Tensors, Path | None]:
    """The normaliser, the tensors that it needs, and the file that it came from.

    Assets are looked for beside experiment.json: the folder named in it was the training machine's.

    Raises:
        CheckpointError: the normaliser is unknown, or its file is missing or damaged.
    """
    name = experiment.data_normalizer
    path = model / "assets" / f"{name}.npz"
    match name:
        case "none":
            return Identity(), {}, None
        case "specgrams_prespecified_normalizer":
            e = experiment
            constants = Constants(
                e.mag_normalizer_a, e.mag_normalizer_b, e.p_normalizer_a, e.p_normalizer_b
            )
            return constants, {}, None
        case "specgrams_simple_normalizer":
            return Constants(*_read_asset(path, (4,)).tolist()), {}, path
        case "specgrams_freq_normalizer":
            rows = _read_asset(path, (experiment.size()[1], 4))
            return PerBin(), {PER_BIN_TENSOR: rows.astype(np.float32)}, path
    raise CheckpointError(f"{model}: the normaliser {name!r} is not known")


def _read_asset(path: Path, shape: tuple[int, ...]) -> NDArray[np.float64]:
    done = path.with_name(f"DONE_{path.name}")
    try:
        if not done.exists():
            raise CheckpointError(
                f"{path}: {done.name} is missing beside it: was it fully written?"
            )
        content = read_bounded(path, LARGEST_ASSET)
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}; copy the folder assets too") from error
    try:
        with np.load(BytesIO(content), allow_pickle=False) as stored:
            values: NDArray[Any] = stored["normalizer"]
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"{path}: not a normaliser ({error}); copy it again") from error
    if values.shape != shape or not np.issubdtype(values.dtype, np.floating):
        raise CheckpointError(f"{path}: has the shape {list(values.shape)}, not {list(shape)}")
    if not np.isfinite(values).all():
        raise CheckpointError(f"{path}: has numbers that are not finite; train with another one")
    return values.astype(np.float64)

"""From a network's output to mel-IF data: data = (output - offset) / scale, for each channel."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import ModelError

PER_BIN_TENSOR = "normaliser"
FARTHEST = 80.0  # what outputs of -1 and 1 may mean: exp of more overflows float32
LARGEST_SCALE = 80.0  # beyond, every output would mean the same


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="identity"):
    """The network's output is the data."""


class Constants(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="constants"):
    """One scale and offset for log magnitude (ln of mel power), one for instantaneous frequency."""

    magnitude_scale: float
    magnitude_offset: float
    frequency_scale: float
    frequency_offset: float


class PerBin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="per bin"):
    """The same four numbers for each mel bin: tensor `normaliser` [mel_bins, 4] of the bundle."""


Normaliser = Identity | Constants | PerBin


def tensors(normaliser: Normaliser, mel_bins: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors that the normaliser keeps beside the network's weights."""
    return {PER_BIN_TENSOR: (mel_bins, 4)} if isinstance(normaliser, PerBin) else {}


def scale_and_offset(
    normaliser: Normaliser, weights: Mapping[str, NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scale and offset, float32, each [2, 1] or [2, mel_bins] (log magnitude first).

    Raises:
        ModelError: a number is not finite, a scale is zero, or the data lie beyond what can sound.
    """
    match normaliser:
        case Identity():
            rows = np.array([[1.0, 0.0, 1.0, 0.0]], np.float32)
        case Constants() as c:
            with np.errstate(over="ignore"):
                rows = np.array([msgspec.structs.astuple(c)], np.float32)
        case PerBin():
            rows = weights[PER_BIN_TENSOR]
    # A scale so small that its reciprocal overflows is as useless as zero.
    with np.errstate(divide="ignore", over="ignore"):
        usable = np.isfinite(rows).all() and np.isfinite(1 / rows[:, 0::2]).all()
    if not usable:
        raise ModelError(
            "the normaliser has numbers that are zero or not finite: the model cannot be played; "
            "train or import it with specgrams_prespecified_normalizer"
        )
    # Nothing but model.json vouches for these; the numbers for each bin have their sum there.
    if isinstance(normaliser, Constants):
        scale, offset = np.abs(rows[:, 0::2]), np.abs(rows[:, 1::2])
        if (scale > LARGEST_SCALE).any() or ((1.0 + offset) / scale > FARTHEST).any():
            raise ModelError("the normaliser has numbers out of all proportion; it is damaged")
    return np.ascontiguousarray(rows[:, 0::2].T), np.ascontiguousarray(rows[:, 1::2].T)

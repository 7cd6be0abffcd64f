"""From a network's output to mel-IF data: data = (output - offset) / scale, for each channel."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import ModelError

PER_BIN_TENSOR = "normaliser"


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
        ModelError: a number is not finite, or a scale is zero.
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
    return np.ascontiguousarray(rows[:, 0::2].T), np.ascontiguousarray(rows[:, 1::2].T)

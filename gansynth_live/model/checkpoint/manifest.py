"""weights_manifest.json: how TensorFlow.js packs tensors into files of raw bytes."""

from math import prod
from pathlib import PurePosixPath
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.contents import path_within

LARGEST_MANIFEST = 4 << 20
LARGEST_TENSOR = 1 << 30
ITEM_BYTES = {
    "float32": 4,
    "int32": 4,
    "bool": 1,
    "complex64": 8,
    "float16": 2,
    "uint16": 2,
    "uint8": 1,  # of quantised ones
}

Side = Annotated[int, Meta(ge=0, le=1 << 24)]


class Quantization(msgspec.Struct, frozen=True):
    """How a tensor's numbers are stored: `scale` * q + `min`, or as half floats."""

    dtype: Literal["uint8", "uint16", "float16"]
    min: float = 0.0
    scale: float = 1.0


class Weight(msgspec.Struct, frozen=True):
    """A tensor of a group."""

    name: str
    shape: tuple[Side, ...]
    dtype: Literal["float32", "int32", "bool", "complex64"] = "float32"
    quantization: Quantization | None = None

    @property
    def stored(self) -> str:
        """The dtype of the stored numbers."""
        return self.quantization.dtype if self.quantization else self.dtype

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return prod(self.shape) * ITEM_BYTES[self.stored]


class Group(msgspec.Struct, frozen=True):
    """Tensors that lie one after the other in some files, as if these were one."""

    paths: list[str]
    weights: list[Weight]

    @property
    def size(self) -> int:
        """Bytes of all its tensors."""
        return sum(weight.size for weight in self.weights)


def parse_manifest(content: bytes) -> list[Group]:
    """The groups of a manifest; their paths lie within its folder.

    Raises:
        CheckpointError: it is damaged, or holds what no GANSynth model does.
    """
    try:
        groups = msgspec.json.decode(content, type=list[Group])
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{error}; the file is damaged") from error
    for weight in (weight for group in groups for weight in group.weights):
        if weight.size > LARGEST_TENSOR:
            raise CheckpointError(f"{weight.name!r:.100} has the impossible shape {weight.shape}")
    shard_paths(groups)
    return groups


def shard_paths(groups: list[Group]) -> list[PurePosixPath]:
    """The files of all groups, within the manifest's folder."""
    return [path_within(path) for group in groups for path in group.paths]

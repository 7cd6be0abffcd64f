"""The generator's variables by Magenta's names, whatever kind of file holds them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError

BLOCK = "Generator/progressive_gan_generator/progressive_gan_block_"
AVERAGED = "/ExponentialMovingAverage"


class Variables(Protocol):
    """Tensors by name.

    Attributes:
        index_path: the file that names them.
    """

    index_path: Path

    def __contains__(self, name: str, /) -> bool:
        """Whether there is one of this name."""

    def read(self, name: str) -> NDArray[Any]:
        """One of them; `CheckpointError` if it is missing or damaged."""


def read_weights(
    variables: Variables, shapes: Mapping[str, tuple[int, ...]], asked_by: str
) -> tuple[dict[str, NDArray[np.float32]], list[str]]:
    """Tensors under our names, and the variables that they were read from.

    Moving averages are taken before the values themselves. `asked_by` is what the shapes are from.

    Raises:
        CheckpointError: one is missing, damaged, not finite or of another shape.
    """
    weights: dict[str, NDArray[np.float32]] = {}
    names: list[str] = []
    for ours, shape in shapes.items():
        name = variable_name(ours)
        if name + AVERAGED in variables:
            name += AVERAGED
        tensor = variables.read(name)
        if tensor.shape != shape or tensor.dtype != np.float32:
            raise CheckpointError(
                f"{variables.index_path}: {name} is {tensor.dtype} {list(tensor.shape)}, but "
                f"{asked_by} asks for float32 {list(shape)}; the two do not belong together"
            )
        if not np.isfinite(tensor).all():
            raise CheckpointError(f"{variables.index_path}: {name} has numbers that are not finite")
        weights[ours] = tensor
        names.append(name)
    return weights, names


def variable_name(name: str) -> str:
    """Magenta's name of a tensor, e.g. block_2.conv0.kernel."""
    block, layer, part = name.removeprefix("block_").split(".")
    layer = "to_rgb" if layer == "output" else layer
    return f"{BLOCK}{block}/{layer}/{'conv2d/kernel' if part == 'kernel' else part}"

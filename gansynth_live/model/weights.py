"""Tensors of a bundle: safetensors on disk, float32 arrays in memory while they are needed."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from gansynth_live.errors import ModelError

STORED: dict[str, type[np.float16] | type[np.float32]] = {"F16": np.float16, "F32": np.float32}


def unpack_weights(
    content: bytes, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, NDArray[np.float32]]:
    """Tensors by name, float32, exactly those that `shapes` asks for.

    Raises:
        ModelError: the bytes are no safetensors file, a tensor is missing, unexpected, of another
            shape or type, or has values that are not finite.
    """
    try:
        stored = dict(safetensors.deserialize(content))  # type: ignore[no-untyped-call]
    except safetensors.SafetensorError as error:
        raise ModelError(f"the weights are no safetensors file ({error}); copy it again") from error
    if missing := sorted(set(shapes) - set(stored)):
        raise ModelError(f"the weights lack {_listed(missing)}; the bundle is incomplete")
    if extra := sorted(set(stored) - set(shapes)):
        raise ModelError(f"the weights have {_listed(extra)}, which this family does not know")
    return {name: _tensor(name, stored[name], shape) for name, shape in shapes.items()}


class StoredWeights(Mapping[str, NDArray[np.float32]]):
    """Tensors by name, each read from its file when it is asked for.

    They are needed to build graphs, which are cached: an instrument that plays needs none.

    Args:
        path: a file whose contents `unpack_weights` has approved.
        shapes: what it holds.

    Raises:
        ModelError: when a tensor is asked for and the file is no longer the same.
    """

    def __init__(self, path: Path, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._path = path
        self._shapes = shapes
        self._approved = self._identity()

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        shape = self._shapes[name]
        try:
            with safetensors.safe_open(self._path, "numpy") as file:
                stored: NDArray[Any] = file.get_tensor(name)
        except (OSError, safetensors.SafetensorError) as error:
            raise self._lost() from error
        if stored.shape != shape or self._identity() != self._approved:
            raise self._lost()
        return stored.astype(np.float32)

    def __iter__(self) -> Iterator[str]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns

    def _lost(self) -> ModelError:
        return ModelError(f"{self._path}: has changed since it was opened; start again")


def pack_weights(weights: Mapping[str, NDArray[Any]]) -> bytes:
    """Safetensors bytes of float16 or float32 tensors."""
    stored = {name: np.ascontiguousarray(tensor) for name, tensor in weights.items()}
    packed: bytes = safetensors.numpy.save(stored)
    return packed


def _tensor(name: str, stored: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if tuple(stored["shape"]) != shape:
        raise ModelError(f"tensor {name} has the shape {stored['shape']}, not {list(shape)}")
    if stored["dtype"] not in STORED:
        raise ModelError(f"tensor {name} is stored as {stored['dtype']}, not as F16 or F32")
    flat = np.frombuffer(stored["data"], np.dtype(STORED[stored["dtype"]]).newbyteorder("<"))
    tensor: NDArray[np.float32] = flat.reshape(shape).astype(np.float32)
    if not np.isfinite(tensor).all():
        raise ModelError(f"tensor {name} has values that are not finite; the model is broken")
    return tensor


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

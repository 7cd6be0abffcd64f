"""Writes models in Magenta.js' form, as TensorFlow.js' converter does it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.checkpoint.folder import newest_checkpoint
from gansynth_live.model.checkpoint.tensors import TensorBundle
from tests.model.checkpoint.conftest import AVERAGED, BLOCK

SHARD = 50_000  # bytes; many tensors lie across the end of one


def averaged_variables(model: Path) -> dict[str, NDArray[Any]]:
    """The moving averages of a finished model's generator, of which Magenta.js' form consists."""
    tensors = TensorBundle(newest_checkpoint(model)[1])
    wanted = (f"{BLOCK}7/to_rgb", *(f"{BLOCK}{block}/conv" for block in range(1, 8)))
    return {
        name: tensors.read(name)
        for name in tensors.entries
        if name.startswith(wanted) and name.endswith(AVERAGED)
    }


def write_javascript(
    folder: Path, variables: Mapping[str, NDArray[Any]], quantised: str | None = None
) -> Path:
    """The folder, with a manifest and shards; numbers are uint8, uint16 or float16 if asked."""
    folder.mkdir()
    weights, contents = [], []
    for name, tensor in variables.items():
        entry: dict[str, Any] = {"name": name, "shape": tensor.shape, "dtype": "float32"}
        stored: NDArray[Any] = tensor.astype("<f4")
        if quantised == "float16":
            entry["quantization"] = {"dtype": quantised}
            stored = tensor.astype("<f2")
        elif quantised is not None:
            scale, least = step(tensor, quantised), float(tensor.min())
            entry["quantization"] = {"dtype": quantised, "scale": scale, "min": least}
            stored = np.round((tensor.astype(float) - least) / scale).astype(quantised)
        weights.append(entry)
        contents.append(stored.tobytes())
    content = b"".join(contents)
    count = -(-len(content) // SHARD)
    paths = [f"group1-shard{i + 1}of{count}" for i in range(count)]
    for i, path in enumerate(paths):
        (folder / path).write_bytes(content[i * SHARD : (i + 1) * SHARD])
    manifest = [{"paths": paths, "weights": weights}]
    (folder / "weights_manifest.json").write_text(json.dumps(manifest))
    return folder


def step(tensor: NDArray[Any], quantised: str) -> float:
    """Between two numbers that can be told apart."""
    steps = np.iinfo(quantised).max
    return float(tensor.max() - tensor.min()) / steps or 1.0

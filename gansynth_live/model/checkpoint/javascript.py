"""Models in Magenta.js' form: weights_manifest.json and files of raw bytes, often in few bits.

It holds the variables of TensorFlow's form by the same names, as far as a finished model is made of
them; all else is constant in Magenta.js. (That program scales the output layer's kernel otherwise
than the original that the weights were trained in; the original is right.)
"""

from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError
from gansynth_live.files import open_regular, read_bounded
from gansynth_live.model.checkpoint.contents import MANIFEST
from gansynth_live.model.checkpoint.experiment import Experiment
from gansynth_live.model.checkpoint.found import HIGH_PITCH, LOW_PITCH, Found, model_spec
from gansynth_live.model.checkpoint.manifest import (
    LARGEST_MANIFEST,
    Group,
    Weight,
    parse_manifest,
    shard_paths,
)
from gansynth_live.model.checkpoint.note import ImportNote
from gansynth_live.model.checkpoint.variables import (
    AVERAGED,
    read_weights,
    variable_name,
)
from gansynth_live.model.normaliser import Constants

BLOCKS = 7
START = (2, 16)  # frames and mel bins of the first block
PITCHES = HIGH_PITCH - LOW_PITCH + 1
STORED = {"float32": "<f4", "float16": "<f2", "uint16": "<u2", "uint8": "u1"}


class PackedTensors:
    """The tensors of a manifest, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        """Read the manifest of a folder.

        Raises:
            CheckpointError: it is damaged, or its files are not as long as it says.
        """
        self.index_path = folder / MANIFEST
        self._places: dict[str, tuple[Weight, Group, int]] = {}
        try:
            groups = parse_manifest(read_bounded(self.index_path, LARGEST_MANIFEST))
        except CheckpointError as error:
            raise CheckpointError(f"{self.index_path}: {error}") from error
        except OSError as error:
            raise CheckpointError(f"{self.index_path}: {error.strerror}") from error
        self.files = [self.index_path, *(folder / path for path in shard_paths(groups))]
        for group in groups:
            self._check_size(group)
            offset = 0
            for weight in group.weights:
                self._places[weight.name] = (weight, group, offset)
                offset += weight.size

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def weight(self, name: str) -> Weight:
        """How a tensor is stored.

        Raises:
            CheckpointError: there is none of this name.
        """
        if name not in self._places:
            raise CheckpointError(f"{self.index_path}: no variable {name}; not a GANSynth model?")
        return self._places[name][0]

    def read(self, name: str) -> NDArray[Any]:
        """One tensor, in full numbers.

        Raises:
            CheckpointError: it is missing, or of an unsupported kind.
        """
        weight = self.weight(name)
        _, group, offset = self._places[name]
        if weight.stored not in STORED:
            raise CheckpointError(f"{self.index_path}: {name} is {weight.dtype}, not float32")
        content = self._bytes(group, offset, weight.size)
        stored = np.frombuffer(content, STORED[weight.stored]).reshape(weight.shape)
        if weight.quantization is None or weight.stored == "float16":
            return stored.astype(np.float32)
        with np.errstate(over="ignore"):  # what is not finite is refused by who reads it
            values = stored * np.float64(weight.quantization.scale) + weight.quantization.min
            return values.astype(np.float32)

    def _check_size(self, group: Group) -> None:
        paths = [self.index_path.parent / path for path in group.paths]
        try:
            size = sum(path.stat().st_size for path in paths)
        except OSError as error:
            raise CheckpointError(
                f"{error.filename}: {error.strerror}; copy the whole folder"
            ) from error
        if size != group.size:
            raise CheckpointError(
                f"{paths[0]} ...: {size} bytes, but {MANIFEST} says {group.size}; copy them again"
            )

    def _bytes(self, group: Group, offset: int, size: int) -> bytes:
        """A stretch of the group's files, as if these were one."""
        pieces = []
        for path in group.paths:
            with open_regular(self.index_path.parent / path) as file:
                length = file.seek(0, 2)
                if offset < length and size > 0:
                    file.seek(offset)
                    pieces.append(file.read(size))
                    size -= len(pieces[-1])
                offset = max(offset - length, 0)
        return b"".join(pieces)


def read_javascript(source: Path, name: str, licence: str) -> Found:
    """The model of a folder in Magenta.js' form.

    Raises:
        CheckpointError: it is damaged or of an unsupported kind.
    """
    tensors = PackedTensors(source)
    alphas = (0.0,) * (BLOCKS - 1) + (1.0,)
    e = Experiment(
        latent_vector_size=max(_shape(tensors, "block_1.conv0.kernel")[2] - PITCHES, 1),
        start_height=START[0],
        start_width=START[1],
        num_resolutions=BLOCKS,
    )
    channels = tuple(
        _shape(tensors, f"block_{block}.conv1.kernel")[3] for block in range(1, BLOCKS + 1)
    )
    normaliser = Constants(
        e.mag_normalizer_a, e.mag_normalizer_b, e.p_normalizer_a, e.p_normalizer_b
    )
    spec = model_spec(e, channels, alphas, normaliser, name, licence)
    shapes = spec.family.tensors(spec.latent_size, spec.pitches)
    weights, names = read_weights(tensors, shapes, "Magenta.js")
    note = ImportNote(
        source=name,
        checkpoint=MANIFEST,
        stage=None,
        global_step=None,
        progress=BLOCKS - 1.0,
        alphas=alphas,
        averaged=[variable for variable in names if variable.endswith(AVERAGED)],
        raw=[variable for variable in names if not variable.endswith(AVERAGED)],
        sha256={},
        quantised=[v for v in names if tensors.weight(v).quantization is not None],
    )
    return Found(spec, weights, note, tensors.files)


def _shape(tensors: PackedTensors, ours: str) -> tuple[int, ...]:
    """Shape of a kernel."""
    name = variable_name(ours)
    weight = tensors.weight(name + AVERAGED if name + AVERAGED in tensors else name)
    if len(weight.shape) != 4 or not prod(weight.shape):
        raise CheckpointError(f"{tensors.index_path}: {weight.name} has the shape {weight.shape}")
    return weight.shape

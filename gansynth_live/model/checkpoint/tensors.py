"""A TensorFlow "V2" checkpoint (tensor bundle): an index of names, and raw bytes in shards."""

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import CheckpointError
from gansynth_live.files import open_regular, read_bounded
from gansynth_live.model.checkpoint.crc32c import crc32c, unmask
from gansynth_live.model.checkpoint.sstable import read_table
from gansynth_live.model.checkpoint.wire import fields, signed

# Numbers of types.proto.
DTYPES = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 19: "<f2"}
LARGEST_INDEX = 64 << 20
LARGEST_TENSOR = 1 << 30
MOST_SHARDS = 10_000


@dataclass(frozen=True)
class Entry:
    """Where a tensor lies (BundleEntryProto)."""

    dtype: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    checksum: int
    sliced: bool


class TensorBundle:
    """The tensors of a checkpoint, read when asked for and checked each time."""

    def __init__(self, prefix: Path) -> None:
        """Read the index of `prefix` (the path without .index).

        Raises:
            CheckpointError: it is missing, damaged or of an unsupported kind.
        """
        self._prefix = prefix
        self.index_path = prefix.with_name(f"{prefix.name}.index")
        content = _read_file(self.index_path, LARGEST_INDEX)
        try:
            self._shards, self.entries = parse_index(content)
        except CheckpointError as error:
            raise CheckpointError(f"{self.index_path}: {error}") from error

    def shard_path(self, shard: int) -> Path:
        """File that holds the raw bytes of a shard."""
        name = f"{self._prefix.name}.data-{shard:05d}-of-{self._shards:05d}"
        return self._prefix.with_name(name)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def read(self, name: str) -> NDArray[Any]:
        """One tensor.

        Raises:
            CheckpointError: it is missing, damaged or of an unsupported kind.
        """
        if name not in self.entries:
            raise CheckpointError(f"{self.index_path}: no variable {name}; not a GANSynth model?")
        entry = self.entries[name]
        try:
            dtype = self._check(entry)
        except CheckpointError as error:
            raise CheckpointError(f"{self.index_path}: variable {name} {error}") from error
        path = self.shard_path(entry.shard)
        content = _read_part(path, entry.offset, entry.size)
        if crc32c(content) != unmask(entry.checksum):
            raise CheckpointError(f"{path}: the checksum of {name} is wrong; copy the file again")
        return np.frombuffer(content, dtype).reshape(entry.shape)

    def _check(self, entry: Entry) -> np.dtype[Any]:
        if entry.dtype not in DTYPES:
            raise CheckpointError(f"has the data type number {entry.dtype}, which is not supported")
        if entry.sliced:
            raise CheckpointError("is saved in slices, which is not supported")
        dtype = np.dtype(DTYPES[entry.dtype])
        if not 0 <= entry.shard < self._shards or entry.offset < 0:
            raise CheckpointError("lies outside the checkpoint; the index is damaged")
        if min(entry.shape, default=1) < 0 or entry.size > LARGEST_TENSOR:
            raise CheckpointError(f"has the impossible shape {list(entry.shape)}")
        if prod(entry.shape) * dtype.itemsize != entry.size:
            raise CheckpointError("has a size that does not fit its shape; the index is damaged")
        return dtype


def parse_index(content: bytes) -> tuple[int, dict[str, Entry]]:
    """Number of shards, and the entries by name.

    Raises:
        CheckpointError: the index is damaged or of an unsupported kind.
    """
    table = read_table(content)
    shards = _shard_count(table.pop(b"", b""))
    return shards, {_name(key): _entry(value) for key, value in table.items()}


def _shard_count(header: bytes) -> int:
    shards, big_endian = 0, 0
    for number, value in fields(header):
        if number == 1 and isinstance(value, int):
            shards = value
        elif number == 2 and isinstance(value, int):
            big_endian = value
    if big_endian:
        raise CheckpointError("written on a big-endian machine, which is not supported")
    if not 1 <= shards <= MOST_SHARDS:
        raise CheckpointError(f"{shards} data files announced; the index is damaged")
    return shards


def _entry(message: bytes) -> Entry:
    numbers = dict.fromkeys((1, 3, 4, 5, 6), 0)
    shape: tuple[int, ...] = ()
    sliced = False
    for number, value in fields(message):
        if number == 2 and isinstance(value, bytes):
            shape = _shape(value)
        elif number == 7:
            sliced = True
        elif number in numbers and isinstance(value, int):
            numbers[number] = signed(value)
    return Entry(numbers[1], shape, numbers[3], numbers[4], numbers[5], numbers[6], sliced)


def _shape(message: bytes) -> tuple[int, ...]:
    sizes = []
    for number, value in fields(message):
        if number == 2 and isinstance(value, bytes):
            size = [signed(v) for n, v in fields(value) if n == 1 and isinstance(v, int)]
            sizes.append(size[-1] if size else 0)
    return tuple(sizes)


def _name(key: bytes) -> str:
    try:
        return key.decode()
    except UnicodeDecodeError as error:
        raise CheckpointError("a variable's name is no text; the index is damaged") from error


def _read_file(path: Path, largest: int) -> bytes:
    try:
        return read_bounded(path, largest)
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}; the checkpoint is incomplete") from error


def _read_part(path: Path, offset: int, size: int) -> bytes:
    try:
        with open_regular(path) as file:
            file.seek(offset)
            content = file.read(size)
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}; the checkpoint is incomplete") from error
    if len(content) < size:
        raise CheckpointError(f"{path}: the end is missing; copy the file again")
    return content

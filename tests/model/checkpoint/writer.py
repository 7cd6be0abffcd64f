"""Writes small checkpoints in TensorFlow's "V2" format, so that unusual ones can be tried."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live.model.checkpoint.crc32c import ALL_ONES, MASK_DELTA, crc32c
from gansynth_live.model.checkpoint.sstable import MAGIC

TYPES = {"float32": 1, "float64": 2, "int32": 3, "int64": 9, "float16": 19}
RESTART_EVERY = 16
ENTRIES_A_BLOCK = 50


def masked(data: bytes) -> int:
    """TensorFlow's masked checksum."""
    checksum = crc32c(data)
    return ((checksum >> 15 | checksum << 17) + MASK_DELTA) & ALL_ONES


def number(value: int) -> bytes:
    """A varint."""
    value &= (1 << 64) - 1
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def field(index: int, value: int | bytes) -> bytes:
    """A varint or length-delimited field."""
    if isinstance(value, int):
        return number(index << 3) + number(value)
    return number(index << 3 | 2) + number(len(value)) + value


def entry(tensor: NDArray[Any], shard: int, offset: int) -> bytes:
    """A BundleEntryProto."""
    shape = b"".join(field(2, field(1, size)) for size in tensor.shape)
    checksum = number(6 << 3 | 5) + masked(tensor.tobytes()).to_bytes(4, "little")
    parts = [field(1, TYPES[str(tensor.dtype)]), field(2, shape), field(3, shard)]
    return b"".join([*parts, field(4, offset), field(5, tensor.nbytes), checksum])


def table(pairs: Mapping[bytes, bytes], compression: int = 0) -> bytes:
    """A sorted string table with several blocks and shared key beginnings.

    Nothing is compressed; `compression` is only what the blocks say of themselves.
    """
    content, index = b"", {}
    items = sorted(pairs.items())
    for start in range(0, len(items), ENTRIES_A_BLOCK):
        part = items[start : start + ENTRIES_A_BLOCK]
        content, handle = _add_block(content, part, compression)
        index[part[-1][0]] = handle
    content, meta = _add_block(content, [], compression)
    content, top = _add_block(content, sorted(index.items()), compression)
    return content + (meta + top).ljust(40, b"\0") + MAGIC.to_bytes(8, "little")


def write_checkpoint(
    prefix: Path, tensors: Mapping[str, NDArray[Any]], shards: int = 1, header: bytes | None = None
) -> None:
    """Write the index and the data files of `prefix`; tensors go to the shards in turn."""
    data = [b""] * shards
    plain = field(1, shards) + field(3, field(1, 1))
    pairs = {b"": plain if header is None else header}
    for turn, (name, tensor) in enumerate(sorted(tensors.items())):
        shard = turn % shards
        pairs[name.encode()] = entry(tensor, shard, len(data[shard]))
        data[shard] += tensor.tobytes()
    prefix.with_name(f"{prefix.name}.index").write_bytes(table(pairs))
    for shard, content in enumerate(data):
        name = f"{prefix.name}.data-{shard:05d}-of-{shards:05d}"
        prefix.with_name(name).write_bytes(content)


def _add_block(
    content: bytes, items: list[tuple[bytes, bytes]], compression: int
) -> tuple[bytes, bytes]:
    body, before, restarts = b"", b"", []
    for turn, (key, value) in enumerate(items):
        shared = 0
        if turn % RESTART_EVERY == 0:
            restarts.append(len(body))
        else:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        body += number(shared) + number(len(key) - shared) + number(len(value))
        body += key[shared:] + value
        before = key
    restarts = restarts or [0]
    body += np.array([*restarts, len(restarts)], "<u4").tobytes()
    handle = number(len(content)) + number(len(body))
    checked = body + bytes([compression])
    return content + checked + masked(checked).to_bytes(4, "little"), handle

"""Sorted string tables (the LevelDB table format), which TensorFlow keeps its indexes in."""

import struct
from collections.abc import Iterator

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.crc32c import crc32c, unmask
from gansynth_live.model.checkpoint.wire import varint

MAGIC = 0xDB4775248B80FB57
FOOTER_BYTES = 48
TRAILER_BYTES = 5  # how the block is compressed, masked checksum
UNCOMPRESSED = 0


def read_table(content: bytes) -> dict[bytes, bytes]:
    """All keys and values of a table, in ascending order of the keys.

    Raises:
        CheckpointError: the table is damaged or compressed.
    """
    table: dict[bytes, bytes] = {}
    last = None
    for _, handle in _entries(_block(content, *_index_handle(content))):
        for key, value in _entries(_block(content, *_block_handle(handle, 0)[:2])):
            if last is not None and key <= last:
                raise CheckpointError("the index is not sorted; the file is damaged")
            table[key] = value
            last = key
    return table


def _index_handle(content: bytes) -> tuple[int, int]:
    """Offset and size of the block that lists the data blocks."""
    footer = content[-FOOTER_BYTES:]
    if len(footer) < FOOTER_BYTES or int.from_bytes(footer[-8:], "little") != MAGIC:
        raise CheckpointError("not a checkpoint index, or its end is missing")
    offset, size, end = _block_handle(footer, 0)
    _block(content, offset, size)  # says nothing here, but must not be damaged
    offset, size, _ = _block_handle(footer, end)
    return offset, size


def _block_handle(data: bytes, position: int) -> tuple[int, int, int]:
    offset, position = varint(data, position)
    size, position = varint(data, position)
    return offset, size, position


def _block(content: bytes, offset: int, size: int) -> bytes:
    end = offset + size + TRAILER_BYTES
    if end > len(content) - FOOTER_BYTES:
        raise CheckpointError("a block lies beyond the end of the index; the file is damaged")
    checked, checksum = content[offset : end - 4], content[end - 4 : end]
    if crc32c(checked) != unmask(int.from_bytes(checksum, "little")):
        raise CheckpointError("a checksum in the index is wrong; the file is damaged")
    if checked[-1] != UNCOMPRESSED:
        raise CheckpointError(
            "the index is compressed, which is not supported; save the checkpoint again with "
            "TensorFlow's tf.train.Saver, which does not compress it"
        )
    return checked[:-1]


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block; each key shares its beginning with the one before."""
    if len(block) < 4:
        raise CheckpointError("a block of the index is too short; the file is damaged")
    (restarts,) = struct.unpack_from("<I", block, len(block) - 4)
    end = len(block) - 4 * (restarts + 1)
    position, key = 0, b""
    while position < end:
        shared, position = varint(block, position)
        unshared, position = varint(block, position)
        size, position = varint(block, position)
        if shared > len(key) or position + unshared + size > end:
            raise CheckpointError("an entry of the index is cut off; the file is damaged")
        key = key[:shared] + block[position : position + unshared]
        position += unshared
        yield key, block[position : position + size]
        position += size
    if position != end:
        raise CheckpointError("a block of the index has a wrong size; the file is damaged")

"""The protocol-buffer wire format, as far as checkpoint indexes use it."""

from collections.abc import Iterator

from gansynth_live.errors import CheckpointError

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
FIXED_BYTES = {FIXED64: 8, FIXED32: 4}
LONGEST_VARINT = 10

Field = tuple[int, int | bytes]


def varint(data: bytes, position: int) -> tuple[int, int]:
    """Unsigned number (up to 64 bits) at `position`, and the position after it.

    Raises:
        CheckpointError: the data end inside the number, or it is too long.
    """
    value = 0
    for index, byte in enumerate(data[position : position + LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            if value >> 64:
                break
            return value, position + index + 1
    raise CheckpointError("a number in the index is cut off or too long; the file is damaged")


def fields(message: bytes) -> Iterator[Field]:
    """Field number and value of each field: an int, or bytes for length-delimited ones.

    Raises:
        CheckpointError: the message is cut off or has a field of an unknown kind.
    """
    position = 0
    while position < len(message):
        tag, position = varint(message, position)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, position = varint(message, position)
            yield number, value
            continue
        if kind == LENGTH:
            size, position = varint(message, position)
        elif kind in FIXED_BYTES:
            size = FIXED_BYTES[kind]
        else:
            raise CheckpointError(f"a field of the unknown kind {kind} in the index; it is damaged")
        content = message[position : position + size]
        if len(content) < size:
            raise CheckpointError("a field of the index is cut off; the file is damaged")
        position += size
        yield number, content if kind == LENGTH else int.from_bytes(content, "little")


def signed(value: int) -> int:
    """A 64-bit varint as the signed number that it stands for."""
    return value - (1 << 64) if value >> 63 else value

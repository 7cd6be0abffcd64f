"""OSC 1.0 packets: bytes to messages and back. Bounded, and every damage is one kind of error.

Time tags of bundles are not kept: everything acts now. Types are those that our parameters have:
int32, int64, float, double, text, true, false; nil and impulse count as no argument.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from gansynth_live.errors import UsageError

MOST_BYTES = 4096
DEEPEST = 4  # bundles in bundles
MOST_ARGUMENTS = 64
BUNDLE = b"#bundle\x00"
TIME_TAG = 8  # bytes
NUMBERS = {"i": ">i", "h": ">q", "f": ">f", "d": ">d"}
PATTERNS = "*?[]{}"

Argument: TypeAlias = int | float | str | bool


class OscError(UsageError):
    """A packet is none, or asks for what there is not."""


class Message(NamedTuple):
    """An address and its arguments."""

    address: str
    arguments: tuple[Argument, ...] = ()


def parse(packet: bytes) -> list[Message]:
    """The messages of a packet, those in bundles too, in order.

    Raises:
        OscError: it is damaged, too large, or holds what is not understood.
    """
    if len(packet) > MOST_BYTES:
        raise OscError(f"packets of more than {MOST_BYTES} bytes are not read")
    return list(_messages(packet, 0))


def encode(message: Message) -> bytes:
    """The packet of one message; whole numbers as int32, others as float."""
    types, data = ",", b""
    for argument in message.arguments:
        if isinstance(argument, bool):
            types += "T" if argument else "F"
        elif isinstance(argument, int):
            types += "i"
            data += struct.pack(">i", max(min(argument, 2**31 - 1), -(2**31)))
        elif isinstance(argument, float):
            types += "f"
            data += struct.pack(">f", argument)
        else:
            types += "s"
            data += _text(argument)
    return _text(message.address) + _text(types) + data


def _messages(packet: bytes, depth: int) -> Iterator[Message]:
    if not packet.startswith(BUNDLE):
        yield _message(packet)
        return
    if depth == DEEPEST:
        raise OscError("the packet has bundles in bundles in bundles")
    at = len(BUNDLE) + TIME_TAG
    if len(packet) < at:
        raise OscError("the bundle is cut off")
    while at < len(packet):
        size = int.from_bytes(packet[at : at + 4], "big")
        element = packet[at + 4 : at + 4 + size]
        if size == 0 or len(packet) - at < 4 or len(element) < size:
            raise OscError("the bundle is cut off")
        yield from _messages(element, depth + 1)
        at += 4 + size


def _message(packet: bytes) -> Message:
    address, at = _read_text(packet, 0)
    if not address.startswith("/") or any(letter in PATTERNS for letter in address):
        raise OscError(f"{address!r:.60} is no address that is understood; patterns are not")
    types, at = _read_text(packet, at) if at < len(packet) else (",", at)
    if not types.startswith(",") or len(types) > 1 + MOST_ARGUMENTS:
        raise OscError(f"{address:.60}: its types are damaged")
    arguments: list[Argument] = []
    for kind in types[1:]:
        if kind in NUMBERS:
            size = struct.calcsize(NUMBERS[kind])
            if at + size > len(packet):
                raise OscError(f"{address:.60}: an argument is cut off")
            arguments.append(struct.unpack_from(NUMBERS[kind], packet, at)[0])
            at += size
        elif kind == "s":
            text, at = _read_text(packet, at)
            arguments.append(text)
        elif kind in "TF":
            arguments.append(kind == "T")
        elif kind not in "NI":
            raise OscError(f"{address:.60}: arguments of type {kind!r} are not understood")
    return Message(address, tuple(arguments))


def _read_text(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.find(b"\x00", at)
    if end < 0:
        raise OscError("a text in the packet is cut off")
    try:
        return packet[at:end].decode(), (end // 4 + 1) * 4
    except UnicodeDecodeError:
        raise OscError("a text in the packet is not in UTF-8") from None


def _text(text: str) -> bytes:
    raw = text.encode(errors="replace").replace(b"\x00", b"")
    return raw + b"\x00" * (4 - len(raw) % 4)

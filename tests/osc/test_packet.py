"""OSC packets: read, written, damaged."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.osc.packet import MOST_BYTES, Message, OscError, encode, parse

arguments = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32, allow_nan=False),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
    st.booleans(),
)


def bundle(*elements: bytes) -> bytes:
    body = b"".join(len(element).to_bytes(4, "big") + element for element in elements)
    return b"#bundle\0" + bytes(8) + body


@given(st.lists(arguments, max_size=10))
def test_a_message_comes_back(several: list[int | float | str | bool]) -> None:
    message = Message("/gansynth/voice/attack", tuple(several))
    packet = encode(message)
    assert len(packet) % 4 == 0
    assert parse(packet) == [message]


def test_bytes_are_those_of_the_standard() -> None:
    """The example of the OSC 1.0 specification."""
    packet = b"/oscillator/4/frequency\0,f\0\0" + struct.pack(">f", 440.0)
    assert parse(packet) == [Message("/oscillator/4/frequency", (440.0,))]
    assert encode(Message("/oscillator/4/frequency", (440.0,))) == packet


def test_bundles_are_flat_and_in_order() -> None:
    one, two, three = (encode(Message(f"/{name}", (1,))) for name in "abc")
    assert [m.address for m in parse(bundle(one, bundle(two), three))] == ["/a", "/b", "/c"]


def test_a_message_without_types_is_a_question() -> None:
    assert parse(b"/a\0\0") == [Message("/a")]


def deep(levels: int) -> bytes:
    packet = encode(Message("/a"))
    for _ in range(levels):
        packet = bundle(packet)
    return packet


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"a\0\0\0",
        b"/a",
        b"/\xff\0\0",
        b"/a*\0,\0\0\0",
        b"/a\0\0,i\0\0\0\0",
        b"/a\0\0,s\0\0abc",
        b"/a\0\0,b\0\0\0\0\0\0",
        b"/a\0\0x\0\0\0",
        b"#bundle\0",
        bundle(b"/a\0\0")[:-1],
        b"#bundle\0" + bytes(12),
        deep(5),
        bytes(MOST_BYTES + 1),
    ],
)
def test_damage_is_one_kind_of_error_in_one_line(packet: bytes) -> None:
    with pytest.raises(OscError) as error:
        parse(packet)
    assert "\n" not in str(error.value)


@given(st.binary(max_size=300), st.booleans())
def test_whatever_comes_is_read_or_refused(content: bytes, in_a_bundle: bool) -> None:
    with contextlib.suppress(OscError):
        parse(bundle(content) if in_a_bundle else content)


@given(st.integers(0, 200), st.integers(0, 255))
def test_one_wrong_byte(at: int, byte: int) -> None:
    packet = bytearray(bundle(encode(Message("/gansynth/note", (60, 0.5, "x", True)))))
    packet[at % len(packet)] = byte
    with contextlib.suppress(OscError):
        parse(bytes(packet))

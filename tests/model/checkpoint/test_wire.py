import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.wire import fields, signed, varint
from tests.model.checkpoint.writer import field, number

numbers = st.integers(0, (1 << 64) - 1)
messages = st.lists(st.tuples(st.integers(1, 1 << 20), numbers | st.binary(max_size=20)))


@given(numbers, st.binary(max_size=4))
def test_numbers_come_back(value: int, behind: bytes) -> None:
    written = number(value)
    assert varint(written + behind, 0) == (value, len(written))


@given(messages)
def test_fields_come_back(message: list[tuple[int, int | bytes]]) -> None:
    assert list(fields(b"".join(field(*part) for part in message))) == message


@pytest.mark.parametrize(
    "message",
    [
        b"\x80",
        b"\x08",
        b"\x08" + b"\x80" * 10 + b"\x01",
        b"\x08" + b"\xff" * 9 + b"\x02",
        b"\x12\x05abc",
        b"\x0d\x00\x00",
        b"\x09\x00",
        b"\x0b",
        b"\x12\xff\xff\xff\xff\x0f",
    ],
)
def test_damaged_messages(message: bytes) -> None:
    with pytest.raises(CheckpointError):
        list(fields(message))


@given(st.binary(max_size=60))
def test_garbage_is_refused_or_read(message: bytes) -> None:
    try:
        parts = list(fields(message))
    except CheckpointError:
        return
    assert all(isinstance(value, int | bytes) for _, value in parts)


def test_negative_numbers() -> None:
    assert signed((1 << 64) - 1) == -1
    assert signed(5) == 5

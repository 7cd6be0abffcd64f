import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.model.checkpoint.crc32c import POLYNOMIAL, crc32c, unmask
from tests.model.checkpoint.writer import masked


@pytest.mark.parametrize(
    ("data", "checksum"),
    [  # RFC 3720, appendix B.4, and the usual check value
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"", 0),
    ],
)
def test_known_values(data: bytes, checksum: int) -> None:
    assert crc32c(data) == checksum


def bit_by_bit(data: bytes) -> int:
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (POLYNOMIAL if register & 1 else 0)
    return register ^ 0xFFFFFFFF


@given(st.binary(max_size=300))
def test_any_length(data: bytes) -> None:
    assert crc32c(data) == bit_by_bit(data)


@pytest.mark.parametrize("size", [4095, 4096, 4097, 40_001])
def test_long_data(size: int) -> None:
    data = bytes(i * i % 251 for i in range(size))
    assert crc32c(data) == bit_by_bit(data)


@given(st.binary(max_size=40))
def test_mask_comes_off(data: bytes) -> None:
    assert unmask(masked(data)) == crc32c(data)

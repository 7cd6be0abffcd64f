"""CRC-32C (Castagnoli, RFC 3720), many words at a time, and the mask that TensorFlow puts on it.

The register is linear over GF(2). So the data are cut into lanes that advance side by side, and
the lanes' results are joined in pairs, the left one moved on by as many zero words as the right
one has.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

POLYNOMIAL = 0x82F63B78
MASK_DELTA = 0xA282EAD8
ALL_ONES = 0xFFFFFFFF
WORD = 4

Words = NDArray[np.uint32]


def crc32c(data: bytes | memoryview) -> int:
    """Checksum of the data."""
    if len(data) < WORD:
        return _short(bytes(data))
    words = -(-len(data) // WORD)
    # Each step of a lane costs a call, so there are more lanes than steps.
    lane = max(0, words.bit_length() // 2 - 3)
    lanes = -(-words >> lane)
    pairs = max(0, (lanes - 1).bit_length())
    # Zeros in front leave a register of zeros alone; inverting the first word stands for the
    # register of ones that the checksum begins with.
    padded = np.zeros((1 << pairs) << lane << 2, np.uint8)
    padded[len(padded) - len(data) :] = np.frombuffer(data, np.uint8)
    padded[len(padded) - len(data) :][:WORD] ^= 0xFF
    columns = np.ascontiguousarray(padded.view("<u4").reshape(1 << pairs, 1 << lane).T)
    low, high = _word_tables()
    register = np.zeros(1 << pairs, np.uint32)
    for column in columns:
        register ^= column
        register = low[register & 0xFFFF] ^ high[register >> 16]
    for level in range(pairs):
        register = _apply(_zero_words(lane + level), register[0::2]) ^ register[1::2]
    return int(register[0]) ^ ALL_ONES


def unmask(masked: int) -> int:
    """The checksum behind TensorFlow's mask (a rotation and a sum)."""
    rotated = (masked - MASK_DELTA) & ALL_ONES
    return (rotated >> 17 | rotated << 15) & ALL_ONES


def _short(data: bytes) -> int:
    register = ALL_ONES
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (POLYNOMIAL if register & 1 else 0)
    return register ^ ALL_ONES


@cache
def _zero_words(doublings: int) -> Words:
    """What 2^doublings zero words make of each bit of the register, uint32 [32]."""
    if doublings:
        half = _zero_words(doublings - 1)
        return _apply(half, half)
    bits = [1 << bit for bit in range(32)]
    for _ in range(32):
        bits = [bit >> 1 ^ (POLYNOMIAL if bit & 1 else 0) for bit in bits]
    return np.array(bits, np.uint32)


@cache
def _word_tables() -> tuple[Words, Words]:
    """One zero word's effect on every lower and every upper half of a register."""
    halves = np.arange(1 << 16, dtype=np.uint32)
    return _apply(_zero_words(0), halves), _apply(_zero_words(0), halves << np.uint32(16))


def _apply(operator: Words, registers: Words) -> Words:
    bits = registers >> np.arange(32, dtype=np.uint32)[:, None] & np.uint32(1)
    image: Words = np.bitwise_xor.reduce(bits * operator[:, None], axis=0)
    return image

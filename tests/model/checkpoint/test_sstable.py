import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.sstable import FOOTER_BYTES, read_table
from tests.model.checkpoint.writer import ENTRIES_A_BLOCK, table

pairs = st.dictionaries(st.binary(max_size=12), st.binary(max_size=30), max_size=80)
FRUIT = {b"apple": b"1", b"apricot": b"22", b"banana": b""}


@settings(deadline=None)
@given(pairs)
def test_tables_come_back(written: dict[bytes, bytes]) -> None:
    assert read_table(table(written)) == written


def test_several_blocks() -> None:
    written = {f"variable/{i:04d}".encode(): bytes([i % 256]) for i in range(3 * ENTRIES_A_BLOCK)}
    assert list(read_table(table(written)).items()) == sorted(written.items())


@pytest.mark.parametrize("size", range(len(table(FRUIT))))
def test_cut_off_tables(size: int) -> None:
    with pytest.raises(CheckpointError):
        read_table(table(FRUIT)[:size])


@pytest.mark.parametrize("bit", range(8))
def test_flipped_bits_are_refused_or_change_nothing(bit: int) -> None:
    content = table(FRUIT)
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1 << bit
        try:
            read = read_table(bytes(damaged))
        except CheckpointError:
            continue
        assert read == FRUIT
        assert position >= len(content) - FOOTER_BYTES  # only unused bytes of the footer


def test_compressed_tables_are_refused_with_the_reason() -> None:
    with pytest.raises(CheckpointError, match="compressed"):
        read_table(table(FRUIT, compression=1))


@given(st.binary(max_size=120))
def test_garbage(content: bytes) -> None:
    with pytest.raises(CheckpointError):
        read_table(content)

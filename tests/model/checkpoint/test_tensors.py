import shutil
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.tensors import TensorBundle, parse_index
from tests.model.checkpoint.writer import field, table, write_checkpoint

SMALL = "small/stage_00012/model.ckpt-56"
TENSORS = {
    "a/kernel": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
    "a/bias": np.array([-1.5, 2.5], np.float32),
    "b/double": np.array([1e300]),
    "b/half": np.array([0.5], np.float16),
    "step": np.array(56, np.int64),
    "whole": np.array([-7], np.int32),
}


def test_the_reference_checkpoint(golden: Path) -> None:
    tensors = TensorBundle(golden / SMALL)
    assert len(tensors.entries) == 312
    assert tensors.read("global_step") == 56
    for name in tensors.entries:
        assert np.isfinite(tensors.read(name)).all()


@pytest.mark.parametrize("shards", [1, 2, 5])
def test_shards(tmp_path: Path, shards: int) -> None:
    write_checkpoint(tmp_path / "model", TENSORS, shards)
    tensors = TensorBundle(tmp_path / "model")
    for name, written in TENSORS.items():
        assert tensors.read(name).dtype == written.dtype
        np.testing.assert_array_equal(tensors.read(name), written)
    assert "c" not in tensors
    with pytest.raises(CheckpointError, match="no variable c"):
        tensors.read("c")


def test_every_damaged_byte_of_an_index_is_refused_or_harmless(golden: Path) -> None:
    content = (golden / f"{SMALL}.index").read_bytes()
    whole = parse_index(content)
    harmless = 0
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1 << position % 8
        try:
            assert parse_index(bytes(damaged)) == whole
        except CheckpointError:
            continue
        harmless += 1
    assert harmless < 40  # the footer's padding


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_cut_off_index(golden: Path, part: float) -> None:
    content = (golden / f"{SMALL}.index").read_bytes()
    with pytest.raises(CheckpointError):
        parse_index(content[: int(part * len(content))])


def test_damaged_data(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "model", TENSORS)
    data = tmp_path / "model.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[4] ^= 0x10
    data.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"checksum of a/bias"):
        TensorBundle(tmp_path / "model").read("a/bias")


def test_cut_off_data(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "model", TENSORS)
    data = tmp_path / "model.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-1])
    tensors = TensorBundle(tmp_path / "model")
    tensors.read("step")
    with pytest.raises(CheckpointError, match="end is missing"):
        tensors.read("whole")


def test_missing_files(tmp_path: Path, golden: Path) -> None:
    with pytest.raises(CheckpointError, match=r"model\.index"):
        TensorBundle(tmp_path / "model")
    shutil.copy(golden / f"{SMALL}.index", tmp_path / "model.index")
    with pytest.raises(CheckpointError, match="data-00000-of-00001"):
        TensorBundle(tmp_path / "model").read("global_step")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"", "0 data files"),
        (field(1, 1 << 40), "data files"),
        (field(1, 1) + field(2, 1), "big-endian"),
        (b"\x80", "cut off"),
    ],
)
def test_bad_headers(tmp_path: Path, header: bytes, reason: str) -> None:
    write_checkpoint(tmp_path / "model", TENSORS, header=header)
    with pytest.raises(CheckpointError, match=reason):
        TensorBundle(tmp_path / "model")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (field(1, 7), "data type number 7"),
        (field(1, 1) + field(5, 8), "does not fit its shape"),
        (field(1, 1) + field(2, field(2, field(1, -1))), "impossible shape"),
        (field(1, 1) + field(2, field(2, field(1, 1 << 40))) + field(5, 1 << 42), "impossible"),
        (field(1, 1) + field(3, 1) + field(5, 4), "lies outside"),
        (field(1, 1) + field(4, -8) + field(5, 4), "lies outside"),
        (field(1, 1) + field(5, 4) + field(7, b""), "slices"),
    ],
)
def test_bad_entries_are_refused_when_wanted(tmp_path: Path, message: bytes, reason: str) -> None:
    content = table({b"": field(1, 1), b"bad": message})
    (tmp_path / "model.index").write_bytes(content)
    with pytest.raises(CheckpointError, match=reason):
        TensorBundle(tmp_path / "model").read("bad")


@pytest.mark.magenta
@pytest.mark.filterwarnings("ignore")  # TensorFlow's own
def test_reads_what_tensorflow_reads(golden: Path) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    theirs = tensorflow.train.load_checkpoint(str(golden / SMALL))
    ours = TensorBundle(golden / SMALL)
    assert set(ours.entries) == set(theirs.get_variable_to_shape_map())
    for name in ours.entries:
        np.testing.assert_array_equal(ours.read(name), theirs.get_tensor(name))

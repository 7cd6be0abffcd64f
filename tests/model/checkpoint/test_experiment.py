import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.experiment import Experiment, read_experiment


def read(folder: Path, content: bytes) -> Experiment:
    (folder / "experiment.json").write_bytes(content)
    return read_experiment(folder)


def test_absent_keys_have_the_originals_defaults(tmp_path: Path) -> None:
    experiment = read(tmp_path, b"{}")
    assert experiment.size() == (256, 512)
    assert [experiment.channels(block) for block in range(1, 8)] == [128, 128, 64, 32, 16, 8, 4]


def test_the_real_configuration(tmp_path: Path) -> None:
    keys = {"fmap_base": 4096, "fmap_max": 256, "start_height": 2, "start_width": 16}
    experiment = read(tmp_path, json.dumps(keys).encode())
    assert experiment.size() == (128, 1024)
    channels = [experiment.channels(block) for block in range(1, 8)]
    assert channels == [256, 256, 256, 256, 128, 64, 32]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data_type", "linear"),
        ("simple_arch", True),
        ("scale_mode", "H"),
        ("scale_base", 3),
        ("kernel_size", 5),
        ("to_rgb_activation", "linear"),
        ("g_fn", "other"),
        ("start_width", 12),
        ("num_resolutions", 0),
        ("num_resolutions", 10**9),
        ("latent_vector_size", -1),
        ("fmap_base", "4096"),
        ("train_time_limit", 0),
        ("stable_stage_num_images", 1.5),
    ],
)
def test_unsupported_values_are_named(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(CheckpointError, match=key if key != "start_width" else "mel bins"):
        read(tmp_path, json.dumps({key: value}).encode())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"a": 1}}', b"[" * 10_000])
def test_damaged_files(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CheckpointError):
        read(tmp_path, content)


def test_missing_file_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="give the folder"):
        read_experiment(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_garbage(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CheckpointError):
        read(tmp_path, content + b"x")

from pathlib import Path

import pytest

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.folder import newest_checkpoint

STAGES = ("stage_00000", "stage_00002", "stage_00010")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    for stage in STAGES:
        (tmp_path / stage).mkdir()
        (tmp_path / stage / "model.ckpt-7.index").touch()
        (tmp_path / stage / "model.ckpt-9.index").touch()
    (tmp_path / "stage_final").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "path",
    ["model.ckpt-9", "./model.ckpt-9", "/gone/stage_00010/model.ckpt-9", "C:\\gone\\model.ckpt-9"],
)
def test_the_last_stages_pointer(model: Path, path: str) -> None:
    pointer = f'model_checkpoint_path: "{path}"\nall_model_checkpoint_paths: "model.ckpt-7"\n'
    (model / STAGES[-1] / "checkpoint").write_text(pointer)
    assert newest_checkpoint(model) == (10, model / STAGES[-1] / "model.ckpt-9")


@pytest.mark.parametrize("text", ["", "model_checkpoint_path:", 'model_checkpoint_path: ".."'])
def test_a_damaged_pointer(model: Path, text: str) -> None:
    (model / STAGES[-1] / "checkpoint").write_text(text)
    with pytest.raises(CheckpointError, match="names no checkpoint"):
        newest_checkpoint(model)


def test_a_pointer_to_nothing(model: Path) -> None:
    (model / STAGES[-1] / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-8"')
    with pytest.raises(CheckpointError, match=r"model\.ckpt-8\.index"):
        newest_checkpoint(model)


def test_no_pointer(model: Path) -> None:
    with pytest.raises(CheckpointError, match="no file named checkpoint"):
        newest_checkpoint(model)
    (model / STAGES[-1] / "model.ckpt-7.index").unlink()
    assert newest_checkpoint(model) == (10, model / STAGES[-1] / "model.ckpt-9")


def test_no_stages(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no stage_"):
        newest_checkpoint(tmp_path)

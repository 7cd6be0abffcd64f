"""Names of models: which are fit, which are there."""

from pathlib import Path

import pytest

from gansynth_live.errors import ModelError, UsageError
from gansynth_live.model.bundle import default_bundle_path
from gansynth_live.model.installed import installed, model_path, models_folder, new_model_path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANSYNTH_LIVE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return models_folder()


def test_nothing_and_everything() -> None:
    assert installed() == []
    assert model_path(None) == model_path("") == default_bundle_path()


def test_a_model_is_there_once_it_is_whole(folder: Path) -> None:
    path = new_model_path("cello.2_x-1")
    assert path == folder / "cello.2_x-1"
    path.mkdir()
    assert installed() == []
    (path / "model.json").touch()
    assert installed() == ["cello.2_x-1"]
    assert model_path("cello.2_x-1") == path
    assert model_path(Path("cello.2_x-1")) == path


def test_folders_stay_folders(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    for path in ("whole", "./absent", "/far/away", "x" * 300, "no name"):
        assert model_path(path) == Path(path)


@pytest.mark.parametrize("name", ["", ".", "..", "../up", "a/b", "a b", "-rf", "x" * 65, "ü"])
def test_unfit_names(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a model"):
        new_model_path(name)


def test_unknown_names(folder: Path) -> None:
    (folder / "mine").mkdir(parents=True)
    (folder / "mine/model.json").touch()
    with pytest.raises(ModelError, match="yours are mine"):
        model_path("mime")
    with pytest.raises(ModelError, match="model get all_instruments"):
        model_path("all_instruments")


def test_no_place_for_models(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(UsageError, match="cannot make"):
        new_model_path("mine")

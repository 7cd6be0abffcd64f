import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gansynth_live.errors import CheckpointError, ModelError
from gansynth_live.model.bundle import Bundle, load_bundle
from gansynth_live.model.checkpoint.importer import import_checkpoint, random_instruments
from gansynth_live.model.generator import open_generator
from gansynth_live.model.normaliser import Constants, Identity
from gansynth_live.model.progressive.settings import Progressive
from tests.model.checkpoint.conftest import AVERAGED, BLOCK, MakeModel, generator_variables


def settings_of(bundle: Bundle) -> Progressive:
    assert isinstance(bundle.spec.family, Progressive)
    return bundle.spec.family


@pytest.mark.parametrize(
    ("name", "tensors"), [("small", 30), ("small_freqnorm", 31), ("small_transition", 32)]
)
def test_keeps_just_what_is_needed(
    imported: Callable[[str], Bundle], name: str, tensors: int
) -> None:
    bundle = imported(name)
    assert len(bundle.weights) == tensors
    assert bundle.spec.name == name
    note = json.loads((bundle.path / "import.json").read_text())
    assert note["raw"] == []
    assert all(variable.endswith(AVERAGED) for variable in note["averaged"])
    assert "experiment.json" in note["sha256"]
    assert any("data-00000-of-00001" in file for file in note["sha256"])
    assert any("assets" in file for file in note["sha256"]) == (name != "small")


def test_a_transition_keeps_two_outputs(imported: Callable[[str], Bundle]) -> None:
    assert settings_of(imported("small_transition")).alphas == (0, 0, 0, 0, 0, 0.75, 0.25)
    assert isinstance(imported("small_transition").spec.normaliser, Constants)


def test_stopped_early(make_model: MakeModel, tmp_path: Path) -> None:
    note = import_checkpoint(make_model(stage=1, step=6), tmp_path / "bundle")
    bundle = load_bundle(tmp_path / "bundle")
    assert note.progress == 0.5
    assert settings_of(bundle).channels == (8, 8)
    image = open_generator(bundle, 1).begin(bundle.instruments["random 1"][None], np.array([60]))
    assert image.frames(0, 8).shape == (1, 8, 32, 2)


def test_blocks_above_the_heard_ones_are_left_out(make_model: MakeModel, tmp_path: Path) -> None:
    import_checkpoint(make_model(stage=4, step=2), tmp_path / "bundle")
    assert settings_of(load_bundle(tmp_path / "bundle")).channels == (8,)


def test_several_data_files(make_model: MakeModel, tmp_path: Path) -> None:
    note = import_checkpoint(make_model(shards=3), tmp_path / "bundle")
    assert sum("data-" in file for file in note.sha256) == 3


def test_raw_variables_are_a_noted_makeshift(make_model: MakeModel, tmp_path: Path) -> None:
    variables = generator_variables(3)
    missing = f"{BLOCK}2/conv0/bias"
    del variables[missing + AVERAGED]
    note = import_checkpoint(make_model(variables=variables), tmp_path / "bundle")
    assert note.raw == [missing]
    weights = load_bundle(tmp_path / "bundle").weights
    np.testing.assert_array_equal(weights["block_2.conv0.bias"], variables[missing])
    averaged = variables[f"{BLOCK}2/conv1/bias{AVERAGED}"]
    np.testing.assert_array_equal(weights["block_2.conv1.bias"], averaged)


def test_progress_by_time_reads_the_seconds(make_model: MakeModel, tmp_path: Path) -> None:
    note = import_checkpoint(make_model(train_time_limit=20.0), tmp_path / "bundle")
    assert note.progress == pytest.approx(0.25)


def test_no_normaliser(make_model: MakeModel, tmp_path: Path) -> None:
    import_checkpoint(make_model(data_normalizer="none"), tmp_path / "bundle")
    assert load_bundle(tmp_path / "bundle").spec.normaliser == Identity()


def test_random_instruments_are_always_the_same(imported: Callable[[str], Bundle]) -> None:
    instruments = imported("small").instruments
    assert list(instruments) == [f"random {seed}" for seed in range(1, 9)]
    drawn = np.random.default_rng(3).standard_normal(16, np.float32)
    np.testing.assert_array_equal(instruments["random 3"], drawn)
    np.testing.assert_array_equal(random_instruments(16)["random 3"], drawn)


def refused(model: Path, reason: str, target: str = "bundle") -> None:
    with pytest.raises(CheckpointError, match=reason) as caught:
        import_checkpoint(model, model.parent / target)
    assert "\n" not in str(caught.value)
    assert not (model.parent / target).exists()


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"fmap_max": 6}, "do not belong together"),
        ({"latent_vector_size": 6}, "do not belong together"),
        ({"num_resolutions": 2}, "beyond the 2 resolutions"),
        ({"audio_length": 5000}, "samples"),
        ({"data_normalizer": "unheard"}, "unheard"),
        ({"mag_normalizer_a": 0.0}, "normaliser"),
        ({"simple_arch": True}, "simple_arch"),
    ],
)
def test_unfitting_experiments(make_model: MakeModel, keys: dict[str, Any], reason: str) -> None:
    refused(make_model(**keys), reason)


def test_missing_variable(make_model: MakeModel) -> None:
    variables = generator_variables(3)
    del variables[f"{BLOCK}3/to_rgb/bias"], variables[f"{BLOCK}3/to_rgb/bias{AVERAGED}"]
    refused(make_model(variables=variables), "no variable .*3/to_rgb/bias")


def test_weights_that_are_not_finite(make_model: MakeModel) -> None:
    variables = generator_variables(3)
    variables[f"{BLOCK}1/conv1/bias{AVERAGED}"][0] = np.nan
    refused(make_model(variables=variables), "not finite")


def test_target_that_exists(golden: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="exists already"):
        import_checkpoint(golden / "small", tmp_path)


def test_assets_are_looked_for_beside_the_json(copied: Callable[[str], Path]) -> None:
    model = copied("small_transition")
    (model / "assets/DONE_specgrams_simple_normalizer.npz").unlink()
    refused(model, "DONE_specgrams_simple_normalizer.npz is missing")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04garbage", np.array([1.0, 2.0]).tobytes(), b"\x93NUMPY"]
)
def test_damaged_assets(copied: Callable[[str], Path], content: bytes) -> None:
    model = copied("small_transition")
    (model / "assets/specgrams_simple_normalizer.npz").write_bytes(content)
    refused(model, "not a normaliser")


@pytest.mark.parametrize("values", [[1.0, 0.0, 1.0], [1.0, 0.0, 1.0, np.nan], [0.0, 0.0, 1.0, 0.0]])
def test_useless_assets(copied: Callable[[str], Path], values: list[float]) -> None:
    model = copied("small_transition")
    np.savez(model / "assets/specgrams_simple_normalizer.npz", normalizer=np.array(values))
    refused(model, "shape|not finite")


def test_cut_off_data(copied: Callable[[str], Path]) -> None:
    model = copied("small")
    (data,) = model.rglob("*.data-*")
    data.write_bytes(data.read_bytes()[:10_000])
    refused(model, "end is missing")

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.model.bundle import load_bundle
from gansynth_live.model.harmonic.detail import Detail
from gansynth_live.model.vibrato import pack_vibratos
from gansynth_live.training import checkpoint, loop
from gansynth_live.training.averages import rate
from gansynth_live.training.checkpoint import Standing
from gansynth_live.training.export import export
from gansynth_live.training.fit import fit
from gansynth_live.training.notes import open_notes
from gansynth_live.training.recipe import Contest, Network, Optimiser, Recipe, read_recipe

REPOSITORY = Path(__file__).parents[2]
RECIPES = REPOSITORY / "configs" / "training"
SMALL = Recipe(
    family="harmonic",
    images=16,
    batch=4,
    network=Network((4, 4, 4, 4), 8, Detail(8, (4, 4, 4), 4)),
)
RECORDED = msgspec.structs.replace(SMALL, optimiser=Optimiser(offset_rate=1e-2))
CONTESTED = msgspec.structs.replace(SMALL, contest=Contest(penalty_every=2))
SMALL_GAN = Recipe(family="gansynth", images=24, batch=4, network=Network((8, 8, 4), 8))


def silent(_: Standing, __: float) -> None:
    """Report nothing."""


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.long
@pytest.mark.parametrize(
    "recipe",
    [SMALL, RECORDED, CONTESTED, SMALL_GAN],
    ids=["harmonic", "recorded", "contested", "gansynth"],
)
def test_a_resumed_run_is_the_uninterrupted_one(
    recipe: Recipe, notes_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fit(recipe, notes_folder, tmp_path / "whole", silent)
    for stop in (recipe.images // 2, recipe.images):
        # Progress decides rates and growth: the first half must know the whole run's length.
        progress = stopping(stop, recipe.images)
        monkeypatch.setattr("gansynth_live.training.loop.share_done", progress)
        parts = fit(recipe, notes_folder, tmp_path / "parts", silent)
    assert whole.images == parts.images == recipe.images
    a, b = (checkpoint.load(tmp_path / name)[0] for name in ("whole", "parts"))
    assert a.keys() == b.keys()
    for name, tensor in a.items():
        torch.testing.assert_close(tensor, b[name], rtol=1e-4, atol=1e-5, msg=name)


def test_a_stop_loses_only_what_followed_the_last_checkpoint(
    notes_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loop.CHECKPOINT_SECONDS < 120
    whole = fit(SMALL, notes_folder, tmp_path / "whole", silent)
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(loop, "REPORT_STEPS", 3)
    with pytest.raises(KeyboardInterrupt):
        fit(SMALL, notes_folder, tmp_path / "run", stop)
    assert checkpoint.load(tmp_path / "run")[1].step == 2
    resumed = fit(SMALL, notes_folder, tmp_path / "run", silent)
    assert (resumed.step, resumed.images) == (whole.step, whole.images)
    a, b = (checkpoint.load(tmp_path / name)[0] for name in ("whole", "run"))
    for name, tensor in a.items():
        torch.testing.assert_close(tensor, b[name], rtol=1e-4, atol=1e-5, msg=name)


def test_a_run_goes_on_with_its_own_network_and_instruments_only(
    notes_folder: Path, tmp_path: Path
) -> None:
    none = msgspec.structs.replace(SMALL, images=0)
    run = tmp_path / "run"
    fit(none, notes_folder, run, silent)
    wider = msgspec.structs.replace(none, network=Network((4, 4, 4, 8), 8, None))
    with pytest.raises(UsageError, match="another network"):
        fit(wider, notes_folder, run, silent)
    tensors, standing = checkpoint.load(run)
    standing.names = ["bowed", "blown"]
    checkpoint.save(run, tensors, standing)
    with pytest.raises(UsageError, match="other instruments"):
        fit(none, notes_folder, run, silent)


def stop(_: Standing, __: float) -> None:
    """End the run before the step that is reported has reached the disk."""
    raise KeyboardInterrupt


def stopping(images: int, total: int) -> Callable[[Recipe, Standing], float]:
    """Progress of a run of `total` images that is stopped after `images`."""

    def progress(_: Recipe, standing: Standing) -> float:
        return 1.0 if standing.images >= images else standing.images / total

    return progress


def test_a_run_becomes_a_model_and_another_run_starts_from_it(
    notes_folder: Path, tmp_path: Path
) -> None:
    fit(SMALL, notes_folder, tmp_path / "run", silent)
    swings = {"held": Vibrato(5.0, 8.0, 0.3), "unheard": Vibrato(6.0, 2.0, 0.0)}
    (tmp_path / "vibrato.json").write_bytes(pack_vibratos(swings))
    export(tmp_path / "run", tmp_path / "model", "Test", "none", tmp_path / "vibrato.json")
    bundle = load_bundle(tmp_path / "model")
    assert bundle.vibrato == {"held": swings["held"]}
    assert list(bundle.instruments) == ["plucked", "held"]
    assert np.linalg.norm(bundle.instruments["held"]) == pytest.approx(16, rel=1e-4)
    none = msgspec.structs.replace(SMALL, images=0)
    fit(none, notes_folder, tmp_path / "next", silent, start=tmp_path / "model")
    tensors, _ = checkpoint.load(tmp_path / "next")
    for name, weight in bundle.weights.items():
        np.testing.assert_array_equal(tensors[f"raw/decoder.{name}"].numpy(), weight)


def test_recordings_reach_the_model_and_the_next_run(notes_folder: Path, tmp_path: Path) -> None:
    fit(RECORDED, notes_folder, tmp_path / "run", silent)
    export(tmp_path / "run", tmp_path / "model", "Test", "none")
    bundle = load_bundle(tmp_path / "model")
    low, high = bundle.latent("held", 48), bundle.latent("held", 60)
    assert np.linalg.norm(low) == pytest.approx(16, rel=1e-3)
    assert not np.array_equal(low, high)
    np.testing.assert_array_equal(bundle.latent("held", 55), low)  # held out, but known
    np.testing.assert_array_equal(bundle.latent("held", 49), bundle.instruments["held"])
    np.testing.assert_array_equal(bundle.latent("plucked", 48), bundle.instruments["plucked"])
    none = msgspec.structs.replace(RECORDED, images=0)
    fit(none, notes_folder, tmp_path / "next", silent, start=tmp_path / "model")
    export(tmp_path / "next", tmp_path / "again", "Test", "none")
    again = load_bundle(tmp_path / "again")
    np.testing.assert_allclose(again.latent("held", 48), low, atol=0.02)
    np.testing.assert_allclose(again.latent("held", 60), high, atol=0.02)


def test_a_recording_that_is_never_trained_on_is_none(notes_folder: Path) -> None:
    notes = open_notes(notes_folder)
    held_out = notes.held_out.copy()
    held_out[(notes.instrument == 1) & (notes.pitch > 55)] = True
    table = dataclasses.replace(notes, held_out=held_out).recordings()
    np.testing.assert_array_equal(table[1, [36 - 24, 55 - 24, 60 - 24, 61 - 24]], [1, 1, 0, 0])
    assert notes.recordings()[1, 60 - 24] == 3


def test_a_cell_is_at_a_border_where_a_semitone_off_is_another_recording(
    notes_folder: Path,
) -> None:
    notes = open_notes(notes_folder)
    chosen = np.flatnonzero(notes.instrument == 1)[:4]
    near = dataclasses.replace(
        notes,
        instrument=notes.instrument[chosen],
        pitch=np.array([24, 25, 26, 84]),
        held_out=notes.held_out[chosen],
        recording=np.array([5, 5, 6, 7]),
    )
    np.testing.assert_array_equal(near.at_borders(), [False, True, True, False])
    assert not notes.at_borders().any()


def test_the_loss_falls(
    notes_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gansynth_live.training.loop.REPORT_STEPS", 10)
    recipe = msgspec.structs.replace(SMALL, images=120)
    history = fit(recipe, notes_folder, tmp_path / "run", silent).history
    assert len(history) == 3
    assert history[-1]["power"] < history[0]["power"]


@pytest.mark.long
def test_two_processes_train_one_network(notes_folder: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        'family = "harmonic"\nimages = 8\nbatch = 4\n'
        "[network]\nchannels = [4, 4, 4, 4]\nlatent = 8\n"
        "detail = { hidden = 8, channels = [4, 4, 4], bands = 4 }\n"
        "[contest]\n"
    )
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"]
    command += ["--standalone", "-m", "gansynth_live", "train", "fit"]
    command += [str(recipe), str(tmp_path / "run"), "--notes", str(notes_folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    _, standing = checkpoint.load(tmp_path / "run")
    assert (standing.step, standing.images) == (2, 8)


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / checkpoint.TENSORS).write_bytes(b"nothing")
    with pytest.raises(UsageError, match="no usable checkpoint"):
        checkpoint.load(tmp_path)


def test_rates_rise_rest_and_fall() -> None:
    settings = Optimiser(warm_up_steps=10, constant_share=0.5)
    assert rate(settings, 4, 0.0) == pytest.approx(0.5)
    assert rate(settings, 10, 0.4) == 1.0
    assert rate(settings, 10, 0.75) == pytest.approx(0.5)
    assert rate(settings, 10, 1.0) == pytest.approx(0.005)


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_recipes_are_read(path: Path) -> None:
    if path.stem == "instruments":
        from gansynth_live.training.instruments import preset_key, read_collection, read_tuning

        collection = read_collection(path)
        assert len(collection.instruments) >= 64
        table = read_tuning(path.with_suffix(".tuning.json"))
        assert table.keys() == {preset_key(i.preset) for i in collection.instruments}
    else:
        assert read_recipe(path).images > 0


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('family = "harmonic"\nbacth = 4\n')
    with pytest.raises(ConfigError, match="bacth"):
        read_recipe(path)

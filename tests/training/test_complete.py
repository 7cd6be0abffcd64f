import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.model.bundle import Bundle, load_bundle
from gansynth_live.model.harmonic.detail import Detail
from gansynth_live.model.vibrato import pack_vibratos
from gansynth_live.training.complete import _decoder, complete, gaps
from gansynth_live.training.export import export
from gansynth_live.training.fit import fit
from gansynth_live.training.losses import band_distance, band_matrix, band_powers
from gansynth_live.training.notes import open_notes
from gansynth_live.training.recipe import Network, Recipe

NETWORK = Network((4, 4, 4, 4), 8, Detail(8, (4, 4, 4), 4))
RECIPE = Recipe(family="harmonic", images=60, batch=4, network=NETWORK)
SWING = Vibrato(5.0, 8.0, 0.25)
KEY = 55  # of "held": held out, and of the same recording as 36 and 48


@pytest.fixture(scope="module")
def model(notes_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("complete")
    torch.set_num_threads(1)
    fit(RECIPE, notes_folder, folder / "run", lambda _, __: None)
    vibrato = folder / "vibrato.json"
    vibrato.write_bytes(pack_vibratos({"held": SWING}))
    export(folder / "run", folder / "model", "Test", "none", vibrato)
    return folder / "model"


def test_only_keys_whose_recordings_are_known_are_gaps(model: Path, notes_folder: Path) -> None:
    notes = open_notes(notes_folder)
    (gap,) = gaps(notes, load_bundle(model))
    assert (gap.name, gap.pitch) == ("held", KEY - 24)
    np.testing.assert_array_equal(notes.pitch[gap.notes], [48, 36])  # the nearest first
    assert set(notes.instrument[gap.notes]) == {1}


def test_a_gap_is_filled_from_its_recording_and_nothing_else_changes(
    model: Path, notes_folder: Path, tmp_path: Path
) -> None:
    shares: list[float] = []
    assert complete(model, tmp_path / "new", open_notes(notes_folder), shares.append) == 1
    assert sum(shares) == 1.0
    before, after = load_bundle(model), load_bundle(tmp_path / "new")
    for name, weight in before.weights.items():
        np.testing.assert_array_equal(after.weights[name], weight)
    for pitch in (36, 48, 60):
        np.testing.assert_array_equal(after.latent("held", pitch), before.latent("held", pitch))
    np.testing.assert_array_equal(after.latent("plucked", 64), before.latent("plucked", 64))
    assert after.vibrato == before.vibrato == {"held": SWING}
    assert np.linalg.norm(after.latent("held", KEY)) == pytest.approx(16, rel=1e-3)
    notes = open_notes(notes_folder)
    (gap,) = gaps(notes, before)
    errors = [distance(bundle, notes.images[gap.notes]) for bundle in (before, after)]
    assert errors[1] < errors[0]


def test_completing_twice_leaves_one_latent_for_a_key(
    model: Path, notes_folder: Path, tmp_path: Path
) -> None:
    notes = open_notes(notes_folder)
    complete(model, tmp_path / "once", notes, lambda _: None)
    complete(tmp_path / "once", tmp_path / "twice", notes, lambda _: None)
    once, twice = (load_bundle(tmp_path / name).recordings for name in ("once", "twice"))
    assert once.latents.shape == twice.latents.shape == (1, 8)
    assert not np.array_equal(once.latents, twice.latents)
    assert once.rows == twice.rows


def distance(bundle: Bundle, images: NDArray[np.float16]) -> float:
    """Mean distance in dB when the network is told the gap's key at those of its neighbours."""
    told = torch.full((2,), KEY - 24)
    z = torch.from_numpy(np.stack([bundle.latent("held", KEY)] * 2)).float()
    made = _decoder(bundle)(z, torch.tensor([48, 36]) - 24, told)
    real = torch.from_numpy(images.astype(np.float32))
    powers = [band_powers(image, band_matrix()) for image in (made, real)]
    return float(band_distance(*powers).mean())


def test_notes_that_tell_no_recordings_are_refused(
    model: Path, notes_folder: Path, tmp_path: Path
) -> None:
    notes = open_notes(notes_folder)
    notes = dataclasses.replace(notes, recording=np.zeros_like(notes.recording))
    with pytest.raises(UsageError, match="nothing to complete"):
        complete(model, tmp_path / "new", notes, lambda _: None)
    assert not (tmp_path / "new").exists()


def test_another_family_is_refused(notes_folder: Path, tmp_path: Path) -> None:
    gan = Recipe(family="gansynth", images=0, batch=4, network=Network((8, 8, 4), 8))
    fit(gan, notes_folder, tmp_path / "run", lambda _, __: None)
    export(tmp_path / "run", tmp_path / "model", "Test", "none")
    with pytest.raises(UsageError):
        complete(tmp_path / "model", tmp_path / "new", open_notes(notes_folder), lambda _: None)

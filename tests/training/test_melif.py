from pathlib import Path

import numpy as np
import torch

from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.training import measures, melif
from gansynth_live.training.latents import blend_images, on_sphere
from gansynth_live.training.losses import (
    band_distance,
    band_matrix,
    band_powers,
    reconstruction,
)
from gansynth_live.training.tables import PARTIALS, UP, decoder_tables, describe


def test_images_are_those_of_the_original(golden: Path) -> None:
    with np.load(golden / "helpers_full.npz") as stored:
        waves, stride, expected = stored["waves"], int(stored["frame_stride"]), stored["mel"]
    image = melif.analyse(torch.from_numpy(waves)).numpy()[:, :, ::stride]
    power = (image[:, 0] - melif.POWER_OFFSET) / melif.POWER_SCALE
    heard = expected[..., 0] > -10  # below it float32 rounding decides
    clipped = np.clip(expected[..., 0], -16.8, None)
    assert np.abs(power - clipped)[heard].max() < 3e-3
    turn = np.mod(image[:, 1] / melif.TURN_SCALE - expected[..., 1] + 1, 2) - 1
    loud = expected[..., 0] > -5
    assert np.quantile(np.abs(turn[loud]), 0.99) < 1e-2


def test_a_note_survives_image_and_inversion(notes_folder: Path) -> None:
    from gansynth_live.training.notes import open_notes

    notes = open_notes(notes_folder)
    spec = describe("test", "none", 1, Harmonic((1, 1, 1, 1), UP, PARTIALS))
    image = torch.from_numpy(notes.images[3:4].astype(np.float32))
    power, turn = melif.log_power(image)[0].numpy(), image[0, 1].numpy() / melif.TURN_SCALE
    frames = np.stack([power, turn], -1)[None]
    wave = LockedInversion(spec.stft, 1024, 16000).begin([60]).push(frames.astype(np.float32))
    made, real = (measures.band_levels(torch.from_numpy(w)) for w in (wave, notes.wave(3)[None]))
    assert float(measures.band_distance(made, real)) < 1.5


def test_losses_are_zero_only_for_the_same_image(notes_folder: Path) -> None:
    from gansynth_live.training.notes import open_notes

    images = torch.from_numpy(open_notes(notes_folder).images[:2].astype(np.float32))
    bands = band_matrix()
    same = reconstruction(images, images, bands)
    other = reconstruction(images.flip(0), images, bands)
    assert same.keys() == {"power", "amplitude", "turn", "bands", "loudness"}
    limits = {"power": 1e-6, "amplitude": 1e-6, "turn": 4e-3, "bands": 0.2, "loudness": 1e-6}
    for name, limit in limits.items():
        assert float(same[name]) < limit < float(other[name])


def test_the_band_loss_is_the_distance_that_is_heard(notes_folder: Path) -> None:
    from gansynth_live.training.notes import open_notes

    notes = open_notes(notes_folder)
    images = torch.from_numpy(notes.images[[3, 9]].astype(np.float32))
    waves = torch.from_numpy(np.stack([notes.wave(3), notes.wave(9)]))
    levels = measures.band_levels(waves)
    heard = measures.band_distance(levels[:1], levels[1:])
    powers = band_powers(images, band_matrix())
    seen = band_distance(powers[:1], powers[1:])
    assert abs(float(heard - seen)) < 0.5


def test_blends_of_images_meet_their_ends(notes_folder: Path) -> None:
    from gansynth_live.training.notes import open_notes

    images = torch.from_numpy(open_notes(notes_folder).images[:2].astype(np.float32))
    a, b = images[:1], images[1:]
    for share, end in ((0.0, a), (1.0, b)):
        blend = blend_images(a, b, torch.full((1, 1, 1), share))
        assert torch.allclose(blend[:, 0], end[:, 0], atol=1e-6)
        turned = torch.sin((blend[:, 1] - end[:, 1]) * (torch.pi / melif.TURN_SCALE / 2))
        assert float(turned.abs().max()) < 1e-2


def test_latents_lie_on_the_sphere() -> None:
    assert torch.allclose(on_sphere(torch.randn(3, 256)).norm(dim=1), torch.tensor(16.0))


def test_combs_peak_at_the_harmonics() -> None:
    combs = decoder_tables()["combs"]
    assert combs.shape == (61, 2, 1024)
    assert combs.max() == 0
    assert combs.min() == -14

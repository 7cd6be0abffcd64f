from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.errors import ModelError
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.generator import open_generator
from gansynth_live.model.normaliser import Identity
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec
from tests.model.measure import snr
from tests.model.progressive import reference

Import = Callable[[str], Bundle]
CUTTINGS = [[0, 8, 32, 128], [0, 16, 128], list(range(0, 129, 8)), [0, 1, 5, 77, 128]]


def raw(bundle: Bundle) -> Bundle:
    """The same model without its normaliser, so that the network's own output can be seen."""
    spec = msgspec.structs.replace(bundle.spec, normaliser=Identity())
    return Bundle(bundle.path, spec, bundle.weights, {}, digest=bundle.digest + "raw")


def render(bundle: Bundle, stored: Any, step: int = 1) -> NDArray[np.float32]:
    notes = open_generator(bundle, 1).begin(stored["z"].astype(np.float32), stored["pitches"])
    return notes.frames(0, 128)[:, ::step]


def waves(bundle: Bundle, images: NDArray[np.float32]) -> NDArray[np.float32]:
    spec = bundle.spec
    inversion = FaithfulInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    return inversion.begin([60] * len(images)).push(images)


def assert_near(ours: NDArray[Any], original: NDArray[Any], limit: float) -> None:
    """All but a pixel in 10,000 within the limit.

    A pixel norm over two channels that are both nearly 0 magnifies rounding without bound: there
    the original itself lies up to 0.027 from the exact (float64) value, ours up to 0.015.
    """
    error = np.abs(ours - original)
    assert np.quantile(error, 0.9999) < limit
    assert error.max() < 20 * limit


def test_small_model(golden: Path, imported: Import) -> None:
    stored = np.load(golden / "small_notes.npz")
    assert_near(render(raw(imported("small")), stored, 8), stored["raw_every8"], 5e-3)
    audio = waves(imported("small"), render(imported("small"), stored))
    # Phases sum up what processors round differently: one with AVX2 alone comes to 49.96 dB.
    assert min(map(snr, audio, stored["waves"])) > 49


def test_per_bin_normaliser(golden: Path, imported: Import) -> None:
    stored = np.load(golden / "small_freqnorm_notes.npz")
    images = render(imported("small_freqnorm"), stored)
    assert_near(images[:, ::8], stored["mel_every8"], 3e-2)
    audio = waves(imported("small_freqnorm"), images)
    assert min(map(snr, audio, stored["waves"])) > 50


def test_model_in_transition(golden: Path, imported: Import) -> None:
    stored = np.load(golden / "small_transition_notes.npz")
    bundle = imported("small_transition")
    assert_near(render(raw(bundle), stored, 8), stored["raw_every8"], 2e-3)
    images = render(bundle, stored)
    assert_near(images[:, ::8], stored["mel_every8"], 2e-2)
    assert min(map(snr, waves(bundle, images), stored["waves"])) > 55


def test_full_size_model(golden: Path, full_size: Bundle) -> None:
    stored = np.load(golden / "full_note.npz")
    notes = open_generator(full_size, 2).begin(
        stored["z"][None].astype(np.float32), stored["pitch"][None]
    )
    whole = notes.frames(0, 128)
    original = (stored["raw"] - [0.113718730221, 0.0]) / [0.0661371661726, 0.8]
    error = np.abs(whole[0] - original).max(axis=(0, 1))
    assert error[0] < 3e-3
    assert error[1] < 3e-4
    assert np.abs(error * [0.0661371661726, 0.8]).max() < 2e-4
    assert snr(waves(full_size, whole)[0], stored["wave"]) > 60
    assert np.array_equal(cut(notes, [0, 8, 32, 128]), whole)


def cut(notes: Any, edges: list[int]) -> NDArray[np.float32]:
    pieces = [notes.frames(a, b) for a, b in pairwise(edges)]
    return np.concatenate(pieces, axis=1)


@pytest.mark.parametrize("name", ["small", "small_transition"])
def test_slices_are_the_whole_note_to_the_bit(imported: Import, name: str) -> None:
    generator = open_generator(imported(name), 1)
    z = np.random.default_rng(0).normal(size=(2, 16)).astype(np.float32)
    whole = generator.begin(z, np.array([30, 70])).frames(0, 128)
    for edges in CUTTINGS:
        assert np.array_equal(cut(generator.begin(z, np.array([30, 70])), edges), whole), edges


def test_company_changes_no_bit(imported: Import) -> None:
    generator = open_generator(imported("small"), 1)
    z = np.random.default_rng(0).normal(size=(3, 16)).astype(np.float32)
    pitch = np.array([30, 50, 70])
    together = generator.begin(z, pitch)
    for note in range(3):
        alone = generator.begin(z[note : note + 1], pitch[note : note + 1])
        for start, stop in ((0, 8), (8, 32)):
            frames = together.frames(start, stop)[note]
            assert np.array_equal(alone.frames(start, stop)[0], frames)


def toy(start: tuple[int, int], channels: tuple[int, ...], last: float, doublings: int) -> Bundle:
    """A small model with random weights whose last block has the weight `last`."""
    blocks = len(channels)
    alphas = (*(0.0,) * (blocks - 2), 1 - last, last)[-blocks:]
    frames, mel_bins = start[0] << doublings, start[1] << doublings
    hop = mel_bins // 2
    spec = ModelSpec(
        name="toy",
        licence="none",
        sample_rate=16000,
        latent_size=5,
        low_pitch=40,
        high_pitch=46,
        mel_bins=mel_bins,
        stft=Stft(2 * mel_bins, hop, frames, hop * frames),
        normaliser=Identity(),
        family=Progressive(*start, channels=channels, alphas=alphas),
    )
    assert spec.problem() is None
    draw = np.random.default_rng(len(channels))
    shapes = spec.tensors().items()
    weights = {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes}
    return Bundle(Path("toy"), spec, weights, {}, digest=repr((start, channels, last, doublings)))


@pytest.mark.parametrize(
    ("start", "channels", "last", "doublings"),
    [
        ((2, 8), (6,), 1.0, 0),
        ((2, 4), (6,), 1.0, 3),  # stopped after one block: its image is enlarged
        ((1, 4), (8, 6), 0.4, 1),
        ((2, 8), (8, 8, 6, 5), 1.0, 3),
        ((2, 8), (8, 8, 6, 5), 0.25, 4),
        ((3, 4), (8, 8, 7, 6, 5, 4), 0.5, 5),
    ],
)
def test_any_configuration(
    start: tuple[int, int], channels: tuple[int, ...], last: float, doublings: int
) -> None:
    bundle = toy(start, channels, last, doublings)
    z = np.random.default_rng(9).normal(size=(3, 5)).astype(np.float32)
    pitch = np.array([40, 43, 46])
    notes = open_generator(bundle, 1).begin(z, pitch)
    frames = bundle.spec.frames
    first, rest = notes.frames(0, max(1, frames // 8)), notes.frames(max(1, frames // 8), frames)
    whole = np.concatenate([first, rest], axis=1)
    exact = np.stack([reference.output(bundle, *note) for note in zip(z, pitch, strict=True)])
    assert_near(whole, exact, 1e-3)
    assert np.array_equal(notes.frames(0, frames), whole)


@pytest.mark.parametrize(("start", "stop"), [(-1, 1), (0, 0), (1, 3), (2, 1)])
def test_frames_that_do_not_exist(start: int, stop: int) -> None:
    notes = open_generator(toy((2, 8), (6,), 1.0, 0), 1).begin(
        np.ones((1, 5), np.float32), np.array([40])
    )
    with pytest.raises(ValueError, match=f"{start}:{stop}"):
        notes.frames(start, stop)


@pytest.mark.parametrize(
    ("z", "pitch"),
    [
        (np.zeros((1, 4)), [40]),
        (np.zeros(5), [40]),
        (np.zeros((2, 5)), [40]),
        (np.zeros((1, 5)), [39]),
        (np.zeros((1, 5)), [47]),
        (np.full((1, 5), np.nan), [40]),
    ],
)
def test_notes_that_do_not_fit_are_refused(z: NDArray[Any], pitch: list[int]) -> None:
    generator = open_generator(toy((2, 8), (6,), 1.0, 0), 1)
    with pytest.raises(ModelError):
        generator.begin(z.astype(np.float32), np.array(pitch))

import gc
from collections.abc import Iterator, Mapping
from pathlib import Path
from weakref import ref

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import load_file

from gansynth_live.errors import ModelError
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.bundle import (
    Bundle,
    default_bundle_path,
    load_bundle,
    write_bundle,
)
from gansynth_live.model.generator import Generator, open_generator
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.normaliser import Constants

KEYS = np.array([24, 60, 84])

Arrays = Mapping[str, NDArray[np.float32]]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(default_bundle_path())


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def generator(bundle: Bundle) -> Generator:
    return open_generator(bundle, threads=1)


@pytest.fixture(scope="module")
def starter(
    starter_model: Path, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Generator:
    """The network that made the reference: without the refining head."""
    weights = load_file(starter_model / "weights.safetensors")
    with np.load(starter_model / "tables.npz") as tables:
        weights["combs"] = tables["combs"]
    path = tmp_path_factory.mktemp("starter") / "bundle"
    family = Harmonic(channels=(128, 128, 96, 64), up=(8, 4), partials=96)
    spec = msgspec.structs.replace(bundle.spec, family=family)
    write_bundle(path, spec, weights, {"any": np.ones(256, np.float32)})
    return open_generator(load_bundle(path), threads=1)


@pytest.fixture(scope="module")
def reference(starter_model: Path) -> Arrays:
    with np.load(starter_model / "reference.npz") as stored:
        return dict(stored)


def scaled(frames: NDArray[np.float32], normaliser: Constants) -> NDArray[np.float32]:
    """Mel-IF data as the reference stores it: [notes, 2, frames, mel_bins]."""
    power = frames[..., 0] * normaliser.magnitude_scale + normaliser.magnitude_offset
    return np.stack([power, frames[..., 1] * normaliser.frequency_scale], axis=1)


def test_images_are_those_of_the_trained_network(starter: Generator, reference: Arrays) -> None:
    normaliser = starter.spec.normaliser
    assert isinstance(normaliser, Constants)
    notes = starter.begin(reference["z"], reference["pitch"].astype(np.int64))
    got = scaled(notes.frames(0, 128), normaliser)
    stored_in_half_precision = 3e-4
    for frames, expected, limit in (
        (got, reference["image"].astype(np.float32), stored_in_half_precision),
        (got[:, :, 64], reference["image_frame64"], 3e-6),
    ):
        power, turns = np.moveaxis(frames - expected, 1, 0)
        period = 2 * normaliser.frequency_scale
        turns = np.mod(turns + period / 2, period) - period / 2
        np.testing.assert_allclose(power, 0, atol=limit)
        np.testing.assert_allclose(turns, 0, atol=limit)


def test_audio_is_that_of_the_trained_network(starter: Generator, reference: Arrays) -> None:
    spec = starter.spec
    frames = starter.begin(reference["z"], reference["pitch"].astype(np.int64)).frames(0, 128)
    inversion = LockedInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    expected = reference["audio_phase_locked"].copy()
    got = inversion.begin([60] * 3).push(frames)[:, : expected.shape[1]]
    expected[:, : len(inversion.onset)] *= inversion.onset
    noise = np.square(got - expected).sum(axis=1)
    # Noise between the partials has phases of its own here, which the reference locks too.
    assert (10 * np.log10(np.square(expected).sum(axis=1) / noise) > 20).all()


@pytest.fixture(scope="module")
def whole(bundle: Bundle, generator: Generator) -> NDArray[np.float32]:
    """The first three instruments at the lowest, a middle and the highest key."""
    z = np.stack(list(bundle.instruments.values())[:3])
    return generator.begin(z, KEYS).frames(0, 128).copy()


def test_company_changes_no_bit(
    bundle: Bundle, generator: Generator, whole: NDArray[np.float32]
) -> None:
    z = list(bundle.instruments.values())[1]
    alone = generator.begin(z[None], KEYS[1:2]).frames(0, 128)
    np.testing.assert_array_equal(alone[0], whole[1])
    assert whole.dtype == np.float32
    assert whole.shape == (3, 128, 1024, 2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2), st.lists(st.tuples(st.integers(0, 127), st.integers(1, 128)), max_size=4))
def test_any_windows_in_any_order_are_bits_of_the_whole(
    bundle: Bundle,
    generator: Generator,
    whole: NDArray[np.float32],
    note: int,
    windows: list[tuple[int, int]],
) -> None:
    z = list(bundle.instruments.values())[note]
    notes = generator.begin(z[None], KEYS[note : note + 1])
    for start, length in windows:
        stop = min(start + length, 128)
        np.testing.assert_array_equal(notes.frames(start, stop)[0], whole[note, start:stop])


def test_frames_that_no_note_has_are_refused(bundle: Bundle, generator: Generator) -> None:
    notes = generator.begin(bundle.instruments["flute"][None], KEYS[:1])
    for start, stop in ((-1, 4), (4, 4), (120, 129)):
        with pytest.raises(ValueError, match="128"):
            notes.frames(start, stop)


def test_what_was_computed_goes_with_the_note(generator: Generator) -> None:
    gc.disable()  # else a cycle of references would go unnoticed, now and then
    try:
        note = generator.begin(np.ones((1, 256), np.float32), KEYS[:1])
        note.frames(0, 8)
        gone = ref(note)
        del note
        assert gone() is None
    finally:
        gc.enable()


def test_the_number_of_threads_changes_no_bit(bundle: Bundle, generator: Generator) -> None:
    z = bundle.instruments["flute"][None]
    two = open_generator(bundle, threads=2).begin(z, np.array([72])).frames(0, 128)
    np.testing.assert_array_equal(two, generator.begin(z, np.array([72])).frames(0, 128))


def test_any_latent_gives_finite_frames(generator: Generator) -> None:
    z = np.random.default_rng(3).standard_normal((4, 256)).astype(np.float32)
    z *= np.array([[0.0], [1.0], [4.0], [1e4]], np.float32)
    frames = generator.begin(z, np.array([24, 36, 60, 84])).frames(0, 128)
    assert np.isfinite(frames).all()
    assert np.abs(frames[..., 1]).max() <= 1.0 + 1e-6


def test_a_pitch_that_was_not_trained_is_refused(generator: Generator) -> None:
    with pytest.raises(ModelError, match=r"24\.\.84"):
        generator.begin(np.zeros((1, 256), np.float32), np.array([23]))

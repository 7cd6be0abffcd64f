"""A small model and a small machine: everything real, only short."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.config import DRY
from gansynth_live.kernel.machine import Machine
from gansynth_live.model.audio.faithful import FaithfulInversion
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.generator import open_generator
from gansynth_live.model.normaliser import Constants
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec
from gansynth_live.render.notes.renderer import NoteRenderer

RATE = 8000
LOW, HIGH = 60, 71
SAMPLES = 1024  # of a note at the model's rate


def small_spec() -> ModelSpec:
    return ModelSpec(
        name="small",
        licence="none",
        sample_rate=RATE,
        latent_size=4,
        low_pitch=LOW,
        high_pitch=HIGH,
        mel_bins=64,
        stft=Stft(fft_size=128, hop=32, frames=32, samples=SAMPLES),
        normaliser=Constants(0.2, 0.5, 0.8, 0.0),
        family=Progressive(8, 16, (4, 4, 4), (0.0, 0.0, 1.0)),
    )


@pytest.fixture(scope="session")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> NoteRenderer:
    """Notes of 128 ms from an untrained model with 12 pitches."""
    spec = small_spec()
    random = np.random.default_rng(1)
    weights = {
        name: random.standard_normal(shape).astype(np.float32)
        for name, shape in spec.tensors().items()
    }
    bundle = Bundle(Path("small"), spec, weights, {}, "small")
    inversion = FaithfulInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        return NoteRenderer(open_generator(bundle, threads=1), inversion, RATE)


@pytest.fixture
def machine() -> Machine:
    """Room for 20 notes of 128 ms."""
    return small_machine(20)


def small_machine(slots: int) -> Machine:
    return Machine(RATE, DRY, slots=slots, slot_seconds=SAMPLES / RATE)


def latent(timbre: object, pitch: int) -> NDArray[np.float32]:
    """A latent for each timbre that a test can think of, another one at each pitch."""
    seed = int.from_bytes(f"{timbre} {pitch}".encode(), "little")
    return np.random.default_rng(seed).standard_normal(4).astype(np.float32)

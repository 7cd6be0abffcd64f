"""Whatever a model's folder holds: it plays, or is refused by ModelError in one line."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.errors import LONGEST, ModelError
from gansynth_live.instrument import make_inversion
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.latent.sphere import project
from gansynth_live.model.bundle import Bundle, load_bundle, write_bundle
from gansynth_live.model.generator import open_generator
from gansynth_live.render.notes.renderer import NoteRenderer
from tests.fuzz.bundle_mutants import write_mutant
from tests.model.test_bundle import INSTRUMENTS, RECORDINGS, SPEC, weights

SEARCHED = 100_000  # mutants, in the slow run
DEVICE_RATE = 22_050

in_a_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "model"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a small bundle that has all parts."""
    path = tmp_path_factory.mktemp("sound") / "toy"
    vibrato = {"two": Vibrato(5.5, 9.0, 0.25)}
    write_bundle(path, SPEC, weights(), INSTRUMENTS, b"{}", vibrato, RECORDINGS)
    return {file.name: file.read_bytes() for file in path.iterdir()}


def check(folder: Path, sound: dict[str, bytes], seed: int) -> None:
    """Open a mutant and play what can be opened."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    folder.mkdir()
    try:
        write_mutant(folder, sound, rng)
        play(load_bundle(folder))
    except ModelError as error:
        said = str(error)
        assert said.isprintable()
        assert len(said) <= LONGEST
    finally:
        shutil.rmtree(folder)


def play(bundle: Bundle) -> None:
    """A note of every instrument, by both inversions."""
    generator = open_generator(bundle, 1)
    spec = bundle.spec
    for inversion in ("phase-locked", "faithful"):
        sound = make_inversion(spec, inversion, air=1.0)
        renderer = NoteRenderer(generator, sound, DEVICE_RATE)
        for name in bundle.instruments:
            z = project(bundle.latent(name, spec.low_pitch)).astype(np.float32)
            samples = np.concatenate(list(renderer.render(z, spec.low_pitch)))
            assert samples.size == renderer.length
            assert np.isfinite(samples).all()


@in_a_folder
@given(seed=st.integers(0, 2**63))
def test_mutants(folder: Path, sound: dict[str, bytes], seed: int) -> None:
    check(folder, sound, seed)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_hundred_thousand_mutants(folder: Path, sound: dict[str, bytes]) -> None:
    for seed in range(SEARCHED):
        check(folder, sound, seed)

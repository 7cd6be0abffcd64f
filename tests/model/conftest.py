"""Models for the tests: the reference models, imported, and the full-size one from its recipe."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.bundle import Bundle, load_bundle
from gansynth_live.model.checkpoint.importer import import_checkpoint
from gansynth_live.model.checkpoint.variables import BLOCK
from gansynth_live.model.normaliser import Constants
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.spec import ModelSpec

PRESPECIFIED = Constants(0.0661371661726, 0.113718730221, 0.8, 0.0)


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache directory of the tests' own."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("GANSYNTH_LIVE_CACHE_DIR")
    os.environ["GANSYNTH_LIVE_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["GANSYNTH_LIVE_CACHE_DIR"]
    else:
        os.environ["GANSYNTH_LIVE_CACHE_DIR"] = before


@pytest.fixture(scope="session")
def imported(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bundle]:
    """Bundle of a reference model by its name; each is imported once."""
    folder = tmp_path_factory.mktemp("bundles")

    def bundle(name: str) -> Bundle:
        if not (folder / name).exists():
            import_checkpoint(golden / name, folder / name)
        return load_bundle(folder / name)

    return bundle


@pytest.fixture(scope="session")
def full_size(golden: Path) -> Bundle:
    """The real configuration, with the recipe's weights."""
    recipe = json.loads((golden / "full_weights_recipe.json").read_text())
    spec = ModelSpec(
        name="full size",
        licence="none",
        sample_rate=16000,
        latent_size=256,
        low_pitch=24,
        high_pitch=84,
        mel_bins=1024,
        stft=Stft(fft_size=2048, hop=512, frames=128, samples=64000),
        normaliser=PRESPECIFIED,
        family=Progressive(
            start_frames=2,
            start_bins=16,
            channels=(256, 256, 256, 256, 128, 64, 32),
            alphas=(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        ),
    )
    assert spec.problem() is None
    draw = np.random.RandomState(20190223)
    weights = {}
    for variable in recipe["variables"]:
        name = variable["name"]
        tensor = draw.standard_normal(variable["shape"])
        if name.endswith("bias"):
            tensor *= 0.1
        if name.endswith("to_rgb/conv2d/kernel"):
            tensor *= 1.5
        if name.endswith("to_rgb/bias"):
            tensor += [-0.3, 0.0]
        single = tensor.astype(np.float32)
        assert hashlib.sha256(single.tobytes()).hexdigest().startswith(variable["sha256_16"])
        ours = name.removeprefix(BLOCK).replace("to_rgb", "output").replace("conv2d/", "")
        weights["block_" + ours.replace("/", ".")] = single
    wanted = {name: weights[name] for name in spec.tensors()}
    return Bundle(Path("full size"), spec, wanted, {}, digest="full size")

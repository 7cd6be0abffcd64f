"""A copy of a reference model that a test may damage, and small models of any shape."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.model.checkpoint.writer import write_checkpoint

BLOCK = "Generator/progressive_gan_generator/progressive_gan_block_"
AVERAGED = "/ExponentialMovingAverage"
EXPERIMENT = {
    "start_height": 2,
    "start_width": 8,
    "num_resolutions": 3,
    "fmap_base": 32,
    "fmap_max": 8,
    "latent_vector_size": 5,
    "audio_length": 150,
    "stable_stage_num_images": 4,
    "transition_stage_num_images": 4,
}
CHANNELS = (8, 8, 4)


def generator_variables(blocks: int) -> dict[str, Any]:
    """Random averaged and raw variables of a generator with `EXPERIMENT`'s sizes."""
    draw = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {}
    before = 5 + 61
    for block, after in enumerate(CHANNELS[:blocks], 1):
        size = (2, 8) if block == 1 else (3, 3)
        shapes[f"{block}/conv0/conv2d/kernel"] = (*size, before, after)
        shapes[f"{block}/conv1/conv2d/kernel"] = (3, 3, after, after)
        shapes[f"{block}/to_rgb/conv2d/kernel"] = (1, 1, after, 2)
        shapes |= {f"{block}/{layer}/bias": (after,) for layer in ("conv0", "conv1")}
        shapes[f"{block}/to_rgb/bias"] = (2,)
        before = after
    return {
        BLOCK + name + suffix: draw.normal(size=shape).astype(np.float32)
        for name, shape in shapes.items()
        for suffix in ("", AVERAGED)
    }


MakeModel = Callable[..., Path]


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """Writes a model directory: `stage`, `step`, other variables, other experiment keys."""

    def make(
        stage: int = 4,
        step: int = 20,
        variables: dict[str, Any] | None = None,
        shards: int = 1,
        **experiment: Any,
    ) -> Path:
        model = tmp_path / "model"
        folder = model / f"stage_{stage:05d}"
        folder.mkdir(parents=True)
        (model / "experiment.json").write_text(json.dumps(EXPERIMENT | experiment))
        blocks = (stage + 1) // 2 + 1
        stored = generator_variables(blocks) if variables is None else variables
        stored = stored | {"global_step": np.array(step), "Variable": np.array(5.0, np.float32)}
        write_checkpoint(folder / f"model.ckpt-{step}", stored, shards)
        (folder / "checkpoint").write_text(f'model_checkpoint_path: "/far/model.ckpt-{step}"\n')
        return model

    return make


@pytest.fixture
def copied(golden: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A writable copy of a reference model."""

    def copy(name: str) -> Path:
        target = tmp_path / name
        shutil.copytree(golden / name, target, copy_function=shutil.copyfile)
        for folder in (target, *target.rglob("*/")):
            folder.chmod(0o755)
        return target

    return copy

"""Whatever is in the other texts that people write or keep: read, or refused in one line."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.config.tunings import with_tunings
from gansynth_live.errors import LONGEST, CheckpointError, ConfigError, GansynthError, TuningError
from gansynth_live.latent.kept import KeptInstruments
from gansynth_live.model.checkpoint.experiment import EXPERIMENT, read_experiment
from gansynth_live.training.instruments import read_collection, read_tuning
from gansynth_live.training.recipe import read_recipe
from tests.conftest import REPOSITORY
from tests.fuzz.bundle_mutants import in_json
from tests.fuzz.damage import damaged
from tests.fuzz.toml_mutants import ODD_VALUES
from tests.tuning.scales import MEANTONE, keyboard_map

EXPERIMENT_TEXT = b'{"fmap_base": 4096, "start_height": 2, "start_width": 16, "kernel_size": 3}'

in_a_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Kind(NamedTuple):
    """One kind of text.

    Attributes:
        name: of the file in its folder.
        sound: a text without mistakes.
        read: reads the file in a folder.
        error: what it may raise.
    """

    name: str
    sound: bytes
    read: Callable[[Path], Any]
    error: type[GansynthError]


def kept(path: Path) -> Any:
    return KeptInstruments("model", path).read(2)


def shipped(name: str) -> bytes:
    return (REPOSITORY / "configs" / "training" / name).read_bytes()


def tuned(key: str) -> Callable[[Path], Any]:
    return lambda path: with_tunings({"tuning": {key: path.name}}, path.parent, str(path))


KINDS = [
    Kind("harmonic.toml", shipped("harmonic.toml"), read_recipe, ConfigError),
    Kind("gansynth.toml", shipped("gansynth.toml"), read_recipe, ConfigError),
    Kind("instruments.toml", shipped("instruments.toml"), read_collection, ConfigError),
    Kind("tuning.json", json.dumps({"0:1": [0.0] * 61}).encode(), read_tuning, ConfigError),
    Kind("kept.json", json.dumps({"model": {"a": [1.0, 2.0]}}).encode(), kept, ConfigError),
    Kind("scale.scl", MEANTONE.encode(), tuned("scale"), TuningError),
    Kind("map.kbm", keyboard_map((0, None, 1)).encode(), tuned("map"), TuningError),
    Kind(EXPERIMENT, EXPERIMENT_TEXT, lambda path: read_experiment(path.parent), CheckpointError),
]


def mutant(sound: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return damaged(sound, rng)
    if sound.startswith(b"{"):
        return in_json(sound, rng)
    if b" = " not in sound:
        return damaged(sound, rng)
    lines = sound.decode().splitlines()
    at = rng.choice([number for number, line in enumerate(lines) if " = " in line])
    lines[at] = f"{lines[at].partition(' = ')[0]} = {rng.choice(ODD_VALUES)}"
    return "\n".join(lines).encode()


def check(kind: Kind, folder: Path, seed: int) -> None:
    path = folder / kind.name
    path.write_bytes(mutant(kind.sound, random.Random(seed)))  # noqa: S311 - not for secrets
    try:
        kind.read(path)
    except kind.error as error:
        said = str(error)
        assert str(path) in said
        assert said.isprintable()
        assert len(said) <= LONGEST


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_mutants(kind: Kind, tmp_path: Path) -> None:
    @in_a_folder
    @given(seed=st.integers(0, 2**63))
    def search(seed: int) -> None:
        check(kind, tmp_path, seed)

    search()


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_a_hundred_thousand_mutants(kind: Kind, tmp_path: Path) -> None:
    for seed in range(100_000):
        check(kind, tmp_path, seed)

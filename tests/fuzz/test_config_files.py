"""Whatever a configuration file holds: it is read, or refused by ConfigError in one line."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gansynth_live.config import Config, load_config
from gansynth_live.errors import LONGEST, ConfigError, UsageError
from gansynth_live.instrument import make_controls, open_library
from gansynth_live.latent.library import Library
from gansynth_live.parts import plan_parts
from tests.fuzz.toml_mutants import mutant, override

SEARCHED = 1_000_000  # mutants, in the slow run

in_a_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
seeds = st.integers(0, 2**63)


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path / "own"))
    return tmp_path / "fuzz.toml"


@pytest.fixture(scope="module")
def library() -> Library:
    bundle, _ = open_library(None)
    return Library(bundle.instruments, bundle.spec.latent_size)


def read(path: Path, overrides: list[str]) -> Config | None:
    """The settings, or None where they are refused as they should be."""
    try:
        return load_config(path, overrides)
    except ConfigError as error:
        said = str(error)
    assert str(path) in said or "command line" in said or "is not a setting" in said
    check_line(said)
    return None


def check_line(said: str) -> None:
    assert said.isprintable()
    assert len(said) <= LONGEST


def check(path: Path, rng: random.Random, library: Library) -> None:
    """Read a mutant; what is read can be played, or is refused as a mistake."""
    path.write_bytes(mutant(rng))
    overrides = [override(rng)] if rng.random() < 0.3 else []
    if (config := read(path, overrides)) is None:
        return
    try:
        for part in plan_parts(config, library):
            make_controls(config, part.path, library).blend_at(1.0)
    except (ConfigError, UsageError) as error:
        check_line(str(error))


@in_a_folder
@given(seed=seeds)
def test_mutants(path: Path, library: Library, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(5):
        check(path, rng, library)


@in_a_folder
@given(content=st.binary(max_size=200))
def test_garbage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    read(path, [])


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_million_mutants(path: Path, library: Library) -> None:
    for seed in range(SEARCHED):
        check(path, random.Random(seed), library)  # noqa: S311 - not for secrets

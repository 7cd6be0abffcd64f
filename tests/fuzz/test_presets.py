"""Whatever a preset's file or code holds: it is read, or refused by ConfigError in one line."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.errors import LONGEST, ConfigError
from gansynth_live.presets.file import parse, to_json
from gansynth_live.presets.share import from_code, to_code
from tests.fuzz.damage import damaged
from tests.presets.test_file import RICH

SEARCHED = 1_000_000  # mutants, in the slow run
PATIENCE = 0.05  # seconds for one, on a machine that does nothing else
FILE, CODE = to_json(RICH), to_code(RICH)


def check(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    try:
        if rng.random() < 0.5:
            preset = parse(damaged(FILE, rng), "a.json")
            assert parse(to_json(preset), "a.json") == preset
        else:
            preset = from_code(damaged(CODE.encode(), rng).decode(errors="replace"))
            assert from_code(to_code(preset)) == preset
    except ConfigError as error:
        said = str(error)
    else:
        return
    assert said.isprintable()
    assert len(said) <= LONGEST


@settings(deadline=None)
@given(seed=st.integers(0, 2**63))
def test_mutants(seed: int) -> None:
    check(seed)


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_garbage(content: bytes) -> None:
    with pytest.raises(ConfigError):
        parse(content, "a.json")
    with pytest.raises(ConfigError):
        from_code(content.decode("latin-1"))


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_million_mutants() -> None:
    slowest = 0.0
    for seed in range(SEARCHED):
        began = time.process_time()
        check(seed)
        slowest = max(slowest, time.process_time() - began)
    assert slowest <= PATIENCE

"""The presets that come with the program: whole, playable, as loud as each other."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gansynth_live.instrument import Instrument, open_instrument, open_library
from gansynth_live.presets.file import SUFFIX, parse, read, to_json
from gansynth_live.presets.preset import CATEGORIES
from gansynth_live.presets.settings import lend_instruments
from gansynth_live.presets.share import LONGEST, from_code, to_code
from tests.conftest import REPOSITORY
from tests.presets.audition import RATE, loudness, played

FACTORY = sorted((REPOSITORY / "configs" / "presets").glob(f"*{SUFFIX}"))
LOUD = -20.0, 1.5  # LUFS, and how far off
PEAK = 10.0 ** (-1.0 / 20.0)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_CONFIG_DIR", str(tmp_path))


@cache
def instrument() -> Instrument:
    return open_instrument(None, "phase-locked", RATE)


def test_there_are_thirty_in_all_categories_but_one() -> None:
    presets = [read(path) for path in FACTORY]
    assert len(presets) == 30
    count = Counter(preset.category for preset in presets)
    assert set(CATEGORIES) - set(count) == {"Motion"}
    moving = [preset for preset in presets if "moving" in preset.tags]
    assert len(moving) >= 6


@pytest.mark.parametrize("path", FACTORY, ids=lambda path: path.name.removesuffix(SUFFIX))
def test_it_is_whole_and_comes_back_byte_for_byte(path: Path) -> None:
    preset = read(path)
    assert path.name == preset.name + SUFFIX
    assert to_json(parse(path.read_bytes(), "a")) == path.read_bytes()
    assert from_code(to_code(preset)) == preset
    assert len(to_code(preset)) < LONGEST / 10
    bundle, library = open_library(None)
    assert preset.model.digest == bundle.digest
    lend_instruments(preset, bundle, library)


@pytest.mark.slow
@pytest.mark.parametrize("path", FACTORY, ids=lambda path: path.name.removesuffix(SUFFIX))
def test_it_sounds_well(path: Path, tmp_path: Path) -> None:
    samples = played(read(path), instrument(), tmp_path)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= PEAK + 1e-4
    assert np.abs(samples[-RATE // 10 :]).max() < 1e-3, "it ends in silence"
    assert loudness(samples) == pytest.approx(LOUD[0], abs=LOUD[1])

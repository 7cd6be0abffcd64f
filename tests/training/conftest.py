"""Notes that are quick to make: decaying tones of two instruments at a few pitches."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.units import key_to_hz

pytest.importorskip("torch", reason="training needs the extra `train`")

PITCHES = (36, 48, 55, 60, 64, 72)
TIME = np.arange(64000) / 16000


def tone(key: float, decay: float = 1.0, partials: int = 8) -> NDArray[np.float64]:
    """A harmonic tone of 4 s at 16 kHz that decays by e every `decay` seconds."""
    numbers = [n for n in range(1, partials + 1) if n * key_to_hz(key) < 7500]
    waves = [np.sin(2 * np.pi * n * key_to_hz(key) * TIME) / n for n in numbers]
    return np.asarray(0.2 * np.sum(waves, axis=0) * np.exp(-TIME / decay), np.float64)


@pytest.fixture(scope="session")
def notes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of 12 notes: `plucked` decays in a second, `held` in ten and has two recordings."""
    from gansynth_live.training.levels import level
    from gansynth_live.training.notes import is_held_out, write_index
    from gansynth_live.training.render import create_arrays, store

    folder = tmp_path_factory.mktemp("notes")
    cells = [(row, pitch, int(is_held_out(row, pitch))) for row in (0, 1) for pitch in PITCHES]
    create_arrays(folder, len(cells))
    waves = [level(tone(pitch, decay=(1.0, 10.0)[row])) for row, pitch, _ in cells]
    store(folder, 0, np.stack(waves))
    recordings = np.array([0] * 6 + [1, 1, 1, 3, 3, 3])  # 2: another preset's
    write_index(folder, ["plucked", "held"], ["tones", "tones"], np.array(cells), recordings)
    return folder

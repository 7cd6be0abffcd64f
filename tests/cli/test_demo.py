"""The first command that anybody runs."""

from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
import soundfile
from matplotlib.image import imread

from gansynth_live.drivers import playback
from gansynth_live.errors import DeviceError
from tests.cli.conftest import Run


def test_demo_writes_and_draws(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> NoReturn:
        raise DeviceError("tests make no noise")

    monkeypatch.setattr(playback, "playing", silent)
    outcome = run("demo", "--folder", tmp_path)
    assert outcome.code == 0
    assert "not played: tests make no noise" in outcome.out
    samples, rate = soundfile.read(tmp_path / "demo.wav", dtype="float32")
    assert (rate, samples.shape[1]) == (48_000, 2)
    assert 42.0 < len(samples) / rate < 50.0
    assert 0.1 < np.abs(samples).max() <= 10 ** (-1 / 20)
    assert imread(tmp_path / "demo.png").shape == (840, 1680, 4)

"""The first command that anybody runs."""

from pathlib import Path

import numpy as np
import soundfile
from matplotlib.image import imread

from tests.cli.conftest import Run


def test_demo_writes_what_it_plays(run: Run, tmp_path: Path) -> None:
    out, plot = tmp_path / "demo.wav", tmp_path / "demo.png"
    outcome = run("demo", "--silent", "--out", out, "--plot", plot)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("cello > ")
    samples, rate = soundfile.read(out, dtype="float32")
    assert (rate, samples.shape[1]) == (48_000, 2)
    assert 28.0 < len(samples) / rate < 34.0
    assert 0.25 < np.abs(samples).max() <= 10 ** (-1 / 20)
    assert imread(plot).shape == (840, 1680, 4)

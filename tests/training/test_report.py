import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from gansynth_live.model.bundle import default_bundle_path, load_bundle
from gansynth_live.training import report
from gansynth_live.training.levels import level
from gansynth_live.training.listen import listener
from gansynth_live.training.notes import open_notes, write_index
from gansynth_live.training.render import create_arrays, store
from gansynth_live.training.sheets import plot_losses

CELLS = [(row, pitch, int(pitch == 60)) for row in (0, 1) for pitch in (48, 52, 60, 64, 66, 67)]


@pytest.fixture
def own_notes(tmp_path: Path) -> Path:
    """Notes that the shipped model itself made: it must be found perfect on them."""
    names = list(load_bundle(default_bundle_path()).instruments)[:2]
    ours = listener(default_bundle_path())
    pitches = [pitch for _, pitch, _ in CELLS]
    waves = ours.notes(ours.latents([names[row] for row, _, _ in CELLS], pitches), pitches)
    create_arrays(tmp_path, len(CELLS))
    store(tmp_path, 0, np.stack([level(wave.astype(np.float64)) for wave in waves]))
    write_index(tmp_path, names, ["keys", "keys"], np.array(CELLS))
    return tmp_path


def test_a_model_is_close_to_its_own_notes(
    own_notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(1)
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(report, "CLASSIFIER_EPOCHS", 1)
    monkeypatch.setattr(report, "SHEET_PITCHES", (60,))
    monkeypatch.setattr("gansynth_live.training.evaluate.BLEND_PAIRS", 2)
    monkeypatch.setattr("gansynth_live.training.evaluate.EVERY", 2)
    monkeypatch.setattr("gansynth_live.training.paper.COMPARED", 6)
    monkeypatch.setattr("gansynth_live.training.scores.PRINCIPAL", 3)
    monkeypatch.setattr("gansynth_live.training.paper.BINS", 2)
    shares: list[float] = []
    found = report.write_report(
        default_bundle_path(), {}, open_notes(own_notes), tmp_path / "report", shares.append
    )
    assert sum(shares) == pytest.approx(1)
    assert found.figures is not None
    held_out = found.figures.held_out
    assert held_out is not None
    assert held_out.notes == 2
    assert held_out.distance is not None
    assert held_out.distance < 2.5  # levelling moves the -60 dB floor's neighbours
    assert held_out.own_is_nearest == 1
    written = json.loads((tmp_path / "report" / "evaluation.json").read_text())
    assert written["scores"].keys() == {"real notes", "this model"}
    assert (tmp_path / "report" / "notes-60.png").stat().st_size > 1000
    assert len(report.figure_rows(found.figures)) > 10
    assert [row[0] for row in report.score_rows(found.scores)] == ["real notes", "this model"]


def test_losses_are_drawn(tmp_path: Path) -> None:
    history = [{"images": 10.0 * k, "power": 1.0 / k, "turn": 0.5} for k in range(1, 20)]
    plot_losses(history, tmp_path / "losses.png")
    assert (tmp_path / "losses.png").read_bytes()[:4] == b"\x89PNG"


def test_a_few_notes_of_one_instrument_are_enough(own_notes: Path, tmp_path: Path) -> None:
    notes = open_notes(own_notes)
    few = np.flatnonzero((notes.instrument == 0) & (notes.pitch < 60))
    some = dataclasses.replace(
        notes,
        instrument=notes.instrument[few],
        pitch=notes.pitch[few],
        held_out=notes.held_out[few],
        waves=notes.waves[few],
        images=notes.images[few],
        recording=notes.recording[few],
    )
    found = report.write_report(
        default_bundle_path(), {}, some, tmp_path / "report", lambda _: None
    )
    assert found.scores == {}
    assert found.figures is not None
    assert found.figures.held_out is None
    assert found.figures.trained is not None
    assert found.figures.trained.notes == 1
    assert len(report.figure_rows(found.figures)) > 10

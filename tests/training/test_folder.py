import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import UsageError
from gansynth_live.training.folder import from_folder, from_nsynth, pitch_in_name, store_files
from gansynth_live.training.notes import open_notes
from gansynth_live.training.tuning import cents_off
from tests.training.conftest import tone

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@given(st.integers(24, 84))
def test_pitches_are_read_from_names(key: int) -> None:
    name = f"{NAMES[key % 12]}{key // 12 - 1}"
    assert pitch_in_name(f"piano_{name}") == key
    assert pitch_in_name(f"piano-{key:03d}") == key
    assert pitch_in_name(name.lower()) == key


def test_a_name_without_pitch_has_none() -> None:
    assert pitch_in_name("piano") is None


def test_a_folder_becomes_levelled_notes(tmp_path: Path) -> None:
    for name, key in (("bell/C4.wav", 60), ("bell/064.flac", 64), ("horn/A2.wav", 45)):
        path = tmp_path / "sounds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wave = np.repeat(tone(key)[:, None], 2, axis=1)
        soundfile.write(path, wave[:48000], 16000)
    store_files(from_folder(tmp_path / "sounds"), tmp_path / "notes", lambda _: None)
    notes = open_notes(tmp_path / "notes")
    assert notes.names == ["bell", "horn"]
    assert sorted(notes.pitch.tolist()) == [45, 60, 64]
    for note, pitch in enumerate(notes.pitch.tolist()):
        assert abs(cents_off(notes.wave(note).astype(np.float64), pitch)) < 1
        assert notes.images[note, 0, 6:90].max() > 0.6


def test_nsynth_layout(tmp_path: Path) -> None:
    entry = {"pitch": 60, "velocity": 100, "instrument_str": "reed_acoustic_001"}
    examples = {
        "reed_acoustic_001-060-100": entry | {"instrument_family_str": "reed"},
        "reed_acoustic_001-060-127": entry | {"velocity": 127, "instrument_family_str": "reed"},
    }
    (tmp_path / "examples.json").write_text(json.dumps(examples))
    (only,) = from_nsynth(tmp_path)
    assert only.path == tmp_path / "audio" / "reed_acoustic_001-060-100.wav"
    assert (only.instrument, only.family, only.pitch) == ("reed_acoustic_001", "reed", 60)


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="INSTRUMENT/060"):
        from_folder(tmp_path)

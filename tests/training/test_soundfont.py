from pathlib import Path

import numpy as np
import pytest

from gansynth_live.errors import UsageError
from gansynth_live.training import soundfont
from gansynth_live.training.instruments import Preset
from gansynth_live.training.render import tuned_note
from gansynth_live.training.soundfont import SoundFont, find_font
from gansynth_live.training.tuning import cents_off


def test_a_missing_font_names_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(soundfont, "FONT_DIRECTORIES", (str(tmp_path),))
    with pytest.raises(UsageError, match="apt install musescore-general-soundfont"):
        find_font("MuseScore_General_Full.sf2")


@pytest.fixture(scope="module")
def font() -> SoundFont:
    for name in ("TimGM6mb.sf2", "FluidR3_GM.sf2", "MuseScore_General_Full.sf2"):
        try:
            return SoundFont(find_font(name))
        except UsageError:
            continue
    pytest.skip("no soundfont or no libfluidsynth here")


def test_a_note_is_four_seconds_and_ends_its_hold_after_three(font: SoundFont) -> None:
    wave = font.note(0, 19, 60)
    assert wave.shape == (64000,)
    assert np.abs(wave[40000:48000]).max() > 4 * np.abs(wave[-8000:]).max()


def test_a_note_is_tuned_and_the_table_repeats_it(font: SoundFont) -> None:
    preset = Preset(number=0, program=73)
    wave, added = tuned_note(font, preset, 100, 67, None)
    assert abs(cents_off(wave, 67)) <= 1.0
    again, same = tuned_note(font, preset, 100, 67, added)
    assert same == added
    np.testing.assert_allclose(again, wave, atol=0.02)


def test_a_file_that_is_no_font_is_refused(tmp_path: Path, font: SoundFont) -> None:
    path = tmp_path / "font.sf2"
    path.write_bytes(b"no font")
    with pytest.raises(UsageError, match="not a readable soundfont"):
        SoundFont(path)

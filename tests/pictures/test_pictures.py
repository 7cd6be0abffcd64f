"""Pictures are written whole, and show what they should where they should."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.midi import Note
from gansynth_live.performance.morph_plan import MorphTrack
from gansynth_live.pictures.overview import draw_overview
from gansynth_live.pictures.piece import draw_piece
from gansynth_live.pictures.rainbowgram import rainbowgram
from gansynth_live.units import key_to_hz

RATE = 48_000


def tone(key: int, seconds: float = 1.0) -> NDArray[np.float32]:
    times = np.arange(int(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * key_to_hz(key) * times).astype(np.float32)


def test_a_tone_is_a_bright_line_of_one_colour() -> None:
    image = rainbowgram(tone(69), RATE).image
    line = image[(69 - 24) * 3, 10:-10]
    assert line.max(axis=1).min() > 0.8
    assert np.ptp(line, axis=0).max() < 0.05
    assert image[(90 - 24) * 3, 10:-10].max() == 0.0


def test_silence_is_black() -> None:
    assert not rainbowgram(np.zeros(RATE, np.float32), RATE).image.any()


def test_long_sounds_are_thinned_and_lose_nothing_loud() -> None:
    samples = np.zeros(20 * RATE, np.float32)
    samples[10 * RATE : 10 * RATE + 4800] = tone(69)[:4800]
    picture = rainbowgram(samples, RATE, most_columns=100)
    assert picture.image.shape[1] <= 100
    assert picture.seconds == 20.0
    assert picture.image[(69 - 24) * 3].max() > 0.8


def test_draw_piece(tmp_path: Path) -> None:
    path = tmp_path / "piece.png"
    morph = MorphTrack([0.0, 0.5], [0.0, 1.0], ["cello", "choir"], [0.0, 1.0])
    draw_piece(path, rainbowgram(tone(60), RATE), [Note(0.1, 0.9, 60, 100, 0)], morph, "a piece")
    plain = tmp_path / "plain.png"
    draw_piece(plain, rainbowgram(tone(60), RATE), [])
    assert imread(path).shape == (840, 1680, 4)
    assert not np.array_equal(imread(path), imread(plain))


def test_draw_overview(tmp_path: Path) -> None:
    path = tmp_path / "overview.png"
    draw_overview(path, {f"tone {key}": tone(key) for key in range(60, 67)}, RATE, "seven tones")
    assert imread(path).shape[1] > imread(path).shape[0]


def test_a_missing_folder_is_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        draw_piece(tmp_path / "absent" / "a.png", rainbowgram(tone(60), RATE), [])


def test_a_name_that_the_font_cannot_show(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    draw_piece(tmp_path / "a.png", rainbowgram(tone(60), RATE), [], title="音乐 caf\udce9")
    assert not recwarn.list


def test_stretches_of_long_sound_join_without_a_seam() -> None:
    image = rainbowgram(tone(69, 140.0), RATE, most_columns=100_000).image
    line = image[(69 - 24) * 3, 10:-10]
    assert line.max(axis=1).min() > 0.8
    assert np.ptp(line, axis=0).max() < 0.05

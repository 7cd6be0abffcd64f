"""How loud a voice goes on when its timbre changes."""

from math import exp, log, nan

import numpy as np
import pytest
from numpy.typing import NDArray

from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.stft import Stft
from gansynth_live.render.continuation.loudness import DOUBT, Loud, Loudness, Turn, loudness

STFT = Stft(fft_size=128, hop=32, frames=32, samples=1024)
UNKNOWN = Turn(None, 0.0)


def heard(voice: Loudness, frames: list[float]) -> NDArray[np.float64]:
    """ln RMS of the next frames as the voice has them."""
    return np.array(frames) + voice.go_on(np.array(frames))


def test_after_a_render_a_timbre_has_the_level_that_it_calls_for() -> None:
    voice = Loudness(Loud())
    voice.turn(3.0, Turn(0.2, DOUBT))
    assert heard(voice, [3.0, 3.5]) == pytest.approx([3.2, 3.7])


def test_a_timbre_of_unknown_level_begins_as_loud_as_the_voice_is() -> None:
    voice = Loudness(Loud(frame=2.0))
    voice.turn(1.5, UNKNOWN)
    assert heard(voice, [1.5, 1.7, 1.2]) == pytest.approx([2.0, 2.2, 1.7])


def test_many_turns_of_unknown_level_do_not_drift() -> None:
    chance, loud = np.random.default_rng(1), Loud(frame=2.0)
    for _ in range(200):
        voice, louder = Loudness(loud), float(chance.normal(2.0, 0.3))
        voice.turn(louder, UNKNOWN)
        voice.go_on(np.full(3, louder))
        loud = voice.at(2.0)
    assert loud.frame == pytest.approx(2.0)


def test_what_is_owed_is_paid_off_without_a_jump() -> None:
    voice = Loudness(Loud(frame=2.3))
    voice.turn(2.0, Turn(0.0, 0.0))
    levels = heard(voice, [2.0] * 20)
    assert 2.0 < levels[0] < 2.3
    assert (np.diff(levels) < 0).all()
    assert levels[-1] == pytest.approx(2.0, abs=1e-3)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_doubtful_level_counts_only_beyond_its_doubt(sign: int) -> None:
    within, beyond = (
        Loudness(Loud(frame=sign * 0.9 * DOUBT)),
        Loudness(Loud(frame=sign * 3 * DOUBT)),
    )
    for voice in (within, beyond):
        voice.turn(0.0, Turn(0.0, DOUBT))
    assert heard(within, [0.0] * 30)[-1] == pytest.approx(sign * 0.9 * DOUBT)
    assert heard(beyond, [0.0] * 30)[-1] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("turn", [UNKNOWN, Turn(0.0, 0.0), Turn(0.0, DOUBT)])
def test_near_silence_is_not_blown_up(turn: Turn) -> None:
    voice = Loudness(Loud(frame=0.0))
    voice.turn(-12.0, turn)
    assert heard(voice, [-12.0])[0] < -12.0 + log(4.0) + 1e-9


def test_how_a_turn_is_cut_changes_nothing_that_has_been() -> None:
    whole, cut = Loudness(Loud(frame=2.0, owed=0.3)), Loudness(Loud(frame=2.0, owed=0.3))
    for voice in (whole, cut):
        voice.turn(1.0, UNKNOWN)
        voice.go_on(np.full(4, 1.0))
    before = whole.at(4.0)
    cut.turn(1.0, Turn(0.0, 0.0))
    cut.go_on(np.full(4, 1.0))
    assert cut.at(4.0) == before


def test_a_moment_between_two_frames_lies_between_them() -> None:
    voice = Loudness(Loud(frame=2.0))
    voice.turn(2.0, UNKNOWN)
    voice.go_on(np.array([3.0, 5.0]))
    assert voice.at(1.5).frame == pytest.approx(4.0)
    assert np.isnan(Loudness(Loud()).at(0.0).frame)


def test_sound_that_is_fainter_than_its_frames_say_has_lost_the_difference() -> None:
    random = np.random.default_rng(1)
    sound = random.standard_normal(1024).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(sound, STFT.fft_size)[:: STFT.hop]
    spectra = np.fft.rfft(windows * np.hanning(STFT.fft_size + 1)[:-1])[:, 1:]
    voice = Loudness(Loud(frame=nan))
    voice.turn(0.0, Turn(0.0, 0.0))
    voice.go_on(loudness(np.abs(spectra).astype(np.float32)))
    inversion = LockedInversion(STFT, mel_bins=64, sample_rate=16000)
    assert voice.lost(sound * np.float32(exp(-0.3)), inversion) == pytest.approx(-0.3, abs=1e-3)


def test_what_has_died_away_can_come_back() -> None:
    silent, loud = np.zeros((4, 8), np.float32), np.ones((2, 8), np.float32)
    dying = Loudness(Loud(0.0, 0.0))
    assert np.isfinite(dying.go_on(loudness(silent))).all()
    dying.turn(float(loudness(loud)[0]), Turn(0.0, 0.0))
    assert dying.go_on(loudness(np.tile(loud, (40, 1))))[-1] == pytest.approx(0.0, abs=0.01)

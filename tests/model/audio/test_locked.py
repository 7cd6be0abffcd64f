from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.errors import ModelError
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.model.audio.stft import Stft
from tests.model.audio.analysis import MEL_BINS, SAMPLE_RATE, STFT, mel_distance, mel_if

SHORT_FADE = 80  # samples


@pytest.fixture(scope="module")
def inversion() -> LockedInversion:
    return LockedInversion(STFT, MEL_BINS, SAMPLE_RATE)


@pytest.fixture(scope="module")
def tones() -> NDArray[np.float32]:
    """Frames of a decaying note of ten partials and of a steady one of three."""
    time = np.arange(STFT.samples) / SAMPLE_RATE
    plucked = sum(np.sin(2 * np.pi * 220 * h * time) * np.exp(-h * time) / h for h in range(1, 11))
    steady = sum(np.cos(2 * np.pi * 660 * h * time) for h in (1, 2, 3))
    return mel_if(0.2 * np.stack([plucked, steady]))


def test_real_notes_come_back_sounding_the_same(golden: Path, inversion: LockedInversion) -> None:
    clips = np.load(golden / "nsynth_16_clips.npz")["waves"][::4] / 32768
    again = inversion.begin([60] * len(clips)).push(mel_if(clips))
    assert mel_distance(again, clips) < 0.75
    level = np.sqrt(np.square(again).mean(axis=1) / np.square(clips).mean(axis=1))
    np.testing.assert_allclose(20 * np.log10(level), 0, atol=2)


@given(st.lists(st.integers(0, STFT.frames), max_size=6))
def test_cuts_between_frames_change_no_bit(
    inversion: LockedInversion, tones: NDArray[np.float32], cuts: list[int]
) -> None:
    whole = inversion.begin([60, 60]).push(tones)
    stream, start, pieces = inversion.begin([60, 60]), 0, []
    for stop in [*sorted(cuts), STFT.frames]:
        pieces.append(stream.push(tones[:, start:stop]))
        start = stop
        assert sum(piece.shape[1] for piece in pieces) == STFT.final_samples(stop)
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)
    assert whole.shape == (2, STFT.samples)


def test_a_note_is_the_same_in_company_and_alone(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    alone = inversion.begin([60]).push(tones[1:])
    np.testing.assert_array_equal(alone[0], inversion.begin([60, 60]).push(tones)[1])


def test_the_memory_order_of_frames_does_not_matter(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    planes = np.moveaxis(np.moveaxis(tones, -1, 1).copy(), 1, -1)
    np.testing.assert_array_equal(
        inversion.begin([60, 60]).push(planes), inversion.begin([60, 60]).push(tones)
    )


def test_the_first_samples_are_faded_in(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    samples = inversion.begin([60, 60]).push(tones)
    assert (samples[:, 0] == 0).all()
    rms = np.sqrt(np.square(samples[1]).reshape(-1, SHORT_FADE).mean(axis=1))
    assert rms[0] < 0.7 * rms[1]


def test_a_sudden_note_starts_suddenly(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    steady = inversion.begin([60, 60]).push(tones)[1]
    rms = np.sqrt(np.square(steady[: 64 * 160]).reshape(64, 160).mean(axis=1))
    np.testing.assert_allclose(20 * np.log10(rms[1:6] / rms[32:].mean()), 0, atol=2.5)


def test_frames_that_are_not_numbers_end_in_silence_or_nonsense_but_do_end(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    broken = tones.copy()
    broken[:, 40:50] = np.nan
    samples = inversion.begin([60, 60]).push(broken)
    assert np.isfinite(samples[:, : STFT.final_samples(40)]).all()


def test_more_frames_than_a_note_has_are_refused(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    stream = inversion.begin([60, 60])
    stream.push(tones)
    with pytest.raises(ModelError, match="128 frames"):
        stream.push(tones[:, :1])


def test_noise_does_not_buzz_at_the_frame_rate(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    steady = tones[1:]
    noisy = steady.copy()
    noisy[..., 0] = np.logaddexp(steady[..., 0], steady[..., 0].max() - 8)
    heard = inversion.begin([60]).push(noisy) - inversion.begin([60]).push(steady)
    power = np.square(heard[0, SAMPLE_RATE : 3 * SAMPLE_RATE])
    loudness = np.abs(np.fft.rfft((power - power.mean()) * np.hanning(len(power))))
    at = round(2 * SAMPLE_RATE / STFT.hop)  # the frame rate, in a spectrum of 2 s
    around = np.r_[loudness[at // 2 : at - 3], loudness[at + 4 : 2 * at - 3]]
    assert loudness[at - 1 : at + 2].max() < 5 * np.median(around)


@pytest.mark.parametrize("sizes", [(16, 8, 1, 1), (64, 1, 1, 64), (2048, 4, 3, 9), (32, 8, 4, 40)])
def test_sizes_that_nobody_would_choose(sizes: tuple[int, int, int, int]) -> None:
    stft = Stft(*sizes)
    assert stft.problem() is None
    frames = np.zeros((1, stft.frames, 8, 2), np.float32)
    audio = LockedInversion(stft, 8, SAMPLE_RATE).begin([60]).push(frames)
    assert audio.shape == (1, stft.samples)
    assert np.isfinite(audio).all()


def test_a_change_is_told_which_frames_it_is_made_to(
    inversion: LockedInversion, tones: NDArray[np.float32]
) -> None:
    def softer(spectra: Spectra, first: int) -> Spectra:
        fading = 0.97 ** np.arange(first, first + len(spectra.magnitude), dtype=np.float32)
        return spectra._replace(magnitude=spectra.magnitude * fading[:, np.newaxis])

    whole = inversion.begin([60], [softer]).push(tones[1:])[0]
    stream = inversion.begin([60], [softer])
    cut = np.concatenate([stream.push(tones[1:, :50])[0], stream.push(tones[1:, 50:])[0]])
    np.testing.assert_array_equal(cut, whole)
    plain = inversion.begin([60]).push(tones[1:])[0]
    late = slice(48000, 50000)
    assert np.square(whole[late]).sum() < 0.01 * np.square(plain[late]).sum()

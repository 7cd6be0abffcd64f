import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from gansynth_live.errors import ModelError
from gansynth_live.model.air.air import Air, air_for, pack_air, shipped_air, unpack_air
from gansynth_live.model.air.bands import HIGH_EDGES
from gansynth_live.model.air.net import SHAPES, AirNet
from gansynth_live.model.audio.handover import Handover
from gansynth_live.model.audio.locked import LockedInversion
from gansynth_live.model.audio.stft import Stft
from tests.model.audio.analysis import MEL_BINS, SAMPLE_RATE, STFT, mel_if

RATE = 48000
KEY = 69
BELOW = 20.0  # dB of each high band below the whole


def net_of(level: float) -> AirNet:
    """Tells `level` dB, against the whole, of every band."""
    net = AirNet(*[np.zeros(shape, np.float32) for shape in SHAPES.values()])
    net.bias_3[:] = (level + 50.0) / 20.0
    return net


def with_air(net: AirNet, amount: float = 1.0) -> LockedInversion:
    return LockedInversion(STFT, MEL_BINS, SAMPLE_RATE, Air(net, None, amount))


@pytest.fixture(scope="module")
def inversion() -> LockedInversion:
    return with_air(net_of(-BELOW))


@pytest.fixture(scope="module")
def tone() -> NDArray[np.float32]:
    """Frames [1, 128, 1024, 2] of a steady note of many partials."""
    time = np.arange(STFT.samples) / SAMPLE_RATE
    number = np.arange(1, 18)[:, np.newaxis]
    return mel_if(
        0.05 * np.cos(2 * np.pi * 440 * number * time + number**2).sum(axis=0)[np.newaxis]
    )


@pytest.fixture(scope="module")
def noise() -> NDArray[np.float32]:
    return mel_if(np.random.default_rng(0).normal(0, 0.1, (1, STFT.samples)))


def level_db(wave: NDArray[np.floating], low: float, high: float) -> float:
    band = butter(8, [low, high], "band", fs=RATE, output="sos")
    return float(10 * np.log10(np.square(sosfiltfilt(band, wave.astype(np.float64))).mean()))


@pytest.mark.parametrize("kind", ["tone", "noise"])
def test_bands_above_8_khz_are_as_loud_as_they_are_told(
    inversion: LockedInversion, kind: str, request: pytest.FixtureRequest
) -> None:
    frames = request.getfixturevalue(kind)
    wave = inversion.begin([KEY]).push(frames)[0, RATE : 3 * RATE]
    whole = level_db(wave, 50, 7900)
    for band in (3, 8, 12):
        low, high = HIGH_EDGES[band], HIGH_EDGES[band + 1]
        assert level_db(wave, low, high) - whole == pytest.approx(-BELOW, abs=2.0)


def test_it_is_tonal_where_the_note_is_tonal(
    inversion: LockedInversion, tone: NDArray[np.float32], noise: NDArray[np.float32]
) -> None:
    crests = []
    for frames in (tone, noise):
        wave = inversion.begin([KEY]).push(frames)[0, RATE : 3 * RATE]
        spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
        high = spectrum[2 * 10000 : 2 * 14000]
        crests.append(20 * np.log10(high.max() / np.sqrt(np.square(high).mean())))
        if frames is tone:
            at = 10000 + np.argmax(high) / 2
            assert abs(at / 440 - round(at / 440)) < 1e-3
    assert crests[0] > crests[1] + 6


def test_below_8_khz_it_changes_nothing(
    inversion: LockedInversion, tone: NDArray[np.float32]
) -> None:
    plain = LockedInversion(STFT, MEL_BINS, SAMPLE_RATE).begin([KEY]).push(tone)[0]
    wave = inversion.begin([KEY]).push(tone)[0]
    for low, high in ((300, 1000), (1000, 3000), (3000, 6500)):
        band = butter(8, [low, high], "band", fs=SAMPLE_RATE, output="sos")
        before = sosfiltfilt(band, plain.astype(np.float64))[SAMPLE_RATE : 3 * SAMPLE_RATE]
        level = 10 * np.log10(np.square(before).mean())
        assert level_db(wave[RATE : 3 * RATE], low, high) == pytest.approx(level, abs=0.2)


@given(st.lists(st.integers(0, STFT.frames), max_size=6))
def test_cuts_between_frames_change_no_bit(
    inversion: LockedInversion, tone: NDArray[np.float32], cuts: list[int]
) -> None:
    whole = inversion.begin([KEY]).push(tone)
    stream, start, pieces = inversion.begin([KEY]), 0, []
    for stop in [*sorted(cuts), STFT.frames]:
        pieces.append(stream.push(tone[:, start:stop]))
        start = stop
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)


def test_a_note_goes_on_in_phase_up_to_20_khz(
    inversion: LockedInversion, tone: NDArray[np.float32]
) -> None:
    wave, stft = inversion.begin([KEY]).push(tone)[0], inversion.stft
    join, spectra = RATE + 777, inversion.unfold(tone[0, 60:100])
    old = wave[join - stft.hop :][: stft.fft_size]
    after = Handover(inversion, KEY, join, old).push(spectra)
    joined = np.concatenate([wave[:join], after])[RATE // 2 : RATE + 40 * stft.hop]
    band = butter(8, [8500, 19000], "band", fs=RATE, output="sos")
    high = sosfiltfilt(band, joined.astype(np.float64))
    levels = 10 * np.log10(np.square(high[: len(high) // 960 * 960]).reshape(-1, 960).mean(axis=1))
    assert np.ptp(levels[2:-6]) < 1.0


def test_twice_the_amount_is_6_db_more(tone: NDArray[np.float32]) -> None:
    once, twice = (
        level_db(with_air(net_of(-BELOW), amount).begin([KEY]).push(tone)[0], 9000, 18000)
        for amount in (1.0, 2.0)
    )
    assert twice - once == pytest.approx(6.0, abs=0.3)


def test_none_is_drawn_where_none_is_wanted_or_known() -> None:
    assert air_for(STFT, SAMPLE_RATE, 0.0, decimated=True) is None
    assert air_for(STFT, 22050, 1.0, decimated=True) is None
    assert air_for(Stft(1024, 256, 128, 32000), SAMPLE_RATE, 1.0, decimated=True) is None
    air = air_for(STFT, SAMPLE_RATE, 0.5, decimated=False)
    assert air is not None
    assert air.amount == 0.5
    assert air.lift is None


def test_what_is_shipped_undoes_the_decimation() -> None:
    lift = shipped_air().lift
    assert lift is not None
    assert lift[:800] == pytest.approx(1.0, abs=0.03)
    assert lift[-1] == pytest.approx(2.0, abs=0.05)


def test_a_file_comes_back_and_a_damaged_one_is_refused() -> None:
    content = pack_air(net_of(-30.0), np.ones(1024, np.float32))
    assert unpack_air(content).net.bias_3[0] == pytest.approx(1.0)
    with pytest.raises(ModelError):
        unpack_air(content[:-10])

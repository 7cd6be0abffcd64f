import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.latent.living import STILL, Living
from gansynth_live.model.audio.spectra import Spectra
from gansynth_live.model.living.modulate import Fluctuation

FRAMES, BINS, BIN_HERTZ, SECONDS, KEY = 128, 1024, 7.8125, 0.032, 57
DEEP = Living((3.0,) * 6, (2.0, 4.0))


def steady() -> Spectra:
    return Spectra(np.ones((FRAMES, BINS), np.float32), np.zeros((FRAMES, BINS), np.float32))


def fluctuating(living: Living, pitch: int = KEY) -> Spectra:
    return Fluctuation(living, pitch, BINS, BIN_HERTZ, SECONDS).applied(steady(), 0)


def levels(living: Living) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Levels in dB [frames, partials] of the partials' own bins."""
    at = np.rint(220 * np.arange(1, 36) / BIN_HERTZ).astype(int) - 1
    return np.asarray(20 * np.log10(fluctuating(living).magnitude[:, at]), np.float64)


@pytest.mark.parametrize("depth", [0.5, 1.5, 3.0])
def test_partials_fluctuate_as_deep_as_is_wanted(depth: float) -> None:
    found = levels(Living((depth,) * 6, (3.0, 3.0)))
    assert found.std(axis=0).mean() == pytest.approx(1.15 * depth, rel=0.2)
    assert 10 * np.log10((10 ** (found / 10)).mean()) == pytest.approx(0.0, abs=0.7)


def test_each_partial_goes_its_own_way_unless_they_have_it_in_common() -> None:
    apart, together = (
        np.asarray(np.corrcoef(levels(Living((2.0,) * 6, (3.0, 3.0), common)).T), np.float64)
        for common in (0.0, 1.0)
    )
    others = np.triu_indices(len(apart), 1)
    assert abs(apart[others].mean()) < 0.1
    assert together[others].min() > 0.99


def test_a_tremolo_has_its_own_rate() -> None:
    course = levels(Living((2.0,) * 6, (1.0, 1.0), common=1.0, common_rate=5.0))[:, 0]
    spectrum = np.abs(np.fft.rfft(course - course.mean()))
    assert np.argmax(spectrum) / (FRAMES * SECONDS) == pytest.approx(5.0, abs=0.25)


def test_what_stands_still_changes_no_bit() -> None:
    found = fluctuating(STILL)
    np.testing.assert_array_equal(found.magnitude, steady().magnitude)
    np.testing.assert_array_equal(found.turn, steady().turn)


@given(st.lists(st.integers(0, FRAMES), max_size=5), st.integers(24, 84))
def test_cuts_between_frames_change_no_bit(cuts: list[int], pitch: int) -> None:
    whole, change = fluctuating(DEEP, pitch), Fluctuation(DEEP, pitch, BINS, BIN_HERTZ, SECONDS)
    start = 0
    for stop in [*sorted(cuts), FRAMES]:
        some = Spectra(steady().magnitude[start:stop], steady().turn[start:stop])
        part = change.applied(some, start)
        np.testing.assert_array_equal(part.magnitude, whole.magnitude[start:stop])
        np.testing.assert_array_equal(part.turn, whole.turn[start:stop])
        start = stop


def test_turns_are_those_of_the_course() -> None:
    """A partial's phase and level move together: added up, they stay near where they began."""
    turned = np.cumsum(fluctuating(Living((0.5,) * 6, (2.0, 2.0))).turn, axis=0)
    assert np.abs(turned[:, 28]).max() < 0.2

"""The picture of what sounds: sines are found where they are, as loud and as far out of tune."""

import numpy as np
import pytest

from gansynth_live.panel.spectrum import BANDS, LOWEST, PER_OCTAVE, Spectrum


def seen(rate: int, frequency: float, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    spectrum = Spectrum(rate)
    time = np.arange(spectrum.frames) / rate
    sine = (amplitude * np.sin(2 * np.pi * frequency * time)).astype(np.float32)
    frame = spectrum.frame(sine)
    assert len(frame) == 388
    levels = np.frombuffer(frame[4:196], np.uint8) * 0.4 - 100.0
    return levels, np.frombuffer(frame[196:], np.int8) * 0.2


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("band", [24, 60, 95, 97, 130, 170])
@pytest.mark.parametrize("cents", [-12.0, 0.0, 8.0])
def test_a_sine_is_where_it_is(rate: int, band: int, cents: float) -> None:
    frequency = LOWEST * 2 ** (band / PER_OCTAVE + cents / 1200.0)
    levels, tuning = seen(rate, frequency, 0.5)
    assert abs(int(levels.argmax()) - band) <= 1
    assert levels.max() == pytest.approx(-6.0, abs=1.6)  # between bins a Hann window loses 1.4 dB
    if band > 60:
        assert tuning[band] == pytest.approx(cents, abs=4.0)


def test_silence_is_nothing() -> None:
    levels, _ = seen(48_000, 440.0, 0.0)
    assert len(levels) == BANDS
    assert levels.max() == -100.0

"""Each effect equals a plain reference of it, whatever its parameters are."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.kernel.effects.reference import Delay, Ensemble, Plate
from tests.kernel.effects.wet import answer

RATE = 8000
SECONDS = 1.0
ROUNDING = 2e-6  # of float32, many times over

PLATES = [
    Plate(),
    Plate(decay=20.0, size=0.5, damping=16_000.0, predelay=0.0, low_cut=20.0, drift=1.0),
    Plate(decay=0.4, size=1.5, damping=1000.0, predelay=0.12, low_cut=500.0, drift=0.0),
]
ENSEMBLES = [Ensemble(), Ensemble(rate=4.0, depth=1.0), Ensemble(rate=0.25, depth=0.0)]
DELAYS = [
    Delay(),
    Delay(time=0.01, feedback=0.95, tone=400.0, cross=0.0, duck=12.0),
    Delay(time=0.123, feedback=0.7, tone=16_000.0, cross=0.4, duck=6.0),
]


def burst() -> NDArray[np.float32]:
    """Noise that begins at once and ends in the middle."""
    sound = np.random.default_rng(5).uniform(-0.3, 0.3, int(SECONDS * RATE))
    sound[int(0.5 * SECONDS * RATE) :] = 0.0
    return sound.astype(np.float32)


@pytest.mark.parametrize("effect", [*PLATES, *ENSEMBLES, *DELAYS], ids=repr)
def test_an_effect_is_as_its_reference(effect: Plate | Ensemble | Delay) -> None:
    name = type(effect).__name__.lower()
    set_up = {f"{name}_{parameter}": value for parameter, value in vars(effect).items()}
    added, played = answer(name, burst(), RATE, **set_up)
    expected = effect.play(played.astype(np.float64), RATE)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(added, expected, atol=ROUNDING, rtol=0)

import numpy as np
import pytest

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.library import Library
from gansynth_live.latent.living import STILL, Living, scaled

NAMED = {
    name: np.eye(16, dtype=np.float32)[i] * 4 for i, name in enumerate(("violin", "flute", "harp"))
}
CHOIR = Living((4.0,) * 6, (4.0, 4.0))
ORGAN = Living((2.0,) * 6, (1.0, 1.0))
LIBRARY = Library(NAMED, 16, livings={"violin": CHOIR, "flute": ORGAN})


def test_an_instrument_has_its_own() -> None:
    assert LIBRARY.living(Blend.only("violin")).depths == pytest.approx(CHOIR.depths)
    assert LIBRARY.living(Blend.only("violin")).rates == pytest.approx(CHOIR.rates)


def test_a_blend_fluctuates_as_much_as_its_parts_count() -> None:
    half = LIBRARY.living(Blend.of([("violin", 0.5), ("flute", 0.5)]))
    assert half.depths == pytest.approx((3.0,) * 6)
    assert 2.0 < half.rates[0] < 4.0


def test_what_stands_still_does_not_slow_the_others() -> None:
    blend = Blend.of([("violin", 0.5), ("harp", 0.5)])
    living = LIBRARY.living(blend)
    assert living.depths == pytest.approx((2.0,) * 6)
    assert living.rates[0] == pytest.approx(4.0, rel=0.01)


def test_scaled() -> None:
    assert scaled(CHOIR, 0.5).depths == (2.0,) * 6
    assert not np.any(scaled(STILL, 2.0).depths)

import numpy as np
import pytest

from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.library import Library
from gansynth_live.latent.vibrato import blended

VIOLIN, FLUTE = Vibrato(6.0, 12.0, 0.2), Vibrato(4.0, 4.0, 0.6)
NAMED = {
    name: np.random.default_rng(i).standard_normal(16).astype(np.float32)
    for i, name in enumerate(["violin", "flute", "piano"])
}
LIBRARY = Library(NAMED, 16, vibratos={"violin": VIOLIN, "flute": FLUTE})


def test_one_instrument_swings_as_itself() -> None:
    assert LIBRARY.vibrato(Blend.only("violin")) == pytest.approx(VIOLIN)


@pytest.mark.parametrize("name", ["piano", "random:3"])
def test_some_have_none(name: str) -> None:
    assert LIBRARY.vibrato(Blend.only(name, focus=2.0)) == NO_VIBRATO


def test_the_deeper_counts_for_more() -> None:
    assert blended([(VIOLIN, 0.5), (FLUTE, 0.5)]) == pytest.approx(Vibrato(5.5, 8.0, 0.3))


def test_what_has_none_takes_depth_and_nothing_else() -> None:
    half = LIBRARY.vibrato(Blend.of([("violin", 1), ("piano", 1)], 1.0))
    assert half == pytest.approx(VIOLIN._replace(depth=6.0))

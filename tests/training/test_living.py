import numpy as np
import pytest

from gansynth_live.training.living import living_of, partials_of

KEY = 69
TIME = np.arange(64000) / 16000


def note(apart: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Partials of two tones each, `apart` Hz from each other, in phases of their own."""
    waves = [
        np.cos(2 * np.pi * 440 * h * TIME) + 0.5 * np.cos(2 * np.pi * (440 * h + apart) * TIME + h)
        for h in range(1, 9)
    ]
    return np.asarray(0.05 * np.sum(waves, axis=0), np.float64)


def test_beating_is_heard_at_its_rate() -> None:
    found = partials_of(note(3.0), KEY)
    assert found is not None
    assert len(found.hertz) == 8
    assert found.rate == pytest.approx(3.0, abs=0.8)
    assert (found.depth > 2.0).all()
    assert found.common < 0.5


def test_what_the_model_has_already_is_taken_off() -> None:
    beating, steady = partials_of(note(3.0), KEY), partials_of(note(0.0), KEY)
    living = living_of([beating], [steady])
    assert living is not None
    assert living.depths[2] > 2.0
    rest = living_of([beating], [beating])
    assert rest is None or max(rest.depths) < 1.5
    assert living_of([steady], [steady]) is None


def test_silence_tells_nothing() -> None:
    assert living_of([None], [None]) is None

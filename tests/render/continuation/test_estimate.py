"""A trend is estimated where the last one says too little, and as late as can be."""

import numpy as np
import pytest

from gansynth_live.render.continuation.decay import Trend
from gansynth_live.render.continuation.estimate import (
    FAR,
    FIRST_PART,
    LASTS,
    NEAR,
    RESTS_AT,
    Look,
    look_needed,
)
from gansynth_live.render.continuation.loudness import Loud
from gansynth_live.render.continuation.passage import VoiceState

HERE = np.array([16.0, 0.0, 0.0, 0.0], np.float32)
TREND = Trend(np.zeros(4, np.float32), 0.0, 1.0)
KNOWN = VoiceState(0.0, TREND, HERE, True, 0, 1.0, Loud())
ROUGHLY = KNOWN._replace(closely=False)


def away(share: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """A latent that is so far from `HERE`, in its own length."""
    angle = 2 * np.arcsin(share / 2)
    return np.array([16 * np.cos(angle), 16 * np.sin(angle), 0, 0], np.float32)


def looks(standing: VoiceState, share: float) -> list[Look]:
    """Before the first part, after it, on the way, and when the knob rests."""
    made = (0, FIRST_PART, FIRST_PART + 4, RESTS_AT)
    return [look_needed(standing, away(share), frames, FIRST_PART) for frames in made]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, [Look.NONE] * 4),
        (0.9 * NEAR, [Look.NONE, Look.NONE, Look.NONE, Look.CLOSE]),
        (1.1 * NEAR, [Look.NONE, Look.ROUGH, Look.NONE, Look.CLOSE]),
        (1.1 * FAR, [Look.ROUGH, Look.ROUGH, Look.NONE, Look.CLOSE]),
    ],
)
def test_the_farther_the_sooner(share: float, expected: list[Look]) -> None:
    assert looks(KNOWN, share) == expected


def test_a_rough_look_is_followed_by_a_close_one_when_the_knob_rests() -> None:
    assert looks(ROUGHLY, 0.0) == [Look.NONE, Look.NONE, Look.NONE, Look.CLOSE]


def test_small_steps_add_up() -> None:
    old, older = (KNOWN._replace(age=age) for age in (LASTS, 2 * LASTS))
    assert looks(old, 0.9 * NEAR) == [Look.NONE, Look.ROUGH, Look.NONE, Look.CLOSE]
    assert looks(older, 0.9 * NEAR) == [Look.ROUGH, Look.ROUGH, Look.NONE, Look.CLOSE]
    assert looks(older, 0.0) == [Look.NONE] * 4


def test_a_voice_without_a_trend_needs_one_at_once() -> None:
    unknown = KNOWN._replace(trend=None)
    assert looks(unknown, 0.0)[0] is Look.ROUGH
    assert looks(unknown, 0.0)[-1] is Look.CLOSE

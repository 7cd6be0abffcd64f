"""A ping-pong delay: echoes that change sides, grow darker, and make room for what is played."""

from math import exp, pi

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.effects.lines import (
    TINY,
    aim_tap,
    easing,
    fade_frames,
    tapped,
)
from gansynth_live.kernel.effects.taps import DELAY, DELAY_TAPS
from gansynth_live.kernel.layout import (
    S_DELAY_CROSS,
    S_DELAY_DUCK,
    S_DELAY_FEEDBACK,
    S_DELAY_TIME,
    S_DELAY_TONE,
    S_SAMPLE_RATE,
    Record,
)

FADE = 0.06  # seconds in which the time changes, without a sweep of the pitch
LOUD = 0.05  # amplitude at which echoes are ducked half as much as they will be at most
LET_GO = 0.25  # seconds: time constant in which ducking ends


@compiled
def plan_delay(rack: Record, settings: NDArray[np.float64]) -> None:
    """Follow the time; on the grid of segments, and when it wakes."""
    effect = rack.effects[DELAY]
    rate = settings[S_SAMPLE_RATE]
    fade = fade_frames(FADE, rate)
    for number in DELAY_TAPS:
        aim_tap(effect, rack.taps[number], settings[S_DELAY_TIME] * rate, fade)


@compiled
def play_delay(
    rack: Record,
    settings: NDArray[np.float64],
    left: NDArray[np.float32],
    right: NDArray[np.float32],
) -> None:
    """Put in place of some frames the echoes of earlier ones."""
    effect = rack.effects[DELAY]
    rate = settings[S_SAMPLE_RATE]
    mask, at, age = effect.mask, effect.at, effect.age
    ring = rack.lines[effect.first : effect.first + mask + 1]
    tap_left, tap_right = rack.taps[DELAY_TAPS[0]], rack.taps[DELAY_TAPS[1]]
    feedback_goal, cross_goal = settings[S_DELAY_FEEDBACK], settings[S_DELAY_CROSS]
    if age == 0:
        effect.low_left, effect.low_right, effect.level = 0.0, 0.0, 0.0
        effect.feedback, effect.cross = feedback_goal, cross_goal
    low_left, low_right, level = effect.low_left, effect.low_right, effect.level
    feedback, cross, ease = effect.feedback, effect.cross, easing(rate)
    pole = 1.0 - exp(-2.0 * pi * settings[S_DELAY_TONE] / rate)
    ducked = 1.0 - 10.0 ** (-settings[S_DELAY_DUCK] / 20.0)
    fall = exp(-1.0 / (LET_GO * rate))
    fade, blend = fade_frames(FADE, rate), effect.blend
    for i in range(len(left)):
        at, age = (at - 1) & mask, age + 1
        share = (fade - blend) / fade if blend > 0 else 0.0
        blend = max(blend - 1, 0)
        low_left += (tapped(ring, mask, at, tap_left, age, share) - low_left) * pole
        low_right += (tapped(ring, mask, at, tap_right, age, share) - low_right) * pole
        feedback += (feedback_goal - feedback) * ease
        cross += (cross_goal - cross) * ease
        a, b = float(left[i]), float(right[i])
        level = max(level * fall, abs(a), abs(b))
        straight = 1.0 - cross
        to_left = straight * a + cross * 0.5 * (a + b)
        to_left += feedback * (straight * low_left + cross * low_right)
        to_right = straight * b + feedback * (straight * low_right + cross * low_left)
        ring[(at + tap_left.line) & mask] = np.float32(to_left + TINY)
        ring[(at + tap_right.line) & mask] = np.float32(to_right + TINY)
        room = 1.0 - ducked * level / (level + LOUD)
        left[i], right[i] = np.float32(room * low_left), np.float32(room * low_right)
    effect.at, effect.age, effect.blend = at, age, blend
    effect.low_left, effect.low_right, effect.level = low_left, low_right, level
    effect.feedback, effect.cross = feedback, cross

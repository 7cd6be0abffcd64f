"""After the voices: brightness shelf, master gain, limiter. What leaves here is safe to play."""

from math import exp, pi

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import (
    S_BRIGHTNESS,
    S_CEILING,
    S_MASTER_GAIN,
    S_SAMPLE_RATE,
)
from gansynth_live.kernel.memory import Memory

SHELF_HZ = 1500.0
SHELF_RANGE = 4.0  # amplitude factor of the treble at full brightness: 12 dB
SHELF_SMOOTHING = 0.01  # seconds
LIMITER_RELEASE = 0.1  # seconds
KNEE = 0.5  # the limiter bends from 6 dB below the ceiling on
PEAK_FALL = 2.3  # time constants a second: 20 dB


@compiled
def finish_block(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], frames: int
) -> None:
    """Shelf, gain and limiter over `frames` mixed frames, in place."""
    status = memory.status[0]
    settings = memory.settings
    rate = settings[S_SAMPLE_RATE]
    shelf_goal = SHELF_RANGE ** settings[S_BRIGHTNESS] - 1.0
    shelf_step = 1.0 - exp(-1.0 / (SHELF_SMOOTHING * rate))
    pole = 1.0 - exp(-2.0 * pi * SHELF_HZ / rate)
    recovery = 1.0 - exp(-1.0 / (LIMITER_RELEASE * rate))
    gain, ceiling = settings[S_MASTER_GAIN], settings[S_CEILING]
    shelf, low_left, low_right = status.shelf, status.low_left, status.low_right
    reduction = status.reduction
    peak, fall = status.peak, exp(-PEAK_FALL / rate)
    check = 0.0
    for i in range(frames):
        a, b = float(left[i]), float(right[i])
        shelf += (shelf_goal - shelf) * shelf_step
        low_left += (a - low_left) * pole
        low_right += (b - low_right) * pole
        a = (a + shelf * (a - low_left)) * gain
        b = (b + shelf * (b - low_right)) * gain
        level = max(abs(a), abs(b))
        reduction = min(reduction + (1.0 - reduction) * recovery, allowed_gain(level, ceiling))
        a, b = a * reduction, b * reduction
        left[i], right[i] = np.float32(a), np.float32(b)
        peak = max(peak * fall, level * reduction)
        check += (a + b) * 0.0
    status.shelf = _quiet(shelf, shelf_goal)
    status.low_left, status.low_right = _quiet(low_left, 0.0), _quiet(low_right, 0.0)
    status.reduction, status.peak = reduction, _quiet(peak, 0.0)
    if check != 0.0:  # a NaN or Inf times 0 is NaN
        _mute(memory, left, right, frames)


@compiled
def allowed_gain(level: float, ceiling: float) -> float:
    """Gain that keeps an amplitude of `level` under `ceiling`: 1 below the knee, then soft."""
    knee = ceiling * KNEE
    if level <= knee:
        return 1.0
    over = (level - knee) / (ceiling - knee)
    return float((knee + (ceiling - knee) * over / (1.0 + over)) / level)


@compiled
def _quiet(value: float, goal: float) -> float:
    """`goal` where the difference is inaudible: filters come to rest instead of going denormal."""
    return goal if abs(value - goal) < 1e-12 else value


@compiled
def _mute(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], frames: int
) -> None:
    """Nothing but silence for a block that is not finite, and a fresh start of the filters."""
    status = memory.status[0]
    for i in range(frames):
        left[i] = np.float32(0.0)
        right[i] = np.float32(0.0)
    status.bad += 1
    status.low_left, status.low_right, status.shelf = 0.0, 0.0, 0.0
    status.reduction, status.peak = 1.0, 0.0

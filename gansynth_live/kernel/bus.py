"""After the voices: brightness shelf, master gain, limiter. What leaves here is safe to play."""

from math import exp

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import PARTS, S_CEILING, S_MASTER_GAIN, S_SAMPLE_RATE
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.shelf import quiet, shelf_goal, shelf_pole, shelf_step

LIMITER_RELEASE = 0.1  # seconds
KNEE = 0.5  # the limiter bends from 6 dB below the ceiling on
PEAK_FALL = 2.3  # time constants a second: 20 dB


@compiled
def finish(
    memory: Memory,
    left: NDArray[np.float32],
    right: NDArray[np.float32],
    start: int,
    stop: int,
    apart: bool,
) -> None:
    """Shelf, gain and limiter over the mixed frames [start, stop) of a block, in place.

    Settings hold for all of them: whoever changes one ends the stretch there. Nothing else depends
    on where a stretch ends. Parts that were mixed apart have their shelves already.
    """
    bus, settings = memory.bus[0], memory.settings
    state = bus.shelves[0]
    rate = settings[S_SAMPLE_RATE]
    goal = 0.0 if apart else shelf_goal(memory.parts[0])
    step, pole = shelf_step(rate), shelf_pole(rate)
    recovery = 1.0 - exp(-1.0 / (LIMITER_RELEASE * rate))
    gain, ceiling = settings[S_MASTER_GAIN], settings[S_CEILING]
    shelf, low_left, low_right = 0.0 if apart else state.shelf, state.low_left, state.low_right
    reduction = bus.reduction
    peak, fall = bus.peak, exp(-PEAK_FALL / rate)
    check = 0.0
    to_left, to_right = left[start:stop], right[start:stop]
    for i in range(stop - start):
        a, b = float(to_left[i]), float(to_right[i])
        shelf = quiet(shelf + (goal - shelf) * step, goal)
        low_left = quiet(low_left + (a - low_left) * pole, 0.0)
        low_right = quiet(low_right + (b - low_right) * pole, 0.0)
        a = (a + shelf * (a - low_left)) * gain
        b = (b + shelf * (b - low_right)) * gain
        level = max(abs(a), abs(b))
        reduction = min(reduction + (1.0 - reduction) * recovery, allowed_gain(level, ceiling))
        a, b = a * reduction, b * reduction
        to_left[i], to_right[i] = np.float32(a), np.float32(b)
        peak = quiet(max(peak * fall, level * reduction), 0.0)
        check += (a + b) * 0.0
    if not apart:
        state.shelf, state.low_left, state.low_right = shelf, low_left, low_right
    bus.reduction, bus.peak = reduction, peak
    if check != 0.0:  # a NaN or Inf times 0 is NaN
        _mute(memory, to_left, to_right)


@compiled
def allowed_gain(level: float, ceiling: float) -> float:
    """Gain that keeps an amplitude of `level` under `ceiling`: 1 below the knee, then soft."""
    knee = ceiling * KNEE
    if level <= knee:
        return 1.0
    over = (level - knee) / (ceiling - knee)
    return float((knee + (ceiling - knee) * over / (1.0 + over)) / level)


@compiled
def _mute(memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32]) -> None:
    """Nothing but silence for a stretch that is not finite, and a fresh start of the filters."""
    for i in range(len(left)):
        left[i] = np.float32(0.0)
        right[i] = np.float32(0.0)
    memory.status[0].bad += 1
    bus = memory.bus[0]
    for number in range(PARTS):
        state = memory.bus[0].shelves[number]
        state.shelf, state.low_left, state.low_right = 0.0, 0.0, 0.0
    bus.reduction, bus.peak = 1.0, 0.0

"""The brightness of a part: a shelf that lifts or lowers its treble."""

from math import exp, pi

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.layout import PARTS, S_SAMPLE_RATE, Record
from gansynth_live.kernel.memory import Memory

SHELF_HZ = 1500.0
SHELF_RANGE = 4.0  # amplitude factor of the treble at full brightness: 12 dB
SHELF_SMOOTHING = 0.01  # seconds


@compiled
def shelf_goal(part: Record) -> float:
    """Gain of the treble minus one, as the part's brightness asks for."""
    return float(SHELF_RANGE**part.brightness - 1.0)


@compiled
def shelf_step(rate: float) -> float:
    """Share of the way to its goal that a shelf goes in a frame."""
    return 1.0 - exp(-1.0 / (SHELF_SMOOTHING * rate))


@compiled
def shelf_pole(rate: float) -> float:
    """Of the low-pass filter below the shelf."""
    return 1.0 - exp(-2.0 * pi * SHELF_HZ / rate)


@compiled
def quiet(value: float, goal: float) -> float:
    """`goal` where the difference is inaudible: filters come to rest instead of going denormal."""
    return goal if abs(value - goal) < 1e-12 else value


@compiled
def differ(memory: Memory) -> bool:
    """Whether there are several parts and not all are flat: each then has its own shelf."""
    if memory.parts[1].channels == 0:
        return False
    for number in range(PARTS):
        if memory.parts[number].brightness != 0.0 or memory.bus[0].shelves[number].shelf != 0.0:
            return True
    return False


@compiled
def shelve(
    memory: Memory, number: int, left: NDArray[np.float32], right: NDArray[np.float32]
) -> None:
    """Put the shelf of a part over some frames of its mix, in place."""
    rate, state = memory.settings[S_SAMPLE_RATE], memory.bus[0].shelves[number]
    goal, step, pole = shelf_goal(memory.parts[number]), shelf_step(rate), shelf_pole(rate)
    shelf, low_left, low_right = state.shelf, state.low_left, state.low_right
    for i in range(len(left)):
        a, b = float(left[i]), float(right[i])
        shelf = quiet(shelf + (goal - shelf) * step, goal)
        low_left = quiet(low_left + (a - low_left) * pole, 0.0)
        low_right = quiet(low_right + (b - low_right) * pole, 0.0)
        left[i] = np.float32(a + shelf * (a - low_left))
        right[i] = np.float32(b + shelf * (b - low_right))
    if np.isfinite(low_left + low_right):
        state.shelf, state.low_left, state.low_right = shelf, low_left, low_right
    else:  # the bus mutes what is no sound
        state.shelf, state.low_left, state.low_right = 0.0, 0.0, 0.0

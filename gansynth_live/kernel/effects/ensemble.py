"""An ensemble: two voices that swing slowly in pitch, on the right against the left."""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.effects.lines import between, easing, swing, turned
from gansynth_live.kernel.effects.taps import ENSEMBLE
from gansynth_live.kernel.layout import S_ENSEMBLE_DEPTH, S_ENSEMBLE_RATE, S_SAMPLE_RATE, Record

CENTRE = 0.008  # seconds of delay
WIDEST = 0.004  # seconds to either side, at full depth
SLOW_HZ, FAST_HZ = 0.5, 0.83
VOICE = 0.5**0.5  # gain of each: together they are as strong as what came in


@compiled
def play_ensemble(
    rack: Record,
    settings: NDArray[np.float64],
    left: NDArray[np.float32],
    right: NDArray[np.float32],
) -> None:
    """Put in place of some frames what it makes of them."""
    effect = rack.effects[ENSEMBLE]
    rate = settings[S_SAMPLE_RATE]
    mask, at, age = effect.mask, effect.at, effect.age
    ring = rack.lines[effect.first : effect.first + mask + 1]
    other = (mask + 1) // 2  # where the line of the right channel lies
    turn = SLOW_HZ * settings[S_ENSEMBLE_RATE] / rate
    turn_fast = FAST_HZ * settings[S_ENSEMBLE_RATE] / rate
    centre, widest = CENTRE * rate, settings[S_ENSEMBLE_DEPTH] * WIDEST * rate
    if age == 0:
        effect.phase, effect.phase_fast, effect.depth = 0.25, 0.75, widest
    phase, phase_fast = effect.phase, effect.phase_fast
    depth, ease = effect.depth, easing(rate)
    for i in range(len(left)):
        at, age = (at - 1) & mask, age + 1
        ring[at], ring[(at + other) & mask] = left[i], right[i]
        depth += (widest - depth) * ease
        phase, phase_fast = turned(phase, turn), turned(phase_fast, turn_fast)
        slow, fast = depth * swing(phase), depth * swing(phase_fast)
        a = between(ring, mask, at, centre + slow, age)
        a += between(ring, mask, at, centre + fast, age)
        b = between(ring, mask, at + other, centre - slow, age)
        b += between(ring, mask, at + other, centre - fast, age)
        left[i], right[i] = np.float32(VOICE * a), np.float32(VOICE * b)
    effect.at, effect.age = at, age
    effect.phase, effect.phase_fast, effect.depth = phase, phase_fast, depth

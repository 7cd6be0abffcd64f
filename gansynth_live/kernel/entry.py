"""One voice takes over from another: it comes in, in phase, while the other one fades.

Both play one pitch. The newcomer begins where its render, laid over what was heard last, fits best:
two periods of both, as points of a period, are compared at every shift within a period.
"""

from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.atomics import load_acquire
from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.glide import ROUNDING
from gansynth_live.kernel.layout import ONE, S_SAMPLE_RATE, S_SLOT_SPEED, Record
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.packed import LOG_PACK

CROSSING = 0.03  # seconds in which it comes in
ATTACK = 0.12  # seconds of a render that are its stroke, which is not to be heard again
POINTS = 64  # of a period
PERIODS = 2  # that are compared
NOWHERE = -1


@compiled_part
def plan_entry(memory: Memory, voice: Record, frames: int) -> int:
    """Frames of the next segment, at most `frames`: it ends where the voice has come in."""
    if voice.entry >= 1.0:
        return frames
    rest = ceil((1.0 - voice.entry) * CROSSING * memory.settings[S_SAMPLE_RATE] - ROUNDING)
    return int(min(frames, max(rest, 1)))


@compiled_part
def enter(memory: Memory, voice: Record, frames: int) -> float:
    """How far a voice has come in after the next segment, 0..1; moves it there."""
    whole = CROSSING * memory.settings[S_SAMPLE_RATE]
    voice.entry = min(voice.entry + frames / whole, 1.0)
    return float(voice.entry)


@compiled
def entry_place(memory: Memory, old: Record, slot: int, period: float) -> int:
    """Sample of a slot at which a voice that takes over from `old` begins, roughly, or NOWHERE.

    As far into the note as the old one, but after the stroke and in the first half of the slot.

    Args:
        period: samples of the slot.
    """
    if load_acquire(memory.complete, slot) == 0:
        return NOWHERE
    rate = memory.settings[S_SAMPLE_RATE] * memory.settings[S_SLOT_SPEED]
    ready = memory.ready[slot]
    place = old.slot_place + (old.position >> 32)
    place = max(min(place, ready // 2), int(ATTACK * rate))
    return int(place) if place + period + CROSSING * rate < ready else NOWHERE


@compiled
def period_of(memory: Memory, pitch: float, rate: float) -> float:
    """Samples in a period of a pitch, in a render that is played at `rate`."""
    samples = memory.settings[S_SAMPLE_RATE] * memory.settings[S_SLOT_SPEED]
    return float(samples * rate / (440.0 * 2.0 ** ((pitch - 69.0) / 12.0)))


@compiled
def in_phase(memory: Memory, old: Record, origin: int, place: int, period: float) -> int:
    """The position (32.32) from `place` on, within a period, that goes on best from `old`.

    Args:
        old: a voice where a segment begins.
        origin: index of the first sample of the newcomer's slot.
        period: samples of that slot.
    """
    count, shifts = PERIODS * POINTS, POINTS + 2
    heard = memory.window[:count]
    coming = memory.neighbours[: count + shifts]
    step = int(period_of(memory, old.pitch, old.rate) / POINTS * ONE)
    _take_points(memory, old.origin, old.position - count * step, step, heard)
    step = int(period / POINTS * ONE)
    _take_points(memory, origin, (place << 32) - (count + 1) * step, step, coming)
    best, fit = 1, -inf
    for shift in range(1, POINTS + 1):
        here = _product(heard, coming[shift : shift + count])
        if here > fit:
            best, fit = shift, here
    before = _product(heard, coming[best - 1 : best - 1 + count])
    after = _product(heard, coming[best + 1 : best + 1 + count])
    return int((place << 32) + (best - 1 + _peak(before, fit, after)) * step)


@compiled
def _peak(before: float, middle: float, after: float) -> float:
    """Where a parabola through three points has its peak, -1/2..1/2 from the middle one."""
    bend = before + after - 2.0 * middle
    if not bend < 0.0:
        return 0.0
    return float(min(max(0.5 * (before - after) / bend, -0.5), 0.5))


@compiled
def _product(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    total = np.float32(0.0)
    for i in range(len(one)):
        total += one[i] * other[i]
    return float(total)


@compiled
def _take_points(
    memory: Memory, origin: int, position: int, step: int, points: NDArray[np.float32]
) -> None:
    """Fill `points` with samples from a position (32.32) on; 0 before the slot's first."""
    for i in range(len(points)):
        at = position + i * step
        points[i] = np.float32(0.0)
        if at >= 0:
            k = origin + (at >> 32)
            share = np.float32((at & (ONE - 1)) / ONE)
            here = np.float32(memory.packed[k]) * memory.scales[k >> LOG_PACK]
            after = np.float32(memory.packed[k + 1]) * memory.scales[(k + 1) >> LOG_PACK]
            points[i] = here + share * (after - here)

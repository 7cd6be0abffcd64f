"""Touch in the sound of a voice: softly struck is darker, pressed is brighter.

A zero-phase filter of three taps, y[i] = x[i] + w * (x[i-d] + x[i+d] - 2 x[i]), with d frames as
near to 1/16000 s as they get. Renders hold nothing above 8 kHz, and below it the gain
1 - 2 w (1 - cos(2 pi f / 16000)) only rises or only falls. It needs no state: the samples before
and after are read again, so it does not depend on blocks and works through bends and swaps.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.interpolate import read
from gansynth_live.kernel.layout import (
    REACH_MAX,
    S_PRESSURE_BRIGHTNESS,
    S_SAMPLE_RATE,
    S_VELOCITY_BRIGHTNESS,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.packed import ZERO

TAP_RATE = 16000.0  # Hz: taps are one sample of the model apart
NEUTRAL_VELOCITY = 100
DARKEST = 0.25  # weight that halves 4 kHz and leaves nothing of 8 kHz
BRIGHTEST = -0.5  # weight that doubles 4 kHz and trebles 8 kHz
SILENT_BEFORE = 2 << 32  # interpolation reaches so far before the start of a slot
UNHEARD = 1e-7  # of the weight


@compiled_part
def reach(memory: Memory) -> int:
    """Frames between the taps of the filter."""
    taps = int(memory.settings[S_SAMPLE_RATE] / TAP_RATE + 0.5)
    return min(max(taps, 1), REACH_MAX)


@compiled
def accent(memory: Memory, velocity: int) -> float:
    """Brightness that a note gets from its velocity, for good."""
    struck = (velocity - NEUTRAL_VELOCITY) / NEUTRAL_VELOCITY
    return float(memory.settings[S_VELOCITY_BRIGHTNESS] * struck)


@compiled_part
def tone_goal(memory: Memory, voice: Record, channel: Record) -> float:
    """The filter weight that velocity and pressure ask for now."""
    pressure = max(channel.pressure, voice.pressure)
    brightness = voice.accent + memory.settings[S_PRESSURE_BRIGHTNESS] * pressure
    if brightness < 0.0:
        return float(max(brightness, -1.0) * -DARKEST)
    return float(min(brightness, 1.0) * BRIGHTEST)


@compiled_part
def plan_weight(voice: Record) -> None:
    """Lead the filter weight to `voice.tone` within the next segment."""
    change = voice.tone - voice.weight
    if abs(change) < UNHEARD:
        voice.weight = voice.tone
        voice.weight_slope = 0.0
    else:
        voice.weight_slope = change / voice.segment


@compiled_part
def read_tone(
    memory: Memory, voice: Record, position: int, wave: NDArray[np.float32], count: int
) -> bool:
    """Fill wave[:count] with filtered sound from `position` on; False if a sample is NaN or Inf."""
    apart = reach(memory)
    first = position - apart * voice.step
    if not _read_around(memory, voice, first, count + 2 * apart):
        return False
    raw = memory.raw
    before, here, after = raw[:count], raw[apart : apart + count], raw[2 * apart :]
    done = voice.elapsed
    w, dw = np.float32(voice.weight), np.float32(voice.weight_slope)
    for i in range(count):
        x = here[i]
        wave[i] = x + (w + dw * np.float32(done + i)) * (before[i] + after[i] - x - x)
    return True


@compiled_part
def _read_around(memory: Memory, voice: Record, first: int, count: int) -> bool:
    """Fill memory.raw[:count] from position `first` on, which may lie before the slot."""
    silent = 0
    if first < -SILENT_BEFORE:  # the slot's neighbour lies there
        silent = -((first + SILENT_BEFORE) // voice.step)
    raw = memory.raw
    for i in range(silent):
        raw[i] = ZERO
    return read(
        memory.packed,
        memory.scales,
        voice.origin,
        first + silent * voice.step,
        voice.step,
        raw[silent:],
        memory.window,
        memory.neighbours,
        count - silent,
    )

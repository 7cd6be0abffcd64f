"""Touch in the sound of a voice: softly struck is darker, pressed is brighter.

A zero-phase filter of three taps, y[i] = x[i] + w * (x[i-d] + x[i+d] - 2 x[i]), with d frames as
near to 1/16000 s as they get. Up to 8 kHz the gain 1 - 2 w (1 - cos(2 pi f / 16000)) only rises or
only falls; above, it would come back to 1 at 16 kHz. Where renders have sound there (`air`), nine
taps a third as far apart take the place of the three: the same gain up to 8 kHz, within 3 % of the
whole change, and that of 8 kHz above. Neither needs state: the samples before and after are read
again, so it does not depend on blocks and works through bends and swaps.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.interpolate import read
from gansynth_live.kernel.layout import (
    REACH_MAX,
    S_AIR,
    S_SAMPLE_RATE,
    Record,
)
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.packed import ZERO

Floats = NDArray[np.float32]

TAP_RATE = 16000.0  # Hz: taps are one sample of the model apart
NEUTRAL_VELOCITY = 100
DARKEST = 0.25  # weight that halves 4 kHz and leaves nothing of 8 kHz
BRIGHTEST = -0.5  # weight that doubles 4 kHz and trebles 8 kHz
# Of the nine taps, for a pair at one to four steps from the middle, in units of 4 w.
PAIRS = (0.15414, 0.12414, 0.08659, 0.05231)
SILENT_BEFORE = 2 << 32  # interpolation reaches so far before the start of a slot
UNHEARD = 1e-7  # of the weight


@compiled_part
def reach(memory: Memory) -> int:
    """Frames before and after a frame that the filter looks at."""
    taps = int(memory.settings[S_SAMPLE_RATE] / TAP_RATE + 0.5)
    if _is_full_band(memory):
        return min(len(PAIRS) * (taps // 3), REACH_MAX)
    return min(max(taps, 1), REACH_MAX)


@compiled_part
def _is_full_band(memory: Memory) -> bool:
    """Whether there is sound above 8 kHz, and frames enough to filter it."""
    return bool(memory.settings[S_AIR] > 0.0 and memory.settings[S_SAMPLE_RATE] >= 2.5 * TAP_RATE)


@compiled
def accent(part: Record, velocity: int) -> float:
    """Brightness that a note gets from its velocity, for good."""
    struck = (velocity - NEUTRAL_VELOCITY) / NEUTRAL_VELOCITY
    return float(part.velocity_brightness * struck)


@compiled_part
def tone_goal(voice: Record, channel: Record, part: Record) -> float:
    """The filter weight that velocity and pressure ask for now."""
    pressure = max(channel.pressure, voice.pressure)
    brightness = voice.accent + part.pressure_brightness * pressure
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
def read_tone(memory: Memory, voice: Record, position: int, wave: Floats, count: int) -> bool:
    """Fill wave[:count] with filtered sound from `position` on; False if a sample is NaN or Inf."""
    side = reach(memory)
    if not _read_around(memory, voice, position - side * voice.step, count + 2 * side):
        return False
    w, dw = np.float32(voice.weight), np.float32(voice.weight_slope)
    if _is_full_band(memory):
        _nine_taps(memory.raw, side // len(PAIRS), w, dw, voice.elapsed, wave, count)
    else:
        _three_taps(memory.raw, side, w, dw, voice.elapsed, wave, count)
    return True


@compiled_part
def _three_taps(
    raw: Floats, apart: int, w: np.float32, dw: np.float32, done: int, wave: Floats, count: int
) -> None:
    before, here, after = raw[:count], raw[apart : apart + count], raw[2 * apart :]
    for i in range(count):
        x = here[i]
        wave[i] = x + (w + dw * np.float32(done + i)) * (before[i] + after[i] - x - x)


@compiled_part
def _nine_taps(
    raw: Floats, apart: int, w: np.float32, dw: np.float32, done: int, wave: Floats, count: int
) -> None:
    first, second, third, fourth = PAIRS
    a, b, c, d = np.float32(first), np.float32(second), np.float32(third), np.float32(fourth)
    middle = np.float32(-2.0 * (first + second + third + fourth))
    here, four = raw[4 * apart :], np.float32(4.0)
    for i in range(count):
        x = here[i]
        change = middle * x + a * (raw[i + 3 * apart] + raw[i + 5 * apart])
        change += b * (raw[i + 2 * apart] + raw[i + 6 * apart])
        change += c * (raw[i + apart] + raw[i + 7 * apart])
        change += d * (raw[i] + raw[i + 8 * apart])
        wave[i] = x + four * (w + dw * np.float32(done + i)) * change


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

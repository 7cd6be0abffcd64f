"""The parts' sound through the effects into the bus, and which effects are awake.

An effect wakes when a part sends to it and sounds, which begins at an event's frame. On the grid of
segments it falls asleep, when for longer than its lines reach nothing has been sent and nothing was
heard. It then forgets everything: what comes next does not depend on what came before.
"""

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.compile import compiled
from gansynth_live.kernel.effects.delay import plan_delay, play_delay
from gansynth_live.kernel.effects.ensemble import play_ensemble
from gansynth_live.kernel.effects.plate import plan_plate, play_plate
from gansynth_live.kernel.effects.sends import feed, is_silent, left_of, right_of, send_of
from gansynth_live.kernel.effects.taps import DELAY, DELAY_TAPS, EFFECTS, ENSEMBLE, PLATE
from gansynth_live.kernel.layout import PARTS, S_SAMPLE_RATE, SEGMENT, Record
from gansynth_live.kernel.memory import Memory
from gansynth_live.kernel.shelf import differ, shelve

INAUDIBLE = 1e-5  # amplitude: -100 dB
REACH = 0.4  # seconds: longer than any line of plate or ensemble
HUSH = 0.02  # seconds in which an effect is silenced


@compiled
def begin_mixes(memory: Memory, now: int) -> bool:
    """Whether parts are mixed apart from `now` on; if so, silence in all their buffers."""
    bus, rack, settings = memory.bus[0], memory.rack[0], memory.settings
    if bus.apart and now & (SEGMENT - 1) == 0:
        bus.apart = differ(memory)
        for number in range(len(rack.sends)):
            bus.apart |= not is_silent(rack.sends[number], settings)
        for number in EFFECTS:
            _rest(rack, settings, number)
            bus.apart |= rack.effects[number].awake
    if bus.apart:
        rack.mixes[:] = np.float32(0.0)
    return bool(bus.apart)


@compiled
def add_effects(
    memory: Memory, left: NDArray[np.float32], right: NDArray[np.float32], now: int, heard: int
) -> None:
    """Add the parts' mixes of some frames under their shelves, and what the effects make of them.

    Args:
        left: frames within one segment of the common grid.
        right: likewise.
        now: their first frame.
        heard: the parts that sound: bit 0 is the first.
    """
    rack, settings = memory.rack[0], memory.settings
    for number in range(PARTS):
        if memory.parts[number].channels != 0:
            first, second = left_of(number), right_of(number)
            mix_left = rack.mixes[first : first + len(left)]
            mix_right = rack.mixes[second : second + len(left)]
            shelve(memory, number, mix_left, mix_right)
        if heard >> number & 1:
            _add(rack, number, left, right)
    for number in EFFECTS:
        effect = rack.effects[number]
        fed = _gather(rack, settings, number, heard, len(left))
        wakes = fed and not effect.awake
        if wakes:
            effect.awake = 1
            effect.age, effect.blend, effect.quiet = 0, 0, 0
        if effect.awake:
            if wakes or now & (SEGMENT - 1) == 0:
                _plan(rack, settings, number)
            effect.fed |= fed
            if not _play(rack, settings, number, left, right):
                memory.status[0].bad += 1


@compiled
def hush(memory: Memory) -> None:
    """Let the effects fall silent within some milliseconds, and forget."""
    for number in EFFECTS:
        effect = memory.rack[0].effects[number]
        if effect.awake and not effect.hush:
            effect.hush = 1
            effect.hush_left = int(HUSH * memory.settings[S_SAMPLE_RATE])


@compiled
def forget(memory: Memory) -> None:
    """Silence all effects at once, where nobody hears it."""
    for number in EFFECTS:
        _sleep(memory.rack[0].effects[number])


@compiled
def _gather(
    rack: Record, settings: NDArray[np.float64], number: int, heard: int, frames: int
) -> int:
    """Fill the feed of an effect from the parts that sound; 1 if any sends."""
    fed = 0
    for part in range(PARTS):
        if heard >> part & 1 and feed(rack, settings, part, number, frames):
            fed = 1
        send_of(rack, part, number).elapsed += frames
    return fed


@compiled
def _plan(rack: Record, settings: NDArray[np.float64], number: int) -> None:
    if number == PLATE:
        plan_plate(rack, settings)
    elif number == DELAY:
        plan_delay(rack, settings)


@compiled
def _play(
    rack: Record,
    settings: NDArray[np.float64],
    number: int,
    left: NDArray[np.float32],
    right: NDArray[np.float32],
) -> bool:
    """Let an effect play what it is fed, and add that. False: it was no sound; it starts anew."""
    effect, first, second = rack.effects[number], left_of(PARTS + number), right_of(PARTS + number)
    wet_left = rack.mixes[first : first + len(left)]
    wet_right = rack.mixes[second : second + len(left)]
    if number == PLATE:
        play_plate(rack, settings, wet_left, wet_right)
    elif number == ENSEMBLE:
        play_ensemble(rack, settings, wet_left, wet_right)
    else:
        play_delay(rack, settings, wet_left, wet_right)
    check, peak = 0.0, effect.peak
    for i in range(len(left)):
        check += (wet_left[i] + wet_right[i]) * 0.0
        peak = max(peak, abs(wet_left[i]), abs(wet_right[i]))
    if check != 0.0:  # a NaN or Inf times 0 is NaN
        _sleep(effect)
        return False
    effect.peak = peak
    if effect.hush:
        _fade(effect, int(HUSH * settings[S_SAMPLE_RATE]), wet_left, wet_right)
    _add(rack, PARTS + number, left, right)
    return True


@compiled
def _add(rack: Record, number: int, left: NDArray[np.float32], right: NDArray[np.float32]) -> None:
    """Add a buffer of the mixes."""
    first, second = left_of(number), right_of(number)
    from_left = rack.mixes[first : first + len(left)]
    from_right = rack.mixes[second : second + len(left)]
    for i in range(len(left)):
        left[i] += from_left[i]
        right[i] += from_right[i]


@compiled
def _fade(
    effect: Record, whole: int, left: NDArray[np.float32], right: NDArray[np.float32]
) -> None:
    """Fade some frames of an effect that is being silenced in `whole` frames."""
    for i in range(len(left)):
        gain = np.float32(max(effect.hush_left - i, 0) / whole)
        left[i] *= gain
        right[i] *= gain
    effect.hush_left = max(effect.hush_left - len(left), 0)


@compiled
def _rest(rack: Record, settings: NDArray[np.float64], number: int) -> None:
    """Let an effect fall asleep that has been silenced, or has been quiet for long enough."""
    effect = rack.effects[number]
    if effect.fed or effect.peak > INAUDIBLE:
        effect.quiet = 0
    else:
        effect.quiet += SEGMENT
    effect.fed, effect.peak = 0, 0.0
    reach = int(REACH * settings[S_SAMPLE_RATE])
    if number == DELAY:
        tap = rack.taps[DELAY_TAPS[0]]
        reach = max(tap.delay, tap.next_delay)
    if (effect.hush and effect.hush_left == 0) or effect.quiet > reach:
        _sleep(effect)


@compiled
def _sleep(effect: Record) -> None:
    effect.awake, effect.hush = 0, 0

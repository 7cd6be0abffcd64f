"""The effects made ready for a rate, while nothing plays."""

from gansynth_live.kernel.effects.taps import (
    DELAY,
    EFFECTS,
    HIGHEST_RATE,
    PLATE,
    lines_at,
    ring_frames,
    taps_of,
)
from gansynth_live.kernel.memory import Memory


def lay_out(memory: Memory, sample_rate: int) -> None:
    """Give each effect its delay lines at a device's rate, all silent."""
    rate = min(sample_rate, HIGHEST_RATE)
    effects, taps = memory.rack["effects"][0], memory.rack["taps"][0]
    effects[:], taps[:] = 0, 0
    first = 0
    for effect in EFFECTS:
        effects[effect]["first"] = first
        effects[effect]["mask"] = ring_frames(effect, rate) - 1
        first += ring_frames(effect, HIGHEST_RATE)
    number = 0
    for effect in (PLATE, DELAY):
        lengths = lines_at(effect, rate)
        for tap in taps_of(effect):
            record = taps[number]
            record["line"] = sum(lengths[: tap.line])
            record["most"] = lengths[tap.line] - 2
            record["seconds"], record["weight"] = tap.seconds, tap.weight
            number += 1

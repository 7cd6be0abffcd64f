"""Vibrato of a voice: its speed swings, on a sine of its own, as the render that it plays wants.

Recorded vibrato is no part of the renders, so each slot says how an instrument would swing there,
and the channel's controllers bend that. A swing grows from nothing around the delay. It is looked
up once a segment, in the middle of it, and the phase is a sum: no change of rate makes a jump.
"""

from math import exp, pi, sin

from gansynth_live.kernel.compile import compiled, compiled_part
from gansynth_live.kernel.layout import S_SAMPLE_RATE, Record
from gansynth_live.kernel.memory import Memory

GROWING = 0.4  # seconds from no depth to all of it; half of it is reached at the delay
SMOOTHING = 0.03  # seconds: time constant of the depth
MOST_ADDED_CENTS = 50.0  # by CC 77
MOST_ADDED_SECONDS = 2.0  # by CC 78
TURN = 2.0 * pi
SPREAD = 0.6180339887498949  # turns between the phases of neighbouring keys: chords do not sway
CENT = 5.776226504666211e-4  # ln 2 / 1200
UNHEARD = 1e-6  # cents


@compiled
def first_phase(key: int) -> float:
    """Phase (turns) in which a key's notes begin to swing, the same each time."""
    return (key * SPREAD) % 1.0


@compiled_part
def swing(
    memory: Memory, voice: Record, channel: Record, part: Record, now: int, frames: int
) -> float:
    """Speed factor for the next segment, at most `frames` long, which begins at frame `now`.

    Exactly 1, and almost free, where there is no vibrato.
    """
    wanted = memory.vibrato[voice.slot]
    depth = part.vibrato * bent(wanted.depth, channel.vibrato_depth, MOST_ADDED_CENTS)
    if depth == 0.0 and voice.depth == 0.0:
        voice.turn = 0.0
        return 1.0
    rate = memory.settings[S_SAMPLE_RATE]
    delay = bent(wanted.delay, channel.vibrato_delay, MOST_ADDED_SECONDS)
    grown = ((now - voice.born) / rate - delay) / GROWING + 0.5
    change = depth * min(max(grown, 0.0), 1.0) - voice.depth
    if abs(change) < UNHEARD:
        voice.depth += change
    else:
        voice.depth += change * (1.0 - exp(-frames / (SMOOTHING * rate)))
    voice.turn = wanted.rate * channel.vibrato_rate / rate
    if voice.depth == 0.0:
        return 1.0
    return exp(CENT * voice.depth * sin(TURN * (voice.phase + 0.5 * frames * voice.turn)))


@compiled_part
def bent(value: float, control: float, most: float) -> float:
    """`value` under a controller at -1..1: down to nothing below 0, up by as much as `most`."""
    if control < 0.0:
        return value * (1.0 + control)
    return value + control * most

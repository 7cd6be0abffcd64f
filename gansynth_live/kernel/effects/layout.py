"""What the effects remember, and where in memory their delay lines lie."""

from gansynth_live.kernel.effects.taps import EFFECTS, TAPS, all_lines
from gansynth_live.kernel.layout import PARTS, SEGMENT, record

BUSES = PARTS + len(
    EFFECTS
)  # stereo buffers of a segment: a mix of each part, a feed of each effect
MIXES = BUSES * 2 * SEGMENT

EFFECT = record(
    [
        ("awake", "i8"),  # 1 while it plays
        ("fed", "i8"),  # 1 where a part that sounds has sent to it since the last grid frame
        ("quiet", "i8"),  # frames since which nothing was fed, and nothing heard of it
        ("peak", "f8"),  # largest amplitude since the last grid frame
        ("hush", "i8"),  # 1 while it is being silenced
        ("hush_left", "i8"),  # frames until it is silent
        ("first", "i8"),  # of its ring among all lines
        ("mask", "i8"),  # length of the ring minus one: a power of two
        ("at", "i8"),  # where the ring is written; runs backwards, so that a delay is an offset
        ("age", "i8"),  # frames since it woke: what is older in the ring is taken for silence
        ("blend", "i8"),  # frames until taps that move have arrived
        ("phase", "f8"),  # of its oscillators, in turns
        ("phase_fast", "f8"),
        ("low_left", "f8"),  # low-pass filters
        ("low_right", "f8"),
        ("bass", "f8"),  # what the low cut takes away
        ("level", "f8"),  # of what comes in, for ducking
        ("loss", "f8"),  # share of the amplitude that is lost a frame, as an exponent; smoothed
        ("depth", "f8"),  # how far taps swing, in frames; smoothed
        ("feedback", "f8"),  # smoothed
        ("cross", "f8"),  # smoothed
    ]
)

TAP = record(
    [
        ("line", "i8"),  # offset of its delay line in the ring
        ("most", "i8"),  # longest delay there, in frames
        ("seconds", "f8"),  # delay at size 1
        ("weight", "f8"),  # gain without loss
        ("delay", "i8"),  # frames
        ("gain", "f8"),
        ("next_delay", "i8"),  # while it moves: where to
        ("next_gain", "f8"),
    ]
)

SEND = record(
    [
        ("begin", "f8"),  # of the present change
        ("goal", "f8"),
        ("elapsed", "i8"),  # frames since it began
    ]
)

# All that belongs to the effects: one record, so that the rest of the engine hands over one array.
RACK = record(
    [
        ("effects", EFFECT, len(EFFECTS)),
        ("sends", SEND, PARTS * len(EFFECTS)),  # one for each effect of each part
        ("taps", TAP, TAPS),
        ("mixes", "f4", MIXES),  # a segment of each part, and of each effect
        ("lines", "f4", all_lines()),  # pages that are never used take no memory
    ]
)

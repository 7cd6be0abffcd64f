"""What the process beside the synth is asked to do; known without JACK's library."""

from typing import NamedTuple

PATIENCE_SECONDS = 20.0
EAR = "studio-ear:midi_in"  # port of `ear`


class Order(NamedTuple):
    """What to do: connect, wait, play `events` from the start of a block, and record throughout.

    Attributes:
        midi: name of the synth's JACK MIDI port, or "" to record only.
        audio: names of its two audio ports.
        events: (frame after the start, message bytes), in order.
        seconds: how long to record after the start.
        freewheel: let the server run freely meanwhile, as a DAW does that exports.
    """

    midi: str
    audio: list[str]
    events: list[tuple[int, list[int]]]
    seconds: float
    freewheel: bool = False

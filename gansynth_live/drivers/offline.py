"""The file as an audio device: a known piece through the live engine, as fast as renders come."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.midi.messages import Event
from gansynth_live.render.offline import Lookahead
from gansynth_live.units import seconds_to_frames

BLOCK = 1024
MOST_EVENTS = 2048  # in a block: half of what the machine's ring holds
LONGEST_TAIL = 15.0  # seconds; a pedal that is never lifted must not play for ever


def frames_of(events: Sequence[Event], sample_rate: int) -> list[tuple[int, Event]]:
    """Each event with the frame that it acts at."""
    return [(seconds_to_frames(event.time, sample_rate), event) for event in events]


def perform(
    machine: Machine, ahead: Lookahead, events: Sequence[tuple[int, Event]]
) -> Iterator[NDArray[np.float32]]:
    """Blocks [2, n] of the piece until its last voice has ended; the machine must be fresh.

    Args:
        ahead: renders the plan of the same events, and has been started.
        events: (frame, message) in order.
    """
    frame = 0
    sent = 0
    last = events[-1][0] if events else 0
    deadline = last + seconds_to_frames(LONGEST_TAIL, machine.sample_rate)
    while sent < len(events) or (machine.snapshot().voices and frame < deadline):
        stop = frame + BLOCK
        if sent + MOST_EVENTS < len(events):
            stop = min(stop, max(events[sent + MOST_EVENTS][0], frame + 1))
        ahead.reach(stop)
        while sent < len(events) and events[sent][0] < stop:
            at, event = events[sent]
            if not machine.send(at, event.status, event.data1, event.data2):
                break  # thousands of messages at one frame: the rest comes a little late
            sent += 1
        yield process_block(machine, stop - frame)
        frame = stop

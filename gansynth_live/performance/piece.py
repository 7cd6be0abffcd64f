"""The file as an audio device: a known piece through the live engine, as fast as renders come."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.layout import LET_GO
from gansynth_live.kernel.machine import Machine
from gansynth_live.midi.messages import Event
from gansynth_live.render.schedule.freewheel import STEP, step_end
from gansynth_live.render.schedule.offline import Lookahead
from gansynth_live.units import seconds_to_frames

MOST_EVENTS = 2048  # in a block: half of what the machine's ring holds
LONGEST_HOLD = 4.0  # seconds after the last message that keys and pedals may still be down
LONGEST_TAIL = 30.0  # and seconds in which what they held, and its echoes, may fade


def frames_of(events: Sequence[Event], sample_rate: int) -> list[tuple[int, Event]]:
    """Each event with the frame that it acts at."""
    return [(seconds_to_frames(event.time, sample_rate), event) for event in events]


def perform(
    machine: Machine, ahead: Lookahead, events: Sequence[tuple[int, Event]], end: int = 0
) -> Iterator[NDArray[np.float32]]:
    """Blocks [2, n] of the piece until its last voice and its echoes have ended.

    Messages after that which strike no note are not waited for. The machine must be fresh.

    Args:
        ahead: renders the plan of the same events, and has been started.
        events: (frame, message) in order.
        end: the frame up to which silence is kept.
    """
    struck = max((n for n, (_, event) in enumerate(events, 1) if event.is_note_on), default=0)
    first_note = next((frame for frame, event in events if event.is_note_on), 0)
    events = [*events, _let_go(events, machine.sample_rate)]
    frame = 0
    sent = 0
    deadline = events[-1][0] + seconds_to_frames(LONGEST_TAIL, machine.sample_rate)
    while sent < struck or frame < end or (_sounds(machine) and frame < deadline):
        stop = step_end(frame, first_note)
        if sent + MOST_EVENTS < len(events):
            stop = min(stop, max(events[sent + MOST_EVENTS][0], frame + 1))
        ahead.follow(frame)
        ahead.reach(stop)
        most = sent + MOST_EVENTS  # of thousands at one frame the rest comes a little late
        while sent < min(len(events), most) and events[sent][0] < stop:
            at, event = events[sent]
            machine.send(at, event.status, event.data1, event.data2)
            sent += 1
        yield process_block(machine, stop - frame)
        frame = stop


def _sounds(machine: Machine) -> bool:
    return machine.snapshot().voices > 0 or machine.rings


def most_frames(events: Sequence[tuple[int, Event]], end: int, sample_rate: int) -> int:
    """More frames than `perform` makes of a piece."""
    last = max(events[-1][0], end)
    return last + seconds_to_frames(LONGEST_HOLD + LONGEST_TAIL, sample_rate) + STEP


def _let_go(events: Sequence[tuple[int, Event]], sample_rate: int) -> tuple[int, Event]:
    """What ends notes that the piece never ends: pedals up, and every key."""
    last = events[-1][0] if events else 0
    frame = last + seconds_to_frames(LONGEST_HOLD, sample_rate)
    return frame, Event(frame / sample_rate, LET_GO)

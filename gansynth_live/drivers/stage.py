"""A known piece on an open audio device: the engine plays it live, a little ahead of time."""

import time
from collections.abc import Callable, Sequence

from gansynth_live.drivers.output import Output
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import Machine
from gansynth_live.midi.messages import Event
from gansynth_live.render.offline import Lookahead
from gansynth_live.units import seconds_to_frames

LEAD_SECONDS = 0.5  # what is sent so far ahead of the present frame cannot be late
POLL_SECONDS = 0.02


def perform_live(
    machine: Machine,
    output: Output,
    ahead: Lookahead,
    events: Sequence[tuple[int, Event]],
    advance: Callable[[float], None],
) -> None:
    """Start the output, play (frame, message) pairs, and wait until the last voice has ended.

    Frame 0 is the first that the device asks for.

    Args:
        output: opened with `machine`, not yet started.
        ahead: renders the plan of the same events, and has been started.
        advance: told about the frames that were played since.

    Raises:
        DeviceError: the device was lost.
    """
    lead = seconds_to_frames(LEAD_SECONDS, machine.sample_rate)
    last = events[-1][0] if events else 0
    sent = frame = 0
    ahead.reach(lead)
    output.start()
    while sent < len(events) or frame <= last or machine.snapshot().voices:
        if not output.is_alive():
            raise DeviceError(f"{output.description} is lost")
        ahead.reach(frame + lead)
        while sent < len(events) and events[sent][0] < frame + lead:
            at, event = events[sent]
            if not machine.send(at, event.status, event.data1, event.data2):
                break
            sent += 1
        time.sleep(POLL_SECONDS)
        before, frame = frame, machine.snapshot().frame
        advance(frame - before)

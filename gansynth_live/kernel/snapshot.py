"""The engine's counters and meters, as displays and tests read them."""

from dataclasses import dataclass

from gansynth_live.kernel.layout import STATUS
from gansynth_live.kernel.memory import Memory


@dataclass(frozen=True)
class Snapshot:
    """Counters and meters at one moment. Frames and counts since the start."""

    frame: int
    voices: int
    notes: int
    stolen: int
    missing: int
    missed: int
    starved: int
    swapped: int
    refused: int
    late: int
    dropped: int
    bad: int
    unheard: int
    unready: int
    xruns: int
    callbacks: int
    stalls: int
    peak: float
    reduction: float


COUNTS = tuple(name for name in Snapshot.__dataclass_fields__ if name in (STATUS.names or ()))


def take_snapshot(memory: Memory) -> Snapshot:
    """Counters and meters now."""
    status, bus = memory.status[0], memory.bus[0]
    counts = {name: status[name].item() for name in COUNTS}
    return Snapshot(**counts, peak=bus["peak"].item(), reduction=bus["reduction"].item())

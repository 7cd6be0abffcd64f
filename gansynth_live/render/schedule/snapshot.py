"""What others may know about the cache: a copy, taken under its lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gansynth_live.render.schedule.part import Part
from gansynth_live.render.schedule.scheduler import Scheduler


@dataclass
class LookupCounts:
    """What note-ons found so far: a render of the newest blend, of an older one, or none."""

    newest: int = 0
    older: int = 0
    nothing: int = 0


@dataclass
class SlotCounts:
    """What the slots in use hold."""

    newest: int = 0  # notes of the newest blend
    anchors: int = 0  # of blends that are kept warm
    voices: int = 0  # what sounding voices go on in, and went on from a moment ago
    older: int = 0  # notes of blends that were the newest or were expected to be


@dataclass(frozen=True)
class RenderSnapshot:
    """How the cache stands. Keys are the model's pitches in each part, lowest first."""

    keys: int
    ready: int  # keys that can be played
    fresh: int  # of those, in the newest blend
    stale_ms: tuple[float | None, ...]  # since the blend of its render was replaced; 0: newest
    cached: int  # notes in memory
    slots: int  # notes that fit
    used: SlotCounts
    slot_bytes: int
    rendered: int
    failed: int
    non_finite: int  # of those, refused for NaN or Inf
    faults: int  # of render threads, outside any render
    render_ms: float  # work for a note, average
    found_newest: int  # note-ons so far that found the newest blend,
    found_older: int  # an older one,
    found_nothing: int  # no render at all


def take_snapshot(
    scheduler: Scheduler, found: LookupCounts, parts: Sequence[Part[Any]]
) -> RenderSnapshot:
    """The snapshot of a cache whose lock is held."""
    now = scheduler.clock()
    pitches = range(scheduler.tables[0].low, scheduler.tables[0].high + 1)
    ages = [part.stale_seconds(pitch, now) for part in parts for pitch in pitches]
    stale_ms = tuple(None if age is None else 1000.0 * age for age in ages)
    counts = scheduler.counts
    return RenderSnapshot(
        keys=len(stale_ms),
        ready=sum(len(part.table) for part in parts),
        fresh=stale_ms.count(0.0),
        stale_ms=stale_ms,
        cached=len(scheduler.pool),
        slots=scheduler.pool.size,
        used=_slot_use(scheduler, parts),
        slot_bytes=scheduler.renderer.note_bytes,
        rendered=counts.rendered,
        failed=counts.failed,
        non_finite=counts.non_finite,
        faults=counts.faults,
        render_ms=1000.0 * counts.render_seconds / max(counts.rendered, 1),
        found_newest=found.newest,
        found_older=found.older,
        found_nothing=found.nothing,
    )


def _slot_use(scheduler: Scheduler, parts: Sequence[Part[Any]]) -> SlotCounts:
    used = SlotCounts()
    newest = {part.target for part in parts}
    anchors = {anchor for part in parts for anchor in part.anchors}
    for render in scheduler.pool:
        if render.is_of_voice:
            used.voices += 1
        elif render.timbre in newest:
            used.newest += 1
        elif render.timbre in anchors:
            used.anchors += 1
        else:
            used.older += 1
    return used

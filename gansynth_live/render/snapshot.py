"""What others may know about the cache: a copy, taken under its lock."""

from collections.abc import Collection
from dataclasses import dataclass

from gansynth_live.render.cache import NoteCache
from gansynth_live.render.pool import Render, Timbre
from gansynth_live.render.roster import is_continued


@dataclass
class Found:
    """What note-ons found so far: a render of the newest blend, of an older one, or none."""

    newest: int = 0
    older: int = 0
    nothing: int = 0


@dataclass
class SlotUse:
    """What the slots in use hold."""

    newest: int = 0  # notes of the newest blend
    anchors: int = 0  # of blends that are kept warm
    voices: int = 0  # what sounding voices go on in, and went on from a moment ago
    older: int = 0  # notes of blends that were the newest or were expected to be


@dataclass(frozen=True)
class RenderSnapshot:
    """How the cache stands. Pitches are the model's, lowest first."""

    pitches: int
    ready: int  # pitches that can be played
    fresh: int  # of those, in the newest blend
    stale_ms: tuple[float | None, ...]  # since the blend of its render was replaced; 0: newest
    cached: int  # notes in memory
    slots: int  # notes that fit
    used: SlotUse
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
    cache: NoteCache, found: Found, newest: Timbre, anchors: Collection[Timbre]
) -> RenderSnapshot:
    """The snapshot of a cache whose lock is held."""
    now = cache.clock()
    listed = (cache.listing.of(pitch) for pitch in range(cache.low, cache.high + 1))
    ages = [stale_seconds(render, now) for render in listed]
    stale_ms = tuple(None if age is None else 1000.0 * age for age in ages)
    tally = cache.tally
    return RenderSnapshot(
        pitches=len(stale_ms),
        ready=len(cache.listing),
        fresh=stale_ms.count(0.0),
        stale_ms=stale_ms,
        cached=len(cache.pool),
        slots=cache.pool.size,
        used=_slot_use(cache, newest, anchors),
        slot_bytes=cache.renderer.note_bytes,
        rendered=tally.rendered,
        failed=tally.failed,
        non_finite=tally.non_finite,
        faults=tally.faults,
        render_ms=1000.0 * tally.render_seconds / max(tally.rendered, 1),
        found_newest=found.newest,
        found_older=found.older,
        found_nothing=found.nothing,
    )


def stale_seconds(listed: Render | None, now: float) -> float | None:
    """Seconds since the blend of a key's render was replaced, 0 for the newest; None: no render."""
    if listed is None:
        return None
    return 0.0 if listed.stale_since is None else now - listed.stale_since


def _slot_use(cache: NoteCache, newest: Timbre, anchors: Collection[Timbre]) -> SlotUse:
    used = SlotUse()
    for render in cache.pool:
        if is_continued(render):
            used.voices += 1
        elif render.timbre == newest:
            used.newest += 1
        elif render.timbre in anchors:
            used.anchors += 1
        else:
            used.older += 1
    return used

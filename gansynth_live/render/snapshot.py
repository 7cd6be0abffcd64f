"""What others may know about the cache: a copy, taken under its lock."""

from dataclasses import dataclass

from gansynth_live.render.cache import NoteCache


@dataclass
class Found:
    """What note-ons found so far: a render of the newest blend, of an older one, or none."""

    newest: int = 0
    older: int = 0
    nothing: int = 0


@dataclass(frozen=True)
class RenderSnapshot:
    """How the cache stands. Pitches are the model's, lowest first."""

    pitches: int
    ready: int  # pitches that can be played
    fresh: int  # of those, in the newest blend
    stale_ms: tuple[float | None, ...]  # since the blend of its render was replaced; 0: newest
    cached: int  # notes in memory
    slots: int  # notes that fit
    rendered: int
    failed: int
    non_finite: int  # of those, refused for NaN or Inf
    render_ms: float  # work for a note, average
    found_newest: int  # note-ons so far that found the newest blend,
    found_older: int  # an older one,
    found_nothing: int  # no render at all


def take_snapshot(cache: NoteCache, found: Found) -> RenderSnapshot:
    """The snapshot of a cache whose lock is held."""
    stale_ms = tuple(_stale_ms(cache, pitch) for pitch in range(cache.low, cache.high + 1))
    tally = cache.tally
    return RenderSnapshot(
        pitches=len(stale_ms),
        ready=len(cache.listing),
        fresh=stale_ms.count(0.0),
        stale_ms=stale_ms,
        cached=len(cache.pool),
        slots=cache.pool.size,
        rendered=tally.rendered,
        failed=tally.failed,
        non_finite=tally.non_finite,
        render_ms=1000.0 * tally.render_seconds / max(tally.rendered, 1),
        found_newest=found.newest,
        found_older=found.older,
        found_nothing=found.nothing,
    )


def _stale_ms(cache: NoteCache, pitch: int) -> float | None:
    listed = cache.listing.of(pitch)
    if listed is None:
        return None
    if listed.stale_since is None:
        return 0.0
    return 1000.0 * (cache.clock() - listed.stale_since)

"""Waiting until all keys of an instrument can be played."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from gansynth_live.render.schedule.part import Part
from gansynth_live.render.schedule.scheduler import Scheduler
from gansynth_live.render.slots.render import OfKey


def wait_until_ready(
    scheduler: Scheduler,
    parts: Sequence[Part[Any]],
    progress: Callable[[int, int], None] | None = None,
    timeout: float | None = None,
) -> bool:
    """Wait until all keys can be played, or for now never will; False on timeout (seconds).

    `progress` is told (keys that are ready, keys) as they come.

    Raises:
        RenderError: no render thread is left.
    """

    def settled() -> int:
        failed = {owner for owner in scheduler.failures if isinstance(owner, OfKey)}
        return sum(part.settled(failed) for part in parts)

    def goes_beyond(before: int) -> bool:
        return settled() > before

    with scheduler.holding():
        keys = sum(len(part.wanted) for part in parts)
    deadline = None if timeout is None else scheduler.clock() + timeout
    told = 0
    while told < keys:
        left = None if deadline is None else deadline - scheduler.clock()
        if not scheduler.wait_for(partial(goes_beyond, told), left):
            return False
        with scheduler.holding():
            told = settled()
        if progress is not None:
            progress(told, keys)
    return True

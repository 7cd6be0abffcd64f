"""Where time waits for the renderer: what a block needs is made before the block is.

A file is rendered so, and so is what a DAW exports in freewheel: how fast the machine is changes
nothing. Both do it in the same steps, so that both sound the same.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeAlias

from gansynth_live.render.cache import NoteCache
from gansynth_live.render.failures import OfKey
from gansynth_live.render.pool import Render, Timbre

STEP = 1024  # frames between two looks at what sounding voices need
LEAD_FRAMES = 2048  # a continuation takes over no sooner: later than the next step

Note: TypeAlias = tuple[Timbre, int]  # and its pitch


def step_end(frame: int, origin: int) -> int:
    """End of the step that a frame lies in.

    Steps are counted from the piece's first note, `origin`, so that nothing depends on the silence
    before it, nor on the blocks of a driver.
    """
    return frame + STEP - (frame - origin) % STEP


def bring_on(cache: NoteCache, hands: Executor, next_one: Callable[[], Render | None]) -> None:
    """Make slices of what sounding voices go on in, by `hands`, until nothing more is needed.

    Args:
        next_one: comes up with the next one, begun or gone on with; the cache's lock is held.
    """

    def followed() -> Render | None:
        cache.voices.follow()
        return cache.voices.dry() or next_one()

    while renders := cache.take_all(followed):
        list(hands.map(cache.work, renders))


def wait_for_note(cache: NoteCache, note: Note, timeout: float | None = None) -> Render | None:
    """The render of a note that the agenda wishes for, once it is finished.

    None where it has failed, where there is no slot for it, or after `timeout` seconds.

    Raises:
        RenderError: no render thread is left.
    """

    def is_decided() -> bool:
        render = cache.pool.find(*note)
        if render is not None:
            return render.finished
        return cache.short_of_slots or cache.failures.error_of(OfKey(*note)) is not None

    with cache.changing():
        cache.short_of_slots = False  # voices may have ended since a worker last looked
    if not cache.wait_for(is_decided, timeout):
        return None
    with cache.reading():
        return cache.pool.find(*note)

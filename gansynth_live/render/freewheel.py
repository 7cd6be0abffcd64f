"""The cache on stage while time waits for it: each note has its own timbre's render, as in a file.

Nothing is known of the piece but the messages of the next block. Sounding voices are brought on
before it, by the same rules as in a file, and each of its note-ons has its render put under its key
at its very frame. Nothing else changes what a key starts from.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gansynth_live.model.runtime import default_threads
from gansynth_live.render.agenda import Wish
from gansynth_live.render.live import LiveCache
from gansynth_live.render.offline import PlannedNote
from gansynth_live.render.patient import LEAD_FRAMES, bring_on, wait_for_note
from gansynth_live.render.pool import Render, Timbre


class Freewheel:
    """The agenda of a live cache's notes, from `begin` to `end`. For one thread.

    For each block: `expect` its note-ons, let voices `follow` the blend at its beginning, then let
    it be `reached`.

    Args:
        patience: seconds to wait for the notes of a block at most.
    """

    def __init__(self, renders: LiveCache[Any], patience: float) -> None:
        self._renders = renders
        self._cache = renders.cache
        self._patience = patience
        self._lead = LEAD_FRAMES / self._cache.machine.sample_rate
        self._hands_on = ThreadPoolExecutor(default_threads(), "export")
        self._expected: Sequence[PlannedNote] = ()

    def begin(self) -> None:
        """Take over: continuations that are in the making are finished first."""
        cache = self._cache
        with cache.changing():
            cache.agenda = self
            cache.pace.fixed = self._lead
            cache.voices.begin_anew()
        cache.wait_for(cache.voices.are_settled, self._patience)

    def end(self) -> None:
        """Give back: keys have the newest blend again as soon as it is rendered."""
        cache = self._cache
        with cache.changing():
            self._expected = ()
            cache.agenda = self._renders
            cache.pace.fixed = None
            self._renders.show_newest()

    def expect(self, notes: Sequence[PlannedNote]) -> None:
        """Begin to render what the note-ons of the next block need, in order of their frames."""
        with self._cache.changing():
            self._expected = notes

    def follow(self, blend: Timbre) -> None:
        """Let the voices that sound go on towards a blend, as far as the next block needs it."""
        self._renders.turn_to(blend)
        bring_on(self._cache, self._hands_on, partial(self._cache.voices.next, blend))

    def reached(self) -> None:
        """Let each note-on that was expected find its render; waits for those still being made.

        Where that has failed the key keeps what it has.

        Raises:
            RenderError: no render thread is left.
        """
        deadline = time.monotonic() + self._patience
        for note in self._expected:
            pitch = self._renders.hands.pitch_of(note.key)
            left = max(deadline - time.monotonic(), 0.0)
            render = wait_for_note(self._cache, (note.timbre, pitch), left)
            self._renders.turn_to(note.timbre)
            with self._cache.changing():
                self._renders.hands.press(note.key)
                listing = self._cache.listing
                if render is not None and render.finished and listing.of(pitch) is not render:
                    listing.show(render, self._cache.clock(), note.frame)

    def awaited(self) -> Iterator[Wish]:
        """What the next block's notes need, for which everything waits (see `Agenda`)."""
        worth = self._renders.turn + 0.5  # more than the blends before it
        for note in self._expected:
            pitch = self._renders.hands.pitch_of(note.key)
            yield Wish(note.timbre, pitch, worth, awaited=True)

    def wishes(self) -> tuple[()]:
        """Nothing else is worth waiting for (see `Agenda`)."""
        return ()

    def grown(self, render: Render) -> None:
        """Nothing is listed before its note is reached (see `Agenda`)."""

    def pressing(self) -> None:
        """Voices are brought on by `follow` (see `Agenda`)."""

    def continuation(self, _urgent: bool) -> None:
        """Voices are brought on by `follow` (see `Agenda`)."""

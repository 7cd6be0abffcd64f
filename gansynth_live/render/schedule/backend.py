"""Who makes sound: a backend takes the next slices of some renders, and hands over what it made.

It knows no lock, no keys and no order. Frames, audio and what is finished for the device are three
steps (`NoteFrames`, `AudioStream`, `NoteStream`), so that one that makes many frames at once, or
fetches them, needs nothing else of its own.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.settings import Vibrato
from gansynth_live.render.continuation.passage import Beginning
from gansynth_live.render.notes.frame_cache import FrameCache
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.notes.timbre import LatentOf, VibratoOf
from gansynth_live.render.slots.render import OfVoice, Render, Stream
from gansynth_live.render.voices.starter import ContinuationStarter


class Slice(NamedTuple):
    """What was made of a render.

    Attributes:
        samples: float32 [m], the next ones.
        vibrato: of the whole.
        gain: level correction, with the last slice; else None.
    """

    samples: NDArray[np.float32]
    vibrato: Vibrato
    gain: float | None


class Backend(Protocol):
    """Makes slices. Threads: any number at once."""

    def run(self, renders: Sequence[Render]) -> Iterator[tuple[Render, Slice | Exception]]:
        """Make the claimed slice of each; each is told as soon as it is there or has failed."""
        ...


class LocalBackend:
    """Makes slices one after the other, on the thread that asks."""

    def __init__(
        self,
        renderer: NoteRenderer,
        latent: LatentOf,
        vibrato: VibratoOf,
        frames: FrameCache,
        starter: ContinuationStarter,
    ) -> None:
        self._renderer = renderer
        self._latent = latent
        self._vibrato = vibrato
        self._frames = frames
        self._starter = starter

    def run(self, renders: Sequence[Render]) -> Iterator[tuple[Render, Slice | Exception]]:
        """See `Backend`."""
        for render in renders:
            try:
                made: Slice | Exception = self._next_slice(render)
            except Exception as error:  # one broken render must not end the others
                made = error
            yield render, made

    def _next_slice(self, render: Render) -> Slice:
        stream = render.stream
        if stream is None:
            stream = self._begin(render)
        samples = stream.advance(render.goal)
        vibrato = self._vibrato(render.timbre)
        return Slice(samples, vibrato, None if render.stops else stream.gain())

    def _begin(self, render: Render) -> Stream:
        owner = render.owner
        if isinstance(owner, OfVoice):
            continuation = self._starter.begin(render, owner)
            render.stream = render.passage = continuation
            return continuation
        latent = self._latent(owner.timbre, render.pitch)
        frames = self._frames.begin(owner.timbre, render.pitch)
        change = self._renderer.fluctuation(owner.timbre, render.pitch)
        note = self._renderer.begin(latent, render.pitch, frames, change)
        render.stream = note
        render.passage = Beginning(latent, note.tape, self._renderer.locked)
        return note

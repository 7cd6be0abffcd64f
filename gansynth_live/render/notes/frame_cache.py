"""Frames of blends without a network run for each: mixed from those of a few places nearby.

Which frames a render is made of depends on its blend and its pitch only, never on what happened to
be in memory: the places of a grid (`latent/corners.py`) are made by the network, and all that lies
between is mixed. What a mix needs and is not there is made when it is asked for.
"""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.corners import corners
from gansynth_live.model.audio.compact import Compact, compact, mixed
from gansynth_live.model.generator import Generator, NoteFrames
from gansynth_live.render.notes.finite import NonFiniteSoundError
from gansynth_live.render.notes.timbre import LatentOf, Timbre

Floats = NDArray[np.float32]

FEW = 16  # notes that are kept where nobody asks for more


class FrameCache:
    """Frames of places of the grid, as many as memory holds; the least recently used go first.

    Threads: any number at once.

    Args:
        latent: of a timbre at a pitch.
        most: notes that are kept.
    """

    def __init__(self, generator: Generator, latent: LatentOf, most: int = FEW) -> None:
        spec = generator.spec
        self._generator = generator
        self._latent = latent
        self._shape = spec.frames, spec.mel_bins
        self.most = most
        self._notes: dict[tuple[Timbre, int], KeptNote] = {}  # the least recently used first
        self._lock = Lock()

    def exact(self, timbre: Timbre, pitch: int) -> NoteFrames:
        """Frames of a note as the network makes them."""
        latent = self._latent(timbre, pitch)
        return self._generator.begin(latent[np.newaxis], np.array([pitch]))

    def mixture(self, timbre: Timbre, pitch: int) -> "Mixture":
        """Frames of a note as they are mixed from those of the grid; nothing is made yet."""
        timbres, shares = zip(*corners_of(timbre), strict=True)
        return Mixture([self._ingredient(corner, pitch) for corner in timbres], shares)

    def begin(self, timbre: Timbre, pitch: int) -> NoteFrames:
        """Frames of a key's own render: exact for a place of the grid, else mixed.

        What is exact is kept too, while there is room: a knob may turn away from there.
        """
        if len(corners_of(timbre)) > 1:
            return self.mixture(timbre, pitch)
        frames = self.exact(timbre, pitch)
        with self._lock:
            if (timbre, pitch) in self._notes or len(self._notes) >= self.most:
                return frames
            note = self._notes[timbre, pitch] = KeptNote(self._shape)
        return Recording(frames, note)

    def holds(self, timbre: Timbre, pitch: int) -> bool:
        """Whether all frames of a place of the grid are there."""
        with self._lock:
            note = self._notes.get((timbre, pitch))
        return note is not None and note.is_whole

    def make(self, timbre: Timbre, pitch: int) -> None:
        """Have all frames of a place of the grid made, before somebody asks for them.

        Raises:
            Exception: what they failed with.
        """
        self._ingredient(timbre, pitch).frames(0, self._shape[0])

    def _ingredient(self, timbre: Timbre, pitch: int) -> "Ingredient":
        key = timbre, pitch
        with self._lock:
            note = self._notes.pop(key, None) or KeptNote(self._shape)
            self._notes[key] = note
            if len(self._notes) > self.most:
                del self._notes[next(iter(self._notes))]
        return Ingredient(note, partial(self.exact, *key), self._generator.grain)


class KeptNote:
    """The frames of one note, as far as somebody has made them. Hold `making` for all it does.

    Args:
        shape: frames, bins.

    Attributes:
        count: frames of the whole note.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.making = Lock()
        self.count = shape[0]
        self._kept = Compact(
            np.empty(shape[0], np.float32), np.empty(shape, np.uint8), np.empty(shape, np.int16)
        )
        self._made = np.zeros(shape[0], np.bool_)

    @property
    def is_whole(self) -> bool:
        """Whether every frame is there."""
        return bool(self._made.all())

    @property
    def is_begun(self) -> bool:
        """Whether any frame is there."""
        return bool(self._made.any())

    def missing(self, start: int, stop: int, grain: int) -> tuple[int, int] | None:
        """What has to be made so that frames [start, stop) are there, in whole grains."""
        missing = start + np.flatnonzero(~self._made[start:stop])
        if not len(missing):
            return None
        first, last = int(missing[0]) // grain, int(missing[-1]) // grain
        return first * grain, min((last + 1) * grain, len(self._made))

    def keep(self, start: int, frames: Floats) -> None:
        """Frames [k, mel_bins, 2] from `start` on are made."""
        stop = start + len(frames)
        kept = self._kept.between(start, stop)
        kept.top[:], kept.below[:], kept.turn[:] = compact(frames)
        self._made[start:stop] = True

    def take(self, start: int, stop: int) -> Compact:
        """Frames [start, stop), which are there."""
        return self._kept.between(start, stop)


class Ingredient:
    """A kept note for somebody who asks for parts of it.

    At first only what is asked for is made: a player may be waiting. When another part of it is
    missed, all the rest is made. So no network stays begun, which would hold four times the memory.

    Args:
        begin: begins the network.
        grain: frames that it makes together.
    """

    def __init__(self, note: KeptNote, begin: Callable[[], NoteFrames], grain: int) -> None:
        self._note = note
        self._begin = begin
        self._grain = grain

    def frames(self, start: int, stop: int) -> Compact:
        """Frames [start, stop), made if need be.

        Raises:
            NonFiniteSoundError: the network made NaN or Inf.
        """
        note = self._note
        with note.making:
            if missing := note.missing(start, stop, self._grain):
                if note.is_begun:
                    missing = note.missing(0, note.count, self._grain) or missing
                self._make(*missing)
            return note.take(start, stop)

    def _make(self, start: int, stop: int) -> None:
        made = self._begin().frames(start, stop)[0]
        if not np.isfinite(made).all():
            raise NonFiniteSoundError(
                "the model makes NaN or Inf in a blend; choose other instruments"
            )
        self._note.keep(start, made)


class Recording:
    """Frames as somebody else makes them, kept as well."""

    def __init__(self, frames: NoteFrames, note: KeptNote) -> None:
        self._frames = frames
        self._note = note

    def frames(self, start: int, stop: int) -> Floats:
        """Frames [start, stop): see `NoteFrames`."""
        made = self._frames.frames(start, stop)
        if np.isfinite(made).all():
            with self._note.making:
                self._note.keep(start, made[0])
        return made


class Mixture:
    """Frames of one note (see `NoteFrames`), mixed from those of others."""

    def __init__(self, ingredients: Sequence[Ingredient], shares: Sequence[float]) -> None:
        self._ingredients = ingredients
        self._shares = shares

    def frames(self, start: int, stop: int) -> Floats:
        """Frames [start, stop): float32 [1, stop - start, mel_bins, 2]."""
        parts = [ingredient.frames(start, stop) for ingredient in self._ingredients]
        return mixed(parts, self._shares)[np.newaxis]


def corners_of(timbre: Timbre) -> Sequence[tuple[Timbre, float]]:
    """What a timbre is mixed from: a blend from the corners of its cell, others from themselves."""
    return corners(timbre) if isinstance(timbre, Blend) else [(timbre, 1.0)]

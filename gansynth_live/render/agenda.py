"""What an agenda tells the note cache: which notes are wanted, and when keys change over."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from gansynth_live.render.pool import Render, Timbre


class Wish(NamedTuple):
    """A note that should be in the cache."""

    timbre: Timbre
    pitch: int
    worth: float  # the render may take the slot of one that is worth less
    awaited: bool = False  # a note waits for its first sound: nothing but a dry voice comes before
    sliced: bool = False  # make it in slices, so that awaited notes can come in between


class Agenda(Protocol):
    """What is wanted, and when keys change over. Called with the cache's lock held."""

    def awaited(self) -> Iterable[Wish]:
        """Notes that somebody waits for; those that exist are skipped by the cache."""
        ...

    def wishes(self) -> Iterable[Wish]:
        """Other notes that are wanted, the most urgent first."""
        ...

    def grown(self, render: Render) -> None:
        """More of a render is ready."""
        ...

    def pressing(self) -> Render | None:
        """What a sounding voice plays and soon has no more of (see `Voices.dry`)."""
        ...

    def continuation(self, urgent: bool) -> Render | None:
        """What a sounding voice is to go on in (see `Voices.next`)."""
        ...

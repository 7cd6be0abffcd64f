"""What an agenda tells the scheduler: which sound is wanted, and when keys change over."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.slots.render import Job, Render


class Agenda(Protocol):
    """What is wanted, and when keys change over. Called with the scheduler's lock held.

    Jobs that are done or under way are skipped by the scheduler.
    """

    @property
    def targets(self) -> Sequence[Timbre] | None:
        """What the voices of each part turn to; None: whoever set the agenda brings voices on."""
        ...

    def awaited(self) -> Iterable[Job]:
        """What somebody waits for."""
        ...

    def wishes(self) -> Iterable[Job]:
        """Other notes that are wanted, the most urgent first."""
        ...

    def likely(self) -> Iterable[tuple[Timbre, int]]:
        """Places of the grid, and pitches, whose frames a knob may need next."""
        ...

    def grown(self, render: Render) -> None:
        """More of a key's render is ready."""
        ...

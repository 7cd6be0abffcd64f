"""The machine's slots as a cache: which render lies where, and what makes room for a new one."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from math import ceil, inf
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.render.passage import Passage

# What a note is rendered for: a Blend, or anything else that names a latent.
Timbre: TypeAlias = Hashable
# The latent [latent_size] of a timbre at a pitch; asked by render threads.
LatentOf: TypeAlias = Callable[[Any, int], NDArray[np.float32]]
# How the pitch of a timbre swings; asked by render threads.
VibratoOf: TypeAlias = Callable[[Any], Vibrato]


def no_vibrato(_timbre: Timbre) -> Vibrato:
    """Nothing swings until a controller says so."""
    return NO_VIBRATO


def slots_within(megabytes: float, note_bytes: int) -> int:
    """Number of notes, of `note_bytes` in their slot and beside it, that a memory budget holds."""
    return int(megabytes * 1e6 / note_bytes)


def megabytes_for(slots: int, note_bytes: int) -> int:
    """The smallest whole memory budget that holds so many notes."""
    return ceil(slots * note_bytes / 1e6)


class Stream(Protocol):
    """Samples that are made slice by slice."""

    @property
    def passage(self) -> Passage:
        """What may follow on them."""
        ...

    def advance(self, stop: int) -> NDArray[np.float32]:
        """Make the frames up to `stop`; return the samples [m] that became final."""
        ...

    def gain(self) -> float:
        """Level correction, once everything is made."""
        ...


@dataclass(eq=False, slots=True)
class Render:
    """One note of the cache, from its first sample to its eviction. Guarded by the cache's lock.

    While a worker has it `in_hand`, that worker alone touches `stream` and the slot.
    """

    timbre: Timbre
    pitch: int
    slot: int
    stops: list[int]  # ends of the slices that are still to be made, in frames
    worth: float  # its slot may go to a render that is worth more
    begin: Callable[[], Stream] | None  # asked by the worker that makes the first slice, then gone
    awaited: bool = False  # a note waits for its first sound
    stream: Stream | None = None
    passage: Passage | None = None  # what may follow on it
    in_hand: bool = False
    goal: int = 0  # end of the slice that is in hand
    ready: int = 0  # samples that may be played
    finished: bool = False
    gain: float = 1.0  # level correction; exact once finished
    listed_at: float | None = None  # time when keys began to start from it; None: they do not
    turn: int = 0  # of the knob, the last in which its timbre was the newest; 0: it never was
    stale_since: float | None = None  # time when its timbre stopped being the newest


class Pool:
    """Renders by timbre and pitch, and the slots that they lie in. Not locked: the cache does that.

    A slot gets a new render only when no key lists it, no voice plays it, no worker fills it and
    the machine has taken every command that names it.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._by_timbre: dict[Timbre, dict[int, Render]] = {}
        self._by_slot: list[Render | None] = [None] * machine.slots
        self._growing: list[Render] = []
        # Slots without a render that voices may still be playing.
        self._vacant = list(reversed(range(machine.slots)))

    def __len__(self) -> int:
        return len(self._by_slot) - len(self._vacant)

    def __iter__(self) -> Iterator[Render]:
        return (render for render in self._by_slot if render is not None)

    @property
    def size(self) -> int:
        """Number of slots."""
        return len(self._by_slot)

    def find(self, timbre: Timbre, pitch: int) -> Render | None:
        """The render of a pitch, whatever its state."""
        return self._by_timbre.get(timbre, {}).get(pitch)

    def renders_of(self, timbre: Timbre) -> list[Render]:
        """All renders of a timbre, whatever their state."""
        return list(self._by_timbre.get(timbre, {}).values())

    def at(self, slot: int) -> Render | None:
        """The render in a slot."""
        return self._by_slot[slot]

    def growing(self) -> list[Render]:
        """Renders that are not finished yet, the oldest first."""
        self._growing = [
            render
            for render in self._growing
            if not render.finished and self._by_slot[render.slot] is render
        ]
        return self._growing

    def place(
        self,
        timbre: Timbre,
        pitch: int,
        stops: list[int],
        worth: float,
        begin: Callable[[], Stream],
    ) -> Render | None:
        """A new, empty render; None when no slot can be had.

        It takes a vacant slot, or else that of the render worth least among those that are at rest
        and worth less than the new one. What is worth nothing (-inf) goes before all.
        """
        slot = self._free_slot(worth)
        if slot is None:
            return None
        render = Render(timbre, pitch, slot, stops, worth, begin)
        self._by_slot[slot] = render
        self._growing.append(render)
        self._by_timbre.setdefault(timbre, {})[pitch] = render
        return render

    def remove(self, render: Render) -> None:
        """Forget a render; its slot is vacant as soon as no voice plays it."""
        self._by_slot[render.slot] = None
        self._vacant.insert(0, render.slot)
        of_timbre = self._by_timbre[render.timbre]
        del of_timbre[render.pitch]
        if not of_timbre:
            del self._by_timbre[render.timbre]

    def _free_slot(self, worth: float) -> int | None:
        resting = [render for render in self if self._rests(render) and render.worth < worth]
        resting.sort(key=lambda render: render.worth)
        # Renders that nobody will want again go before memory that was never touched.
        spent = [render.slot for render in resting if render.worth == -inf]
        others = [render.slot for render in resting if render.worth > -inf]
        for slot in (*spent, *reversed(self._vacant), *others):
            if self._machine.is_idle(slot):
                if (render := self._by_slot[slot]) is not None:
                    self.remove(render)
                self._vacant.remove(slot)
                return slot
        return None

    @staticmethod
    def _rests(render: Render) -> bool:
        return render.finished and not render.in_hand and render.listed_at is None

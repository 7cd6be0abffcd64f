"""The machine's slots as a cache: which render lies where, and what makes room for a new one."""

from collections import deque
from collections.abc import Iterator
from math import ceil

from gansynth_live.kernel.machine import Machine
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.slots.render import Job, Keep, OfKey, Render


def slots_within(megabytes: float, note_bytes: int) -> int:
    """Number of notes, of `note_bytes` in their slot and beside it, that a memory budget holds."""
    return int(megabytes * 1e6 / note_bytes)


def megabytes_for(slots: int, note_bytes: int) -> int:
    """The smallest whole memory budget that holds so many notes."""
    return ceil(slots * note_bytes / 1e6)


class Pool:
    """Renders by slot and by key. Not locked: the scheduler does that.

    A slot gets a new render only when no key lists it, no voice plays it, no worker fills it and
    no command names it. Of those that rest, the one that is to be kept least goes first, and among
    equals the one that has rested longest.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._of_keys: dict[Timbre, dict[int, Render]] = {}
        self._by_slot: list[Render | None] = [None] * len(machine.slots)
        self._growing: dict[Render, None] = {}
        self._resting: dict[Keep, dict[Render, None]] = {keep: {} for keep in Keep}
        # Slots without a render, which voices may still be playing. Used ones come first: memory
        # that was never touched costs nothing.
        self._vacant = deque(range(len(machine.slots)))

    def __len__(self) -> int:
        return len(self._by_slot) - len(self._vacant)

    def __iter__(self) -> Iterator[Render]:
        return (render for render in self._by_slot if render is not None)

    @property
    def size(self) -> int:
        """Number of slots."""
        return len(self._by_slot)

    def find(self, timbre: Timbre, pitch: int) -> Render | None:
        """The render of a key, whatever its state."""
        return self._of_keys.get(timbre, {}).get(pitch)

    def renders_of(self, timbre: Timbre) -> list[Render]:
        """All renders of keys in a timbre, whatever their state."""
        return list(self._of_keys.get(timbre, {}).values())

    def at(self, slot: int) -> Render | None:
        """The render in a slot."""
        return self._by_slot[slot]

    def growing(self) -> list[Render]:
        """Renders that are not finished yet, the oldest first."""
        return list(self._growing)

    def place(self, job: Job) -> Render | None:
        """A new, empty render; None when no slot can be had."""
        slot = self._free_slot(job.keep)
        if slot is None:
            return None
        render = Render.of(job, slot)
        self._by_slot[slot] = render
        self._growing[render] = None
        if isinstance(job.owner, OfKey):
            self._of_keys.setdefault(job.owner.timbre, {})[job.pitch] = render
        return render

    def keep(self, render: Render, keep: Keep) -> None:
        """Keep a render longer or less long than before."""
        if render.keep != keep:
            self._resting[render.keep].pop(render, None)
            render.keep = keep
            self.update(render)

    def update(self, render: Render) -> None:
        """A render has been finished, claimed, listed or let go."""
        resting = self._resting[render.keep]
        if not render.rests:
            resting.pop(render, None)
        elif self._by_slot[render.slot] is render:
            resting.setdefault(render)
        if render.finished:
            self._growing.pop(render, None)

    def remove(self, render: Render) -> None:
        """Forget a render; its slot is vacant as soon as no voice plays it."""
        self._by_slot[render.slot] = None
        self._vacant.appendleft(render.slot)
        self._growing.pop(render, None)
        self._resting[render.keep].pop(render, None)
        if isinstance(render.owner, OfKey):
            of_timbre = self._of_keys[render.timbre]
            del of_timbre[render.pitch]
            if not of_timbre:
                del self._of_keys[render.timbre]

    def _free_slot(self, keep: Keep) -> int | None:
        for kept in Keep:
            if kept >= keep:
                break
            # Looks past what voices still play, which are few.
            for render in self._resting[kept]:
                if self._machine.is_idle(render.slot):
                    self.remove(render)
                    return self._vacant.popleft()
            if kept == Keep.SPENT and (slot := self._vacant_slot()) is not None:
                return slot
        return None

    def _vacant_slot(self) -> int | None:
        for slot in self._vacant:
            if self._machine.is_idle(slot):
                self._vacant.remove(slot)
                return slot
        return None

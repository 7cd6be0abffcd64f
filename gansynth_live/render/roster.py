"""Who sounds: the machine's voices, followed from their note-on to their end."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, TypeAlias

from gansynth_live.kernel.layout import FADE
from gansynth_live.kernel.machine import Machine
from gansynth_live.render.pace import Pace
from gansynth_live.render.pool import Pool, Render, Timbre
from gansynth_live.render.sustain import Walk, Zone
from gansynth_live.render.whereabouts import Record


class Continued(NamedTuple):
    """What the render of a continuation is kept under."""

    timbre: Timbre
    serial: int  # of the note
    number: int  # of the note's continuations

    def __str__(self) -> str:
        return str(self.timbre)


class Arrival(NamedTuple):
    """From sample `start` (at the model's rate) on, note number `serial` sounds in `timbre`."""

    serial: int
    start: int  # 0 or less: so it began
    timbre: Timbre


Arrived: TypeAlias = Callable[[Arrival], None]


@dataclass(eq=False)
class Life:
    """What is known of one sounding voice."""

    walk: Walk
    render: Render  # what it plays
    following: Render | None = None  # what it will go on in
    told: bool = False  # whether the machine knows of that
    made: int = 0  # continuations so far
    turn: int = 0  # number, among those of all voices, of the newest
    begun_at: float = 0.0  # time when that was begun
    ready_at: float | None = None  # and when the network had run for it, if it had to

    @property
    def timbre(self) -> Timbre:
        """The timbre that it plays now."""
        return timbre_of(self.render)

    @property
    def is_open(self) -> bool:
        """Whether what it will go on in has begun to exist, and may still be replaced."""
        following = self.following
        return following is not None and following.ready > 0 and not self.told

    @property
    def goes_on_as_it_is(self) -> bool:
        """Whether what it will go on in has its present timbre."""
        return self.following is not None and timbre_of(self.following) == self.timbre


class Roster:
    """Lives of the voices that sound, by their notes' serial numbers. Not locked.

    Args:
        arrived: told whenever a voice began, or went on in another render.
    """

    def __init__(
        self, machine: Machine, pool: Pool, zone: Zone, pace: Pace, arrived: Arrived | None
    ) -> None:
        self._machine = machine
        self._pool = pool
        self._zone = zone
        self._pace = pace
        self._arrived = arrived
        self.lives: dict[int, Life] = {}
        self._notes_before = 0  # those of the piece that is played

    def begin_anew(self) -> None:
        """Count notes from here on: their walks are those of a piece that begins now."""
        self._notes_before = int(self._machine.memory.status["notes"][0])

    def follow(self) -> list[Record]:
        """Look who came, who went and who has gone on; the records of all that will stay."""
        records = self._machine.voices()
        serials = {int(record["serial"]) for record in records}
        for serial in self.lives.keys() - serials:
            self._forget(serial)
        for record in records:
            serial = int(record["serial"])
            if serial in self.lives:
                self._update(serial, record)
            elif render := self._pool.at(int(record["slot"])):
                self.lives[serial] = Life(Walk(self._zone, serial - self._notes_before), render)
                self._report(serial, render)
        return [record for record in records if record["stage"] != FADE]

    def newest(self, record: Record) -> Render | None:
        """The continuation that a voice plays or, if the machine knows of it, will go on in."""
        life = self.lives.get(int(record["serial"]))
        if life is None:
            return None
        render = life.following if life.following and life.told else life.render
        return render if is_continued(render) else None

    def record(self, serial: int) -> Record | None:
        """The voice of a note as it is now, if it still sounds."""
        voices = self._machine.voices()
        found = voices[voices["serial"] == serial]
        return found[0] if len(found) else None

    def _update(self, serial: int, record: Record) -> None:
        life = self.lives[serial]
        following, slot = life.following, int(record["slot"])
        if slot not in [render.slot for render in (life.render, following) if render]:
            self._begin_again(serial, life, slot)
            return
        if following is None:
            return
        if self._pool.at(following.slot) is not following:  # it failed
            life.following = None
        elif int(record["slot"]) == following.slot:
            if is_continued(life.render):
                retire(life.render)
            life.render, life.following = following, None
            self._pace.joined()
            self._report(serial, following)
        elif life.told and self._machine.has_refused(serial, following.slot):
            life.following = None
            if not record["stays"]:
                self._pace.refused()
            retire(following)

    def _begin_again(self, serial: int, life: Life, slot: int) -> None:
        """A voice turns out to play another render: the copy was torn when it began."""
        if (render := self._pool.at(slot)) is None:
            return
        if life.following is not None:
            retire(life.following)
        self.lives[serial] = Life(life.walk, render)
        self._report(serial, render)

    def _report(self, serial: int, render: Render) -> None:
        if self._arrived is not None and render.passage is not None:
            self._arrived(Arrival(serial, render.passage.start, timbre_of(render)))

    def _forget(self, serial: int) -> None:
        life = self.lives.pop(serial)
        following = life.following
        if following and life.told and self._machine.has_joined(serial, following.slot):
            self._report(serial, following)  # since we last looked
        for render in (life.render, life.following):
            if render is not None and is_continued(render):
                retire(render)


def is_continued(render: Render) -> bool:
    """Whether a render belongs to one voice, and not to a key."""
    return isinstance(render.timbre, Continued)


def timbre_of(render: Render) -> Timbre:
    """What a render sounds like, whomever it belongs to."""
    return render.timbre.timbre if isinstance(render.timbre, Continued) else render.timbre


def retire(render: Render) -> None:
    """No voice needs a continuation any more: the rest is not made, its slot may go.

    What lies beside the slot goes at once, not when the slot is used again.
    """
    render.worth = -inf
    render.stops.clear()
    if not render.in_hand:
        render.finished = True
        render.begin = render.stream = render.passage = None

"""The machine's voices, followed from their note-on to their end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gansynth_live.kernel.machine import Machine
from gansynth_live.render.continuation.passage import Passage
from gansynth_live.render.continuation.walk import Walk
from gansynth_live.render.continuation.zone import Zone
from gansynth_live.render.notes.timbre import Timbre
from gansynth_live.render.slots.pool import Pool
from gansynth_live.render.slots.render import Keep, Render
from gansynth_live.render.voices.lead_time import LeadTime
from gansynth_live.render.voices.view import VoiceReader, VoiceView


class VoiceSwitch(NamedTuple):
    """From sample `start` (at the inversion's rate) on, note number `serial` sounds in `timbre`."""

    serial: int
    start: int  # 0 or less: so it began
    timbre: Timbre


OnVoiceSwitch: TypeAlias = Callable[[VoiceSwitch], None]


@dataclass(eq=False)
class TrackedVoice:
    """What is known of one sounding voice."""

    walk: Walk
    render: Render  # what it plays
    following: Render | None = None  # what it will go on in
    told: bool = False  # whether the machine knows of that
    begun: int = 0  # when that was begun: its number among the continuations of all voices

    @property
    def timbre(self) -> Timbre:
        """The timbre that it plays now."""
        return self.render.timbre

    @property
    def passage(self) -> Passage | None:
        """What may be continued."""
        return self.render.passage

    @property
    def is_open(self) -> bool:
        """Whether what it will go on in has begun to exist, and may still be replaced."""
        return self.following is not None and self.following.ready > 0 and not self.told

    @property
    def goes_on_as_it_is(self) -> bool:
        """Whether what it will go on in has its present timbre."""
        return self.following is not None and self.following.timbre == self.timbre

    @property
    def newest(self) -> Render | None:
        """The continuation that it plays or, if the machine knows of it, will go on in."""
        render = self.following if self.following and self.told else self.render
        return render if render.is_of_voice else None


class VoiceTracker:
    """Voices by their notes' serial numbers. Not locked: the scheduler does that.

    Args:
        switched: told whenever a voice began, or went on in another render.

    Attributes:
        views: of all that will stay, as they were at the last `update`.
    """

    def __init__(
        self,
        machine: Machine,
        pool: Pool,
        zone: Zone,
        lead: LeadTime,
        switched: OnVoiceSwitch | None,
    ) -> None:
        self._machine = machine
        self._reader = VoiceReader(machine)
        self._pool = pool
        self._zone = zone
        self._lead = lead
        self._switched = switched
        self._voices: dict[int, TrackedVoice] = {}
        self._notes_before = 0  # those of the piece that is played
        self.views: list[VoiceView] = []

    def __getitem__(self, serial: int) -> TrackedVoice:
        return self._voices[serial]

    def get(self, serial: int) -> TrackedVoice | None:
        """The voice of a note; None: it does not sound, or nothing is known of what it plays."""
        return self._voices.get(serial)

    @property
    def voices(self) -> list[TrackedVoice]:
        """All that sound."""
        return list(self._voices.values())

    def begin_anew(self) -> None:
        """Count notes from here on: their walks are those of a piece that begins now."""
        self._notes_before = int(self._machine.memory.status["notes"][0])

    def update(self) -> None:
        """Look who came, who went and who has gone on."""
        found = self._reader.sounding()
        for serial in self._voices.keys() - {view.serial for view in found}:
            self._forget(serial)
        for view in found:
            if view.serial in self._voices:
                self._update(view)
            elif render := self._pool.at(view.slot):
                walk = Walk(self._zone, view.serial - self._notes_before)
                self._voices[view.serial] = TrackedVoice(walk, render)
                self._report(view.serial, render)
        self.views = [view for view in found if not view.is_fading]

    def look(self, view: VoiceView) -> VoiceView | None:
        """A voice as it is now, if it still sounds."""
        return self._reader.look(view.voice, view.serial)

    def drop(self, voice: TrackedVoice) -> None:
        """A voice will not go on in what was begun for it."""
        if voice.following is not None:
            self._retire(voice.following)
            voice.following = None

    def is_wanted(self, serial: int, render: Render) -> bool:
        """Whether a voice plays a render, or will; else no more of it is made."""
        voice = self._voices.get(serial)
        if voice is not None and render in (voice.following, voice.render):
            return True
        self._retire(render)
        return False

    def _update(self, view: VoiceView) -> None:
        voice = self._voices[view.serial]
        following = voice.following
        if view.slot not in [each.slot for each in (voice.render, following) if each]:
            self._begin_again(view, voice)
        elif following is None:
            return
        elif self._pool.at(following.slot) is not following:  # it failed
            voice.following = None
        elif view.slot == following.slot:
            self._retire(voice.render)
            voice.render, voice.following = following, None
            self._lead.on_joined()
            self._report(view.serial, following)
        elif voice.told and self._machine.has_refused(view.serial, following.slot):
            if not view.stays:
                self._lead.on_refused()
            self.drop(voice)

    def _begin_again(self, view: VoiceView, voice: TrackedVoice) -> None:
        """A voice turns out to play another render: the copy was torn when it began."""
        if (render := self._pool.at(view.slot)) is None:
            return
        self.drop(voice)
        self._voices[view.serial] = TrackedVoice(voice.walk, render)
        self._report(view.serial, render)

    def _forget(self, serial: int) -> None:
        voice = self._voices.pop(serial)
        following = voice.following
        if following and voice.told and self._machine.has_joined(serial, following.slot):
            self._report(serial, following)  # since we last looked
        self._retire(voice.render)
        self.drop(voice)

    def _report(self, serial: int, render: Render) -> None:
        if self._switched is not None and render.passage is not None:
            self._switched(VoiceSwitch(serial, render.passage.start, render.timbre))

    def _retire(self, render: Render) -> None:
        """No voice needs a continuation any more: the rest is not made, its slot may go.

        What lies beside the slot goes at once, not when the slot is used again.
        """
        if not render.is_of_voice:
            return
        render.stops.clear()
        if not render.claimed:
            render.finished = True
            render.stream = render.passage = render.join = None
        self._pool.keep(render, Keep.SPENT)
        self._pool.update(render)

"""A page's hand: carries out what it asks, and lets go of what it held when it is gone."""

from collections.abc import Callable, Mapping

from gansynth_live.errors import GansynthError
from gansynth_live.midi import messages as midi
from gansynth_live.panel.guard import Allowance
from gansynth_live.panel.messages import (
    Bend,
    Do,
    FloodError,
    Forget,
    FromPage,
    Hello,
    Learn,
    Note,
    OfPreset,
    Pace,
    PanelError,
    Set,
)
from gansynth_live.panel.playing import Playing
from gansynth_live.panel.wire import listed
from gansynth_live.parameters.parameter import Value

MESSAGES, NOTES = (200.0, 400.0), (100.0, 100.0)  # a second, and at once
MOST_WARNINGS = 3
ACTS = ("panic", "undo", "redo", "keep")
NOTHING_TO = {"undo": "nothing to undo", "redo": "nothing to do again"}


class Hand:
    """For the panel's thread alone.

    Args:
        playing: what it plays.
        tell: is told what this page must know, as `Outbox.say` is.
        tell_all: the same for all pages.
        sets: is told what it has set of a part, before that happens.

    Attributes:
        pace: meters a second that the page wants.
        part: whose keys it shows.
    """

    def __init__(
        self,
        playing: Playing,
        tell: Callable[..., None],
        tell_all: Callable[..., None],
        sets: Callable[[int, Mapping[str, Value]], None],
    ) -> None:
        self.pace = 30.0
        self.part = 0
        self._playing = playing
        self._tell = tell
        self._tell_all = tell_all
        self._sets = sets
        self._allowed, self._allowed_notes = Allowance(*MESSAGES), Allowance(*NOTES)
        self._warnings = 0
        self._acts = {name: getattr(playing, name) for name in ACTS}
        self._held: set[tuple[int, int]] = set()  # channel and key
        self._bent: set[int] = set()  # channels

    def obey(self, message: FromPage) -> None:
        """Do what a message asks; why it cannot be done is told.

        Raises:
            FloodError: the page sends far too much.
            PanelError: it says hello again.
        """
        if not self._may(message):
            self._warn()
            return
        try:
            self._do(message)
        except GansynthError as error:
            self._tell("error", line=str(error))

    def let_go(self) -> None:
        """End every note that the page holds, and its bends."""
        for channel, key in self._held:
            self._playing.send(midi.NOTE_OFF | channel, key)
        for channel in self._bent:
            self._playing.send(midi.PITCH_BEND | channel, 0, 0x40)
        self._held.clear()
        self._bent.clear()

    def _may(self, message: FromPage) -> bool:
        if isinstance(message, Note):
            return not message.on or self._allowed_notes.take()
        return self._allowed.take()

    def _warn(self) -> None:
        self._warnings += 1
        if self._warnings > MOST_WARNINGS:
            raise FloodError("far too many messages")
        self._tell("error", line="too many messages at once: some were dropped")
        self._allowed, self._allowed_notes = Allowance(*MESSAGES), Allowance(*NOTES)

    def _do(self, message: FromPage) -> None:
        match message:
            case Note():
                self._play(message)
            case Set():
                self._sets(message.part, message.v)
                self._playing.turn(message.part, message.v)
            case Bend():
                self._bend(message)
            case Pace():
                self.pace, self.part = message.hz, message.part
                if message.hz == 0.0:
                    self.let_go()
            case OfPreset():
                self._handle_preset(message)
            case Learn():
                self._playing.learn(message.p)
            case Forget():
                self._playing.forget(message.p)
            case Do():
                self._act(message.what)
            case Hello():
                raise PanelError("hello was said before")

    def _play(self, note: Note) -> None:
        place = self._playing.channel_of(note.part), note.k
        if not note.on:
            self._held.discard(place)
            self._playing.send(midi.NOTE_OFF | place[0], note.k)
        elif self._playing.send(midi.NOTE_ON | place[0], note.k, note.v):
            self._held.add(place)

    def _bend(self, bend: Bend) -> None:
        channel = self._playing.channel_of(bend.part)
        turn = min(round(8192 + 8192 * bend.v), 16383)
        self._bent.add(channel)
        self._playing.send(midi.PITCH_BEND | channel, turn & 0x7F, turn >> 7)

    def _act(self, what: str) -> None:
        if what == "compare":
            self._tell_all("compare", stored=self._playing.compare())
        elif self._acts[what]() is False:
            self._tell("error", line=NOTHING_TO[what])

    def _handle_preset(self, message: OfPreset) -> None:
        name = message.name
        match message.do:
            case "load":
                self._tell_all("loaded", name=self._playing.load(name))
            case "save":
                self._playing.save(name)
                self._tell_all("loaded", name=name)
            case "remove":
                self._playing.remove(name)
            case stars:
                self._playing.star(name, shines=stars == "star")
        if message.do != "load":
            self._tell_all("presets", list=listed(self._playing.presets()))

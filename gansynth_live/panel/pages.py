"""All pages that are open: what one must know, and what all must."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from gansynth_live.panel import wire
from gansynth_live.panel.feed import Feed
from gansynth_live.panel.hand import Hand
from gansynth_live.panel.outbox import Outbox
from gansynth_live.panel.playing import Meters, Playing
from gansynth_live.panel.spectrum import Spectrum
from gansynth_live.parameters.parameter import Value

SETTER_SECONDS = 0.5  # in which a change is that of the page that asked for it
EVERY_PART = -1
EARLY_SECONDS = 0.005  # that a look may come too soon and still count
CALM_SECONDS = 0.2  # between two meters that say the same


@dataclass
class Page:
    """One that is open."""

    number: int
    hand: Hand
    outbox: Outbox = field(default_factory=Outbox)
    shown: Meters | None = None
    shown_at: float = 0.0

    def is_due(self, now: float) -> bool:
        """Whether it wants to be shown how things stand."""
        return self.hand.pace > 0.0 and now - self.shown_at >= 1.0 / self.hand.pace - EARLY_SECONDS


class Pages:
    """For the panel's thread alone.

    Args:
        playing: what they show.
        feed: brings what other threads have to tell.
    """

    def __init__(self, playing: Playing, feed: Feed) -> None:
        self._playing = playing
        self._feed = feed
        self._open: dict[int, Page] = {}
        self._opened = self._frames = 0
        self._setters: dict[tuple[int, str], tuple[int, float]] = {}
        self._blends: object = None
        self._bindings: object = None
        self._devices: object = None
        self._look: Spectrum | None = None

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    def open(self) -> Page:
        """One more."""
        self._opened += 1
        number, outbox = self._opened, Outbox()

        def sets(part: int, values: Mapping[str, Value]) -> None:
            for name in values:
                self._setters[part, name] = self._setters[EVERY_PART, name] = (
                    number,
                    time.monotonic(),
                )

        hand = Hand(self._playing, outbox.say, self.tell, sets)
        self._open[number] = Page(number, hand, outbox)
        self._blends = self._devices = None  # to be told anew
        return self._open[number]

    def close(self, page: Page) -> None:
        """It has gone, and what it held."""
        self._open.pop(page.number, None)
        page.hand.let_go()

    def tell(self, kind: str, **fields: object) -> None:
        """Something that all must know."""
        for page in self._open.values():
            page.outbox.post(kind, **fields)

    def look(self) -> None:
        """Pass on what is new, to each page as often as it wants."""
        changes, lines = self._feed.take()
        for (part, name), value in changes.items():
            setter = self._setter(part, name)
            for page in self._open.values():
                page.outbox.change(part, setter, {name: value})
        for kind, several in lines.items():
            for page in self._open.values():
                self._say(page, kind, several)
        self._tell_if_new()
        self._show_all(time.monotonic())

    def _say(self, page: Page, kind: str, lines: list[str]) -> None:
        if kind == "midi":
            page.outbox.say("midi", lines=lines)
            return
        for line in lines:
            page.outbox.say(kind, line=line)

    def _tell_if_new(self) -> None:
        if (blends := self._playing.blends()) != self._blends:
            self._blends = blends
            self.tell("blend", parts=blends)
        if (bindings := self._playing.bindings()) is not self._bindings:
            self._bindings = bindings
            self.tell("bindings", v=wire.bound(bindings))
        if (devices := self._playing.devices) != self._devices:
            self._devices = devices
            self.tell("devices", output=devices.output, inputs=devices.inputs)

    def _show_all(self, now: float) -> None:
        due = [page for page in self._open.values() if page.is_due(now)]
        meters_of = {part: self._playing.meters(part) for part in {each.hand.part for each in due}}
        for page in due:
            meters = meters_of[page.hand.part]
            if meters == page.shown and now - page.shown_at < CALM_SECONDS:
                continue
            page.shown, page.shown_at = meters, now
            self._frames += 1
            page.outbox.show(wire.meters(meters, self._frames))
        if any(page.shown and page.shown.voices for page in due):
            spectrum = self._spectrum()
            for page in due:
                page.outbox.show(spectrum)

    def _spectrum(self) -> bytes:
        rate = self._playing.sample_rate
        if self._look is None or self._look.rate != rate:
            self._look = Spectrum(rate)
        return self._look.frame(self._playing.heard(self._look.frames))

    def _setter(self, part: int, name: str) -> int:
        number, at = self._setters.get((part, name), (0, 0.0))
        return number if time.monotonic() - at < SETTER_SECONDS else 0

"""Which timbre is in force in a piece: by the file's own controllers, or by the time."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gansynth_live.errors import UsageError
from gansynth_live.kernel.settings import EVERYTHING, PartSettings
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.library import Library, random_names
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.schedule import instrument_count
from gansynth_live.midi.messages import CONTROL_CHANGE, PROGRAM_CHANGE, Event
from gansynth_live.parameters.controllers import ControlMap

MOST_LABELS = 24
MOST_POINTS = 10_000
FINEST_TRACK = 0.02  # seconds


class MorphTrack(NamedTuple):
    """Where the morph stood: positions 0..1 at times in seconds, and which names lie where."""

    times: Sequence[float]
    positions: Sequence[float]
    instruments: Sequence[str]
    at: Sequence[float]


class MorphPlan:
    """The blend at any moment of a piece, as the same messages would give it live.

    Args:
        path: what the position travels; for the picture.
        begin: makes the controls as they are at the start of the piece.
        events: all messages of the piece, in order.
        part: whose controls they are; it hears its own channels.
    """

    def __init__(
        self,
        path: MorphPath,
        begin: Callable[[], MorphControls],
        events: Sequence[Event],
        part: PartSettings = EVERYTHING,
    ) -> None:
        self.part = part
        self._path = path
        self._begin = begin
        self._events = [event for event in events if part.hears(event.status)]
        self._walked = begin()
        self._replayed = begin()
        self._replayed_events = 0

    def after(self, event: Event) -> Blend:
        """The blend right after a message; to be called for each of them in order."""
        if self.part.hears(event.status):
            self._walked.feed(event.time, event.status, event.data1, event.data2)
        return self._walked.blend_at(event.time)

    def blend_at(self, seconds: float) -> Blend:
        """The blend after all messages up to and at a moment; forwards is quick, back is not."""
        return self._controls_at(seconds).blend_at(seconds)

    def track(self) -> MorphTrack:
        """Where the position stood."""
        last = self._events[-1].time if self._events else 0.0
        count = min(int(last / FINEST_TRACK), MOST_POINTS) + 1
        times = [last * point / max(count - 1, 1) for point in range(count)]
        positions = [self._controls_at(time).position_at(time) for time in times]
        labelled = len(self._path.instruments) <= MOST_LABELS
        labels, at = (self._path.instruments, self._path.at) if labelled else ((), ())
        return MorphTrack(times, positions, labels, at)

    def _controls_at(self, seconds: float) -> MorphControls:
        """The controls, having heard everything up to `seconds` and nothing later."""
        done = self._replayed_events
        if done and self._events[done - 1].time > seconds:
            self._replayed, done = self._begin(), 0
        while done < len(self._events) and self._events[done].time <= seconds:
            self._replayed.feed(*self._events[done])
            done += 1
        self._replayed_events = done
        return self._replayed


def chosen_path(instruments: Sequence[str], at: str | None, library: Library) -> MorphPath:
    """A path through `instruments`, at positions such as "0,0.3,1" if given.

    Raises:
        UsageError: an instrument is unknown, the positions are no numbers or do not fit.
    """
    names = library.known(instruments)
    try:
        positions = tuple(float(part) for part in at.split(",")) if at is not None else ()
    except ValueError:
        raise UsageError(f"--at {at}: not a list of numbers such as 0,0.3,0.6,1") from None
    return MorphPath(names, positions)


def random_path(
    count: int, seed: int, total: float, seconds_per_instrument: float | None
) -> MorphPath:
    """A path through `count` drawn instruments: once each, or round and round by the clock.

    Raises:
        UsageError: they would change more than 10,000 times.
    """
    names = random_names(count, seed)
    if seconds_per_instrument is not None:
        points = instrument_count(total, seconds_per_instrument)
        if points > MOST_POINTS:
            raise UsageError(f"{points} instruments in one piece; let each last longer")
        names = [names[point % count] for point in range(points)]
    return MorphPath(tuple(names))


def chooses_timbres(events: Sequence[Event], controls: ControlMap, programs: bool) -> bool:
    """Whether the file turns a morph knob itself or, where `programs` count, selects programs."""
    return any(
        any(
            is_choice(route.parameter.id) for route in controls.moved_by(event.channel, event.data1)
        )
        if event.kind == CONTROL_CHANGE
        else programs and event.kind == PROGRAM_CHANGE
        for event in events
    )


def is_choice(parameter: str) -> bool:
    """Whether a parameter chooses instruments: the place on the path, or the weight of one."""
    return parameter == "morph.position" or parameter.startswith("morph.weights.")

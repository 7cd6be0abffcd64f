"""Which timbre each note of a file has: by the file's own controllers, or by the time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gansynth_live.config import Morph
from gansynth_live.errors import UsageError
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.latent.library import Library, random_names
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.schedule import instrument_count
from gansynth_live.midi.messages import CONTROL_CHANGE, PROGRAM_CHANGE, Event
from gansynth_live.pictures.piece import MorphTrack

MOST_LABELS = 24
MOST_POINTS = 10_000


@dataclass
class ByControllers:
    """The morph controls and program changes in the file move the sound, as they do live."""

    path: MorphPath
    controls: MorphControls
    _times: list[float] = field(default_factory=lambda: [0.0])
    _positions: list[float] = field(default_factory=lambda: [0.0])

    def after(self, event: Event) -> Blend:
        """The blend in force after a message; to be called in order."""
        if event.kind == CONTROL_CHANGE:
            self.controls.control(event.data1, event.data2)
        elif event.kind == PROGRAM_CHANGE:
            self.controls.program(event.data1)
        if self.controls.position != self._positions[-1]:
            self._times.append(event.time)
            self._positions.append(self.controls.position)
        return self.controls.blend

    def track(self) -> MorphTrack:
        """Where the position stood, once all messages have been seen."""
        return MorphTrack(self._times, self._positions, self.path.instruments, self.path.at)


@dataclass
class ByTime:
    """The path is travelled evenly from the start of the piece to its end."""

    path: MorphPath
    seconds: float
    focus: float
    steps: int  # places from one instrument to the next that are told apart

    @property
    def places(self) -> int:
        """Places on the whole path that are told apart, less one."""
        return self.steps * max(len(self.path.instruments) - 1, 1)

    def after(self, event: Event) -> Blend:
        """The blend at the time of a message."""
        position = min(event.time / self.seconds, 1.0) if self.seconds else 0.0
        return self.path.blend(round(position * self.places) / self.places, self.focus)

    def track(self) -> MorphTrack:
        """A straight line."""
        moments = [place / self.places for place in range(self.places + 1)]
        labels, at = self.path.instruments, self.path.at
        if len(labels) > MOST_LABELS:
            labels, at = (), ()
        return MorphTrack([self.seconds * moment for moment in moments], moments, labels, at)


def chosen_path(instruments: Sequence[str], at: str | None, library: Library) -> MorphPath:
    """A path through `instruments`, at positions such as "0,0.3,1" if given.

    Raises:
        UsageError: an instrument is unknown, the positions are no numbers or do not fit.
    """
    for name in instruments:
        library.instrument(name)
    try:
        positions = tuple(float(part) for part in at.split(",")) if at is not None else ()
    except ValueError:
        raise UsageError(f"--at {at}: not a list of numbers such as 0,0.3,0.6,1") from None
    return MorphPath(tuple(instruments), positions)


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


def by_controllers(path: MorphPath, programs: Sequence[str], morph: Morph) -> ByControllers:
    """A plan that obeys the file, with the controllers of the settings."""
    controls = MorphControls(
        path,
        programs,
        position_cc=morph.position_cc,
        weight_ccs=morph.weight_ccs,
        focus=morph.focus,
        steps=morph.steps,
    )
    return ByControllers(path, controls)


def chooses_timbres(events: Sequence[Event], morph: Morph, programs: bool) -> bool:
    """Whether the file turns a morph knob itself or, where `programs` count, selects programs."""
    knobs = {morph.position_cc, *morph.weight_ccs}
    return any(
        event.data1 in knobs if event.kind == CONTROL_CHANGE else event.kind == PROGRAM_CHANGE
        for event in events
        if programs or event.kind == CONTROL_CHANGE
    )

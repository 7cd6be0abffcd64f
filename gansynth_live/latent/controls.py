"""The player's morph controls as a function of time: messages go in, blends come out."""

from collections.abc import Callable

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.clock import MidiClock, Moment
from gansynth_live.latent.journey import Journey
from gansynth_live.latent.knobs import Knobs
from gansynth_live.latent.modulation import Modulation
from gansynth_live.latent.pad import Place
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.pressure import Pressure
from gansynth_live.latent.programs import Banks, ProgramMap
from gansynth_live.midi.messages import CONTROL_CHANGE, PROGRAM_CHANGE
from gansynth_live.parameters.controllers import ControlMap, ControlReader
from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import Curve, Home
from gansynth_live.parameters.sound import Morph, Motion
from gansynth_live.parameters.table import DIRECTIONS, WEIGHTS

AXES = ("pad_x", "pad_y")
CHOOSING = (
    "morph.position", "morph.program", "morph.pad", "morph.pad_x", "morph.pad_y", "motion.glide",
)  # fmt: skip

Beats = Callable[[float], float]  # position in beats at a time in seconds


class MorphControls:
    """Which blend is in force at any moment, by what was turned until then.

    The same messages at the same seconds give the same blends, however often and when they are
    asked for: live, in a file, and from one run to the next. For one thread.

    Args:
        path: what the position control travels.
        programs: the instruments that program changes select.
        morph: what is chosen at first; focus, directions, steps.
        motion: glide, LFO, round trip, pressure.
        controls: which controllers move what.
        beats: the beats of a piece whose tempo is known; None: those of MIDI clock as it is heard.
        lasts: travel the path evenly in so many seconds; None: where knobs and programs say.
    """

    def __init__(
        self,
        path: MorphPath,
        programs: ProgramMap,
        morph: Morph,
        motion: Motion,
        controls: ControlMap,
        *,
        beats: Beats | None = None,
        lasts: float | None = None,
    ) -> None:
        self._clock = MidiClock()
        self._beats = beats or self._clock.beat
        self._latest = 0.0
        self._programs = programs
        self._banks = Banks()
        self._pressure = Pressure()
        self._values = _values_of(morph, motion)
        self._reader = ControlReader(controls, (Home.MORPH,), self.value)
        directions = tuple(dict.fromkeys((*morph.directions, *controls.directions)))
        tour = motion.orbit or path.instruments
        self._modulation = Modulation(morph, motion, tour, directions)
        self._source: Knobs | Journey
        if lasts is None:
            self._source = Knobs(path, morph, self._modulation)
        else:
            self._source = Journey(path, lasts, morph.steps, self._modulation)

    def feed(self, seconds: float, status: int, data1: int = 0, data2: int = 0) -> None:
        """A MIDI message at a time that does not decrease; a time before the last counts as it.

        Control and program changes, pressures, note messages (a key that moves is not pressed),
        clock, start, continue, stop and song position matter; others change nothing.
        """
        self._latest = max(seconds, self._latest)
        self._clock.hear(self._latest, status, data1, data2)
        self._banks.hear(status, data1, data2)
        kind, channel = status & 0xF0, status & 0x0F
        if kind == CONTROL_CHANGE:
            for parameter, value in self._reader.hear(channel, data1, data2):
                if self._is_heard(parameter):
                    self.set(seconds, parameter.id, value)
        elif kind == PROGRAM_CHANGE:
            program = self._programs.find(data1, self._banks.of(channel))
            if program is not None:
                self.set(seconds, "morph.program", program)
        self._pressure.hear(status, data1, data2)
        self._modulation.touch(self._latest, self._pressure.strongest, self._glide)

    def go_on_from(self, before: "MorphControls") -> None:
        """Take over what is played, not set: banks, clock, pressure. `before` is not used again."""
        self._banks, self._pressure = before._banks, before._pressure
        self._clock, self._beats = before._clock, before._beats
        self._latest = before._latest

    def set(self, seconds: float, parameter: str, value: Value) -> None:
        """Move a parameter at a time, as if its controller did; it must be one of the knobs'."""
        self._latest = max(seconds, self._latest)
        self._values[parameter] = value
        moment, glide = self._moment(self._latest), self._glide
        _, name, *element = parameter.split(".", 2)
        if name == "position":
            self._source.place(moment, value, glide)
        elif name == "weights":
            self._source.weigh(moment, int(element[0]) - 1, value, glide)
        elif name == "program":
            self._source.select(moment, value, glide)
        elif name in AXES:
            self._source.point(moment, AXES.index(name), value, glide)
        elif name == "pad":
            self._source.lead(moment, leads=value, glide=glide)
        else:
            self._modulation.move(self._latest, parameter, value, glide)

    def value(self, parameter: str) -> Value:
        """What a parameter of morph or motion was set to last; of an element, 0 at first."""
        values = self.values
        if parameter in values:
            return values[parameter]
        whole, _, element = parameter.rpartition(".")
        if whole == DIRECTIONS:
            return values[DIRECTIONS].get(element, 0.0)
        weights = values[WEIGHTS]
        return weights[int(element) - 1] if int(element) <= len(weights) else 0.0

    def can_move(self, parameter: str) -> bool:
        """Whether `set` moves a parameter: those that the controls are made from it does not."""
        chosen = parameter in CHOOSING
        return chosen or parameter.startswith(f"{WEIGHTS}.") or self._modulation.can_move(parameter)

    @property
    def values(self) -> dict[str, Value]:
        """All of morph and motion, as a patch keeps them. Thread: any."""
        now = dict(self._values)
        elements = {
            name.removeprefix(f"{DIRECTIONS}."): value
            for name, value in now.items()
            if name.startswith(f"{DIRECTIONS}.")
        }
        whole = {name: value for name, value in now.items() if name.count(".") == 1}
        directions = {**whole[DIRECTIONS], **elements}
        return {**whole, **self._source.chosen, DIRECTIONS: directions}

    def blend_at(self, seconds: float) -> Blend:
        """The blend at a moment; before the last message counts as at it. Changes nothing."""
        moment = self._moment(seconds)
        return self._modulation.blend(moment, self._source.weights(moment))

    def rests_at(self, seconds: float) -> bool:
        """Whether the blend stays as it is from a moment on until the next message."""
        now = max(seconds, self._latest)
        return self._source.rests_at(now) and self._modulation.rests_at(now)

    def anchors_at(self, seconds: float) -> list[Blend]:
        """Where one move of a control may lead: each unmixed, in the focus and moves of a moment.

        The programs chosen lately, the last one first, then the instruments of the path.
        """
        moment = self._moment(seconds)
        return [self._modulation.unmixed(moment, name) for name in self._source.anchors]

    def pad_at(self, seconds: float) -> Place | None:
        """The place on the pad at a moment; None: something else leads."""
        return self._source.pad_at(self._moment(seconds))

    def position_at(self, seconds: float) -> float:
        """The place on the path at a moment, 0..1, as LFO and pressure move it."""
        return self._source.position(self._moment(seconds))

    @property
    def _glide(self) -> float:
        return float(self._values["motion.glide"])

    def _is_heard(self, parameter: Parameter) -> bool:
        """Controllers change a length in beats; they do not begin to go by them."""
        return parameter.row.curve is not Curve.DIVISIONS or self._modulation.goes_by_beats(
            parameter.id
        )

    def _moment(self, seconds: float) -> Moment:
        now = max(seconds, self._latest)
        return Moment(now, self._beats(now))


def _values_of(morph: Morph, motion: Motion) -> dict[str, Value]:
    sections = {"morph": morph, "motion": motion}
    return {
        f"{section}.{name}": getattr(struct, name)
        for section, struct in sections.items()
        for name in struct.__struct_fields__
    }

"""The player's morph controls as a function of time: messages go in, blends come out."""

from collections.abc import Callable, Sequence

from gansynth_live.config import Morph, Motion
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.clock import MidiClock, Moment
from gansynth_live.latent.journey import Journey
from gansynth_live.latent.knobs import Knobs
from gansynth_live.latent.modulation import Modulation
from gansynth_live.latent.path import MorphPath
from gansynth_live.latent.scale import glide_seconds
from gansynth_live.midi.messages import CONTROL_CHANGE

Beats = Callable[[float], float]  # position in beats at a time in seconds


class MorphControls:
    """Which blend is in force at any moment, by what was turned until then.

    The same messages at the same seconds give the same blends, however often and when they are
    asked for: live, in a file, and from one run to the next. For one thread.

    Args:
        path: what the position control travels.
        programs: the instruments that program changes select, in order.
        morph: numbers of the controllers, focus, steps.
        motion: glide, LFO, round trip, pressure.
        beats: the beats of a piece whose tempo is known; None: those of MIDI clock as it is heard.
        lasts: travel the path evenly in so many seconds; None: where knobs and programs say.
    """

    def __init__(
        self,
        path: MorphPath,
        programs: Sequence[str],
        morph: Morph,
        motion: Motion,
        *,
        beats: Beats | None = None,
        lasts: float | None = None,
    ) -> None:
        self._clock = MidiClock()
        self._beats = beats or self._clock.beat
        self._glide = motion.glide
        self._glide_cc = motion.glide_cc
        self._latest = 0.0
        self._modulation = Modulation(morph, motion, motion.orbit or path.instruments)
        self._source: Knobs | Journey
        if lasts is None:
            self._source = Knobs(path, programs, morph, self._modulation)
        else:
            self._source = Journey(path, lasts, morph.steps, self._modulation)

    def feed(self, seconds: float, status: int, data1: int = 0, data2: int = 0) -> None:
        """A MIDI message at a time that does not decrease; a time before the last counts as it.

        Control and program changes, pressures, note messages (a key that moves is not pressed),
        clock, start, continue, stop and song position matter; others change nothing.
        """
        self._latest = max(seconds, self._latest)
        self._clock.hear(self._latest, status, data1, data2)
        if status & 0xF0 == CONTROL_CHANGE and data1 == self._glide_cc:
            self._glide = glide_seconds(data2)
        moment = self._moment(self._latest)
        self._source.hear(moment, status, data1, data2, self._glide)
        self._modulation.hear(self._latest, status, data1, data2, self._glide)

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

    def position_at(self, seconds: float) -> float:
        """The place on the path at a moment, 0..1, as LFO and pressure move it."""
        return self._source.position(self._moment(seconds))

    def _moment(self, seconds: float) -> Moment:
        now = max(seconds, self._latest)
        return Moment(now, self._beats(now))

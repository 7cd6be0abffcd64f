"""What moves the blend beside the knobs that choose it: LFO, round trip, pressure, directions."""

from collections.abc import Callable, Iterator, Sequence

from gansynth_live.config import Morph, Motion
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.clock import Moment
from gansynth_live.latent.cycle import WAVES, Cycle
from gansynth_live.latent.glide import Glide
from gansynth_live.latent.path import Weights, mixed, tour_weights
from gansynth_live.latent.pressure import Pressure
from gansynth_live.latent.scale import bipolar, focus_factor, nearest, unipolar
from gansynth_live.midi.messages import CONTROL_CHANGE

SWINGS_A_SECOND = (0.02, 20.0)  # reached by the LFO's rate control
ROUNDS_A_SECOND = (1 / 120, 2.0)  # by the round trip's


class Modulation:
    """Turns a place into the place where the LFO and the fingers move it, weights into a blend.

    Args:
        morph: focus, directions and their controllers, places that are told apart.
        motion: rates, depths and their controllers.
        tour: instruments of the round trip.
    """

    def __init__(self, morph: Morph, motion: Motion, tour: Sequence[str]) -> None:
        self._motion = motion
        self._tour = tour
        self._steps = morph.steps
        # As many places as there are steps, the pure instruments among them.
        self._places = len(tour) * max(morph.steps // len(tour), 1)
        self._lfo = Cycle(motion.lfo_rate, motion.lfo_beats, SWINGS_A_SECOND)
        self._orbit = Cycle(1.0 / motion.orbit_seconds, motion.orbit_beats, ROUNDS_A_SECOND)
        self._wave = WAVES[motion.lfo_shape]
        self._pressure = Pressure()
        self._touch = Glide(0.0)
        self._depth = Glide(motion.lfo_depth)
        self._amount = Glide(motion.orbit_amount)
        self._focus = Glide(morph.focus)
        self._moves = {name: Glide(0.0) for name in morph.directions}
        self._dials: list[tuple[int, Glide, Callable[[int], float]]] = [
            (motion.lfo_depth_cc, self._depth, unipolar),
            (motion.orbit_amount_cc, self._amount, unipolar),
            (morph.focus_cc, self._focus, focus_factor),
            *((cc, self._moves[name], bipolar) for name, cc in morph.directions.items()),
        ]

    def hear(self, seconds: float, status: int, data1: int, data2: int, glide: float) -> None:
        """Take a message in; what it moves arrives after `glide` seconds."""
        self._pressure.hear(status, data1, data2)
        self._touch.aim(seconds, self._pressure.strongest, glide)
        if status & 0xF0 != CONTROL_CHANGE:
            return
        for number, dial, scale in self._dials:
            if number == data1:
                dial.aim(seconds, scale(data2), glide)
        if data1 == self._motion.lfo_rate_cc:
            self._lfo.turn_knob(seconds, data2)
        if data1 == self._motion.orbit_rate_cc:
            self._orbit.turn_knob(seconds, data2)

    def rests_at(self, seconds: float) -> bool:
        """Whether nothing of this moves on its own from a moment on."""
        if self._amount.goal or self._depth.goal + self._motion.pressure_depth * self._touch.goal:
            return False  # the round trip or the LFO is heard
        glides = (self._touch, self._depth, self._amount, self._focus, *self._moves.values())
        return all(glide.rests_at(seconds) for glide in glides)

    def moved(self, moment: Moment, position: float) -> float:
        """Where a position 0..1 really is. The swing leans inwards at the ends and stays whole."""
        touch = self._touch.at(moment.seconds)
        pushed = min(max(position + self._motion.pressure_position * touch, 0.0), 1.0)
        depth = self._depth.at(moment.seconds) + self._motion.pressure_depth * touch
        reach = min(depth, 1.0) / 2.0
        centre = min(max(pushed, reach), 1.0 - reach)
        return centre + reach * self._wave(self._lfo.phase(moment))

    def blend(self, moment: Moment, chosen: Weights) -> Blend:
        """The blend of what the knobs chose, the round trip's share, the focus and the moves."""
        share = nearest(self._amount.at(moment.seconds), self._steps)
        turn = round(self._orbit.phase(moment) * self._places) / self._places
        weights = mixed(chosen, tour_weights(self._tour, turn), share)
        return Blend.of(weights, self._focus.at(moment.seconds), self._amounts(moment.seconds))

    def unmixed(self, moment: Moment, name: str) -> Blend:
        """One instrument without the round trip, in the focus and moves of a moment."""
        chosen = [(name, 1.0)]
        return Blend.of(chosen, self._focus.at(moment.seconds), self._amounts(moment.seconds))

    def _amounts(self, seconds: float) -> Iterator[tuple[str, float]]:
        return ((name, glide.at(seconds)) for name, glide in self._moves.items())

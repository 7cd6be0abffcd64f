"""What moves the blend beside the knobs that choose it: LFO, round trip, pressure, directions."""

from collections.abc import Iterator, Sequence

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.clock import Moment
from gansynth_live.latent.cycle import WAVES, Cycle
from gansynth_live.latent.glide import Glide
from gansynth_live.latent.path import Weights, mixed, tour_weights
from gansynth_live.latent.scale import nearest
from gansynth_live.parameters.sound import Morph, Motion

# Beside what can glide.
MOVABLE = (
    "motion.lfo_rate",
    "motion.lfo_beats",
    "motion.orbit_seconds",
    "motion.orbit_beats",
    "motion.pressure_position",
    "motion.pressure_depth",
)


class Modulation:
    """Turns a place into the place where the LFO and the fingers move it, weights into a blend.

    Args:
        morph: focus, amounts of directions, places that are told apart.
        motion: rates, depths and shapes.
        tour: instruments of the round trip.
        directions: those that may be moved; at first as far as `morph` says.
    """

    def __init__(
        self, morph: Morph, motion: Motion, tour: Sequence[str], directions: Sequence[str]
    ) -> None:
        self._tour = tour
        self._steps = morph.steps
        # As many places as there are steps, the pure instruments among them.
        self._places = len(tour) * max(morph.steps // len(tour), 1)
        self._cycles = {
            "lfo": Cycle(motion.lfo_rate, motion.lfo_beats),
            "orbit": Cycle(1.0 / motion.orbit_seconds, motion.orbit_beats),
        }
        self._wave = WAVES[motion.lfo_shape]
        self._push = motion.pressure_position
        self._deepening = motion.pressure_depth
        self._touch = Glide(0.0)
        self._moves = {name: Glide(morph.directions.get(name, 0.0)) for name in directions}
        self._glides = {
            "motion.lfo_depth": Glide(motion.lfo_depth),
            "motion.orbit_amount": Glide(motion.orbit_amount),
            "morph.focus": Glide(morph.focus),
            **{f"morph.directions.{name}": glide for name, glide in self._moves.items()},
        }

    def move(self, seconds: float, parameter: str, value: float, glide: float) -> None:
        """A parameter moves; those that can arrive after `glide` seconds."""
        if parameter in self._glides:
            self._glides[parameter].aim(seconds, value, glide)
        elif parameter == "motion.lfo_rate":
            self._cycles["lfo"].go_by_seconds(seconds, value)
        elif parameter == "motion.orbit_seconds":
            self._cycles["orbit"].go_by_seconds(seconds, 1.0 / value)
        elif parameter == "motion.lfo_beats":
            self._cycles["lfo"].go_by_beats(value)
        elif parameter == "motion.orbit_beats":
            self._cycles["orbit"].go_by_beats(value)
        elif parameter == "motion.pressure_position":
            self._push = value
        elif parameter == "motion.pressure_depth":
            self._deepening = value

    def can_move(self, parameter: str) -> bool:
        """Whether `move` does anything for a parameter."""
        return parameter in MOVABLE or parameter in self._glides

    def touch(self, seconds: float, pressure: float, glide: float) -> None:
        """The keys are pressed as hard as 0..1."""
        self._touch.aim(seconds, pressure, glide)

    def goes_by_beats(self, parameter: str) -> bool:
        """Whether the LFO or the round trip, whose length `parameter` is, follows the beats."""
        return self._cycles[parameter.removeprefix("motion.").removesuffix("_beats")].is_locked

    def rests_at(self, seconds: float) -> bool:
        """Whether nothing of this moves on its own from a moment on."""
        depth, amount = self._glides["motion.lfo_depth"], self._glides["motion.orbit_amount"]
        if amount.goal or depth.goal + self._deepening * self._touch.goal:
            return False  # the round trip or the LFO is heard
        return all(glide.rests_at(seconds) for glide in (self._touch, *self._glides.values()))

    def moved(self, moment: Moment, position: float) -> float:
        """Where a position 0..1 really is. The swing leans inwards at the ends and stays whole."""
        touch = self._touch.at(moment.seconds)
        pushed = min(max(position + self._push * touch, 0.0), 1.0)
        depth = self._glides["motion.lfo_depth"].at(moment.seconds) + self._deepening * touch
        reach = min(depth, 1.0) / 2.0
        centre = min(max(pushed, reach), 1.0 - reach)
        return centre + reach * self._wave(self._cycles["lfo"].phase(moment))

    def blend(self, moment: Moment, chosen: Weights) -> Blend:
        """The blend of what the knobs chose, the round trip's share, the focus and the moves."""
        share = nearest(self._glides["motion.orbit_amount"].at(moment.seconds), self._steps)
        turn = round(self._cycles["orbit"].phase(moment) * self._places) / self._places
        return self._in_focus(moment, mixed(chosen, tour_weights(self._tour, turn), share))

    def unmixed(self, moment: Moment, name: str) -> Blend:
        """One instrument without the round trip, in the focus and moves of a moment."""
        return self._in_focus(moment, [(name, 1.0)])

    def _in_focus(self, moment: Moment, weights: Weights) -> Blend:
        focus = self._glides["morph.focus"].at(moment.seconds)
        return Blend.of(weights, focus, self._amounts(moment.seconds))

    def _amounts(self, seconds: float) -> Iterator[tuple[str, float]]:
        return ((name, glide.at(seconds)) for name, glide in self._moves.items())

"""What the player chose: a place on the path or the pad, weights of slots, or a program."""

from enum import Enum

from gansynth_live.latent.clock import Moment
from gansynth_live.latent.glide import Glide
from gansynth_live.latent.modulation import Modulation
from gansynth_live.latent.pad import Pad, Place, on_grid
from gansynth_live.latent.path import MorphPath, Weights, mixed
from gansynth_live.latent.scale import nearest
from gansynth_live.parameters.sound import Morph

# What together says which control was moved last, and where it is.
CHOICE = ("morph.position", "morph.weights", "morph.program", "morph.pad")


def makes_a_choice(parameter: str) -> bool:
    """Whether to move a parameter, by its id, lets its control lead."""
    return parameter.startswith(("morph.pad", "morph.weights.")) or parameter in CHOICE


class Choice(Enum):
    """Which control was moved last."""

    PATH, SLOTS, PROGRAM, PAD = range(4)


class Knobs:
    """The choice of the control that was moved last; from one choice to another it fades.

    Args:
        path: what the position travels, 0..1 for its whole length; the slots are its instruments.
        morph: what is chosen at first, and how many places are told apart.
    """

    def __init__(self, path: MorphPath, morph: Morph, modulation: Modulation) -> None:
        self._path = path
        self._steps = morph.steps
        # No more than the steps, so that a controller reaches each; pure instruments among them.
        legs = max(len(path.instruments) - 1, 1)
        self._places = legs * max((morph.steps - 1) // legs, 1) + 1
        self._modulation = modulation
        self._position = Glide(morph.position)
        given = (*morph.weights, *(0.0 for _ in path.instruments))
        self._slots = [Glide(weight) for _, weight in zip(path.instruments, given, strict=False)]
        self._pad = Pad(morph.points, len(path.instruments))
        self._puck = (Glide(morph.pad_x), Glide(morph.pad_y))
        self._program = morph.program
        self._choice = Choice.PROGRAM if morph.program else Choice.PATH
        if not morph.program and any(slot.goal for slot in self._slots):
            self._choice = Choice.SLOTS
        if morph.pad and not morph.program:
            self._choice = Choice.PAD
        self._lately: dict[str, None] = {}  # programs, the last one at the end
        self._fade = Glide(1.0)  # from what was chosen before to what is chosen now
        self._before: Weights = []

    def place(self, moment: Moment, position: float, glide: float) -> None:
        """The position control moves; it arrives after `glide` seconds, as all that follows."""
        self._choose(moment, Choice.PATH, glide)
        self._position.aim(moment.seconds, position, glide)

    def select(self, moment: Moment, program: str, glide: float) -> None:
        """An instrument is chosen, alone."""
        self._choose(moment, Choice.PROGRAM, glide, program)
        self._lately.pop(program, None)
        self._lately[program] = None

    def weigh(self, moment: Moment, slot: int, weight: float, glide: float) -> None:
        """The weight of a slot moves, counted from 0; slots without an instrument do nothing."""
        if slot >= len(self._slots):
            return
        amount = nearest(weight, self._steps)
        others = any(other.goal for place, other in enumerate(self._slots) if place != slot)
        # With every weight at zero the path speaks again.
        choice = Choice.SLOTS if amount or others else Choice.PATH
        if choice == self._choice == Choice.SLOTS:
            self._slots[slot].aim(moment.seconds, amount, glide)
            return
        self._choose(moment, choice, glide)
        for other in self._slots:
            other.jump(other.goal)  # the fade alone takes the time
        self._slots[slot].jump(amount)

    def point(self, moment: Moment, axis: int, value: float, glide: float) -> None:
        """The place on the pad moves, across (0) or up (1)."""
        if self._choice == Choice.PAD:
            self._puck[axis].aim(moment.seconds, value, glide)
            return
        self.lead(moment, leads=True, glide=glide)
        self._puck[axis].jump(value)  # the fade alone takes the time

    def lead(self, moment: Moment, *, leads: bool, glide: float) -> None:
        """The pad leads, or it does not and the path does."""
        if leads != (self._choice == Choice.PAD):
            self._choose(moment, Choice.PAD if leads else Choice.PATH, glide)

    @property
    def chosen(self) -> dict[str, object]:
        """The choice as parameters of a patch: what does not count now is at nothing."""
        slots = [slot.goal for slot in self._slots] if self._choice == Choice.SLOTS else []
        return {
            "morph.position": self._position.goal,
            "morph.weights": tuple(slots),
            "morph.program": self._program if self._choice == Choice.PROGRAM else "",
            "morph.pad": self._choice == Choice.PAD,
        }

    @property
    def anchors(self) -> list[str]:
        """Instruments that one move may lead to: programs, the last one first, and the path's."""
        return list(dict.fromkeys((*reversed(self._lately), *self._path.instruments)))

    def weights(self, moment: Moment) -> Weights:
        """What is chosen, on the way from what was chosen before."""
        share = nearest(self._fade.at(moment.seconds), self._steps)
        return mixed(self._before, self._chosen(moment), share)

    def rests_at(self, seconds: float) -> bool:
        """Whether all has arrived where it was turned to."""
        glides = (self._position, self._fade, *self._slots, *self._puck)
        return all(glide.rests_at(seconds) for glide in glides)

    def position(self, moment: Moment) -> float:
        """The place on the path, modulated, 0..1."""
        knob = self._position.at(moment.seconds)
        return nearest(self._modulation.moved(moment, knob), self._places)

    def pad_at(self, moment: Moment) -> Place | None:
        """The place on the pad while that leads."""
        if self._choice != Choice.PAD:
            return None
        across, up = (axis.at(moment.seconds) for axis in self._puck)
        return on_grid((across, up))

    def _chosen(self, moment: Moment) -> Weights:
        if (place := self.pad_at(moment)) is not None:
            return list(zip(self._path.instruments, self._pad.weights(place), strict=True))
        if self._choice == Choice.PROGRAM:
            return [(self._program, 1.0)]
        if self._choice == Choice.SLOTS:
            slots = list(zip(self._path.instruments, self._slots, strict=True))
            weights = [(name, slot.at(moment.seconds)) for name, slot in slots]
            if any(weight for _, weight in weights):
                return weights
            # All others have gone and the first one is about to come: it is alone from here on.
            return [(name, slot.goal) for name, slot in slots]
        return self._path.weights(self.position(moment))

    def _choose(self, moment: Moment, choice: Choice, glide: float, program: str = "") -> None:
        """Fade to another choice."""
        if (choice, program) == (self._choice, self._program):
            return
        self._before = self.weights(moment)
        self._choice, self._program = choice, program
        self._fade.jump(0.0)
        self._fade.aim(moment.seconds, 1.0, glide)

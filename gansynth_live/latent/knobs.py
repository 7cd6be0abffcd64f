"""What the player chose: a place on the path, weights of slots, or a program."""

from collections.abc import Sequence
from enum import Enum

from gansynth_live.config import Morph
from gansynth_live.latent.clock import Moment
from gansynth_live.latent.glide import Glide
from gansynth_live.latent.modulation import Modulation
from gansynth_live.latent.path import MorphPath, Weights, mixed
from gansynth_live.latent.scale import nearest, unipolar
from gansynth_live.midi.messages import CONTROL_CHANGE, PROGRAM_CHANGE


class Choice(Enum):
    """Which control was moved last."""

    PATH, SLOTS, PROGRAM = range(3)


class Knobs:
    """The choice of the control that was moved last; from one choice to another it fades.

    Args:
        path: what the position control travels, 0..127 for its whole length.
        programs: the instruments that program changes select, in order.
        morph: the controllers; the first weight is that of the path's first instrument.
    """

    def __init__(
        self, path: MorphPath, programs: Sequence[str], morph: Morph, modulation: Modulation
    ) -> None:
        self._path = path
        self._programs = programs
        self._position_cc = morph.position_cc
        self._steps = morph.steps
        # No more than the steps, so that a controller reaches each; pure instruments among them.
        legs = max(len(path.instruments) - 1, 1)
        self._places = legs * max((morph.steps - 1) // legs, 1) + 1
        self._modulation = modulation
        self._position = Glide(0.0)
        self._wired = list(zip(morph.weight_ccs, path.instruments, strict=False))
        self._slots = {cc: Glide(0.0) for cc, _ in self._wired}
        self._choice = Choice.PATH
        self._program = ""
        self._lately: dict[str, None] = {}  # programs, the last one at the end
        self._fade = Glide(1.0)  # from what was chosen before to what is chosen now
        self._before: Weights = []

    def hear(self, moment: Moment, status: int, data1: int, data2: int, glide: float) -> None:
        """Take a message in; what it moves arrives after `glide` seconds."""
        kind = status & 0xF0
        if kind == PROGRAM_CHANGE and data1 < len(self._programs):
            program = self._programs[data1]
            self._choose(moment, Choice.PROGRAM, glide, program)
            self._lately.pop(program, None)
            self._lately[program] = None
        elif kind == CONTROL_CHANGE and data1 == self._position_cc:
            self._choose(moment, Choice.PATH, glide)
            self._position.aim(moment.seconds, unipolar(data2), glide)
        elif kind == CONTROL_CHANGE and data1 in self._slots:
            self._weigh(moment, data1, nearest(unipolar(data2), self._steps), glide)

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
        glides = (self._position, self._fade, *self._slots.values())
        return all(glide.rests_at(seconds) for glide in glides)

    def position(self, moment: Moment) -> float:
        """The place on the path, modulated, 0..1."""
        knob = self._position.at(moment.seconds)
        return nearest(self._modulation.moved(moment, knob), self._places)

    def _chosen(self, moment: Moment) -> Weights:
        if self._choice == Choice.PROGRAM:
            return [(self._program, 1.0)]
        if self._choice == Choice.SLOTS:
            weights = [(name, self._slots[cc].at(moment.seconds)) for cc, name in self._wired]
            if any(weight for _, weight in weights):
                return weights
            # All others have gone and the first one is about to come: it is alone from here on.
            return [(name, self._slots[cc].goal) for cc, name in self._wired]
        return self._path.weights(self.position(moment))

    def _weigh(self, moment: Moment, number: int, amount: float, glide: float) -> None:
        others = any(slot.goal for cc, slot in self._slots.items() if cc != number)
        # With every weight at zero the path speaks again.
        choice = Choice.SLOTS if amount or others else Choice.PATH
        if choice == self._choice == Choice.SLOTS:
            self._slots[number].aim(moment.seconds, amount, glide)
            return
        self._choose(moment, choice, glide)
        for slot in self._slots.values():
            slot.jump(slot.goal)  # the fade alone takes the time
        self._slots[number].jump(amount)

    def _choose(self, moment: Moment, choice: Choice, glide: float, program: str = "") -> None:
        """Fade to another choice."""
        if (choice, program) == (self._choice, self._program):
            return
        self._before = self.weights(moment)
        self._choice, self._program = choice, program
        self._fade.jump(0.0)
        self._fade.aim(moment.seconds, 1.0, glide)

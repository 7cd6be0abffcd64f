"""The player's morph controls: what they have been turned to, and which blend that means."""

from collections.abc import Sequence

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.path import MorphPath, slots_blend

HIGHEST = 127


class MorphControls:
    """Blend by the control that was moved last: path position, slot weights or program.

    Args:
        path: what the position control travels, 0..127 for its whole length.
        programs: the instruments that program changes select, in order.
        position_cc: number of the position controller.
        weight_ccs: numbers of the weight controllers; the first weighs the path's first instrument.
        focus: length of every latent relative to the sphere's.
        steps: places of a control that are told apart.
    """

    def __init__(
        self,
        path: MorphPath,
        programs: Sequence[str] = (),
        *,
        position_cc: int = 1,
        weight_ccs: Sequence[int] = (),
        focus: float = 1.0,
        steps: int = 64,
    ) -> None:
        self._path = path
        self._programs = programs
        self._position_cc = position_cc
        self._slots = list(zip(weight_ccs, path.instruments, strict=False))
        self._weights = dict.fromkeys((cc for cc, _ in self._slots), 0.0)
        self._focus = focus
        self._steps = steps
        self.position = 0.0
        self.blend = path.blend(0.0, focus)

    def control(self, number: int, value: int) -> Blend:
        """A control change with value 0..127; others than the morph controls change nothing."""
        if number == self._position_cc:
            self.position = self._place(value)
            self.blend = self._path.blend(self.position, self._focus)
        elif number in self._weights:
            self._weights[number] = self._place(value)
            instruments = [name for _, name in self._slots]
            weights = [self._weights[cc] for cc, _ in self._slots]
            # With every weight at zero the path speaks again.
            self.blend = slots_blend(instruments, weights, self._focus) or self._path.blend(
                self.position, self._focus
            )
        return self.blend

    def program(self, number: int) -> Blend:
        """A program change: that instrument alone; a number beyond the last changes nothing."""
        if number < len(self._programs):
            self.blend = Blend.only(self._programs[number], self._focus)
        return self.blend

    def _place(self, value: int) -> float:
        """The nearest of `steps` even places in 0..1, both ends among them."""
        last = max(self._steps - 1, 1)
        return round(value / HIGHEST * last) / last

"""The path travelled evenly by the time of the piece, where its file turns no knob."""

from typing import ClassVar

from gansynth_live.latent.clock import Moment
from gansynth_live.latent.modulation import Modulation
from gansynth_live.latent.path import MorphPath, Weights
from gansynth_live.latent.scale import nearest


class Journey:
    """In place of `Knobs`: the path evenly from its start to its end, whatever is turned.

    Args:
        lasts: seconds from start to end.
        steps: places from one instrument to the next that are told apart.
    """

    def __init__(self, path: MorphPath, lasts: float, steps: int, modulation: Modulation) -> None:
        self._path = path
        self._lasts = lasts
        self._places = steps * max(len(path.instruments) - 1, 1) + 1
        self._modulation = modulation

    def place(self, *_: object, **__: object) -> None:
        """Knobs do not count."""

    weigh = select = point = lead = pad_at = place
    chosen: ClassVar[dict[str, object]] = {}

    @property
    def anchors(self) -> list[str]:
        """Instruments on the way."""
        return list(self._path.instruments)

    def weights(self, moment: Moment) -> Weights:
        """What sounds at a time."""
        return self._path.weights(self.position(moment))

    def rests_at(self, seconds: float) -> bool:
        """Whether the end of the path is reached."""
        return seconds >= self._lasts

    def position(self, moment: Moment) -> float:
        """The place on the path, modulated, 0..1."""
        place = min(moment.seconds / self._lasts, 1.0) if self._lasts else 0.0
        return nearest(self._modulation.moved(moment, place), self._places)

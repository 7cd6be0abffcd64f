"""Where the blend will be in a moment, if the knobs go on as they move now."""

from collections import deque

from gansynth_live.latent.blend import Blend
from gansynth_live.latent.controls import MorphControls
from gansynth_live.midi.messages import CONTROL_CHANGE
from gansynth_live.parameters.controllers import HIGHEST
from gansynth_live.parameters.parameter import Value

AHEAD = 0.05  # seconds: what two renders take
MOVES = 4  # of a knob that its speed is taken from
FARTHEST = 2  # values from where it is: a faster knob may be anywhere
PAUSE = 2.0  # times as long as between the last moves, without another: the knob rests


class Foresight:
    """Morph controls that are told of each moving knob where it will be in `AHEAD` seconds.

    Glides, LFO and round trip are known ahead as they are. For one thread.

    Args:
        controls: of the same settings as those that it looks ahead of, and fed by it alone.
    """

    def __init__(self, controls: MorphControls) -> None:
        self._controls = controls
        self._moving: dict[tuple[int, int], deque[tuple[float, int]]] = {}

    def feed(self, seconds: float, status: int, data1: int = 0, data2: int = 0) -> None:
        """A MIDI message, as `MorphControls.feed` takes it."""
        if status & 0xF0 == CONTROL_CHANGE:
            moves = self._moving.setdefault((status, data1), deque(maxlen=MOVES))
            moves.append((seconds, data2))
            data2 = _foreseen(moves)
        self._controls.feed(seconds, status, data1, data2)

    def go_on_from(self, before: "Foresight") -> None:
        """Take over what is played, as `MorphControls.go_on_from` does."""
        self._controls.go_on_from(before._controls)
        self._moving = before._moving

    def set(self, seconds: float, parameter: str, value: Value) -> None:
        """Move a parameter, as `MorphControls.set` does; that tells of no further move."""
        self._controls.set(seconds, parameter, value)

    def rests_at(self, seconds: float) -> bool:
        """Whether `blend_at` stays as it is from a moment on until the next message."""
        runs = any(_foreseen(moves) != moves[-1][1] for moves in self._moving.values())
        return not runs and self._controls.rests_at(seconds)

    def blend_at(self, seconds: float) -> Blend:
        """The blend to expect `AHEAD` after a moment that does not decrease."""
        for (status, number), moves in list(self._moving.items()):
            (first, _), (last, value) = moves[0], moves[-1]
            if (seconds - last) * (len(moves) - 1) > PAUSE * (last - first):
                self._controls.feed(seconds, status, number, value)
                del self._moving[status, number]
        return self._controls.blend_at(seconds + AHEAD)


def _foreseen(moves: deque[tuple[float, int]]) -> int:
    """Value 0..127 of a knob in `AHEAD` seconds, by its last moves (seconds, value)."""
    (first, origin), (last, value) = moves[0], moves[-1]
    move, seconds = (value - origin) * AHEAD, last - first
    if seconds <= 0.0 or abs(move) > FARTHEST * seconds:
        return value
    return min(max(value + round(move / seconds), 0), HIGHEST)

"""Which render each key starts from."""

from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.render.pool import Render

LAST_KEY = 127


class Listing:
    """One render for each pitch of the model, shown to the machine. Not locked.

    The lowest pitch also serves all keys below it, the highest all keys above.
    """

    def __init__(self, machine: Machine, low: int, high: int) -> None:
        self._machine = machine
        self._low = low
        self._high = high
        self._shown: dict[int, Render] = {}
        self._refused: set[int] = set()  # pitches whose change the machine had no room for

    def __len__(self) -> int:
        return len(self._shown)

    def of(self, pitch: int) -> Render | None:
        """The render that notes of this pitch start from."""
        return self._shown.get(pitch)

    def show(self, render: Render, now: float, frame: int = NOW) -> None:
        """Let notes of the render's pitch start from it, from `frame` on; `now` in seconds."""
        before = self._shown.get(render.pitch)
        if before is not render:
            render.listed_at = now
            if before is not None:
                before.listed_at = None
        self._shown[render.pitch] = render
        self._tell(render.pitch, frame)

    def hide(self, render: Render) -> None:
        """Let no more notes start from a render."""
        if self._shown.get(render.pitch) is render:
            del self._shown[render.pitch]
            render.listed_at = None
            self._tell(render.pitch, NOW)

    def tell_refused(self) -> bool:
        """Offer the machine again what it had no room for; True when nothing is left over."""
        for pitch in sorted(self._refused):
            self._tell(pitch, NOW)
        return not self._refused

    def _tell(self, pitch: int, frame: int) -> None:
        low = 0 if pitch == self._low else pitch
        high = LAST_KEY if pitch == self._high else pitch
        render = self._shown.get(pitch)
        if render is None:
            taken = self._machine.withdraw(low, high, frame)
        else:
            taken = self._machine.publish(render.slot, pitch, low, high, render.gain, frame)
        (self._refused.discard if taken else self._refused.add)(pitch)

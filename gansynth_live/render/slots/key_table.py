"""Which render each key of a part starts from."""

from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.render.slots.pool import Pool
from gansynth_live.render.slots.render import Render

LAST_KEY = 127


class KeyTable:
    """A part's renders, one for each pitch of the model, published to the machine. Not locked.

    The lowest pitch also serves all keys below it, the highest all keys above.
    """

    def __init__(self, machine: Machine, pool: Pool, low: int, high: int, part: int = 0) -> None:
        self._machine = machine
        self._pool = pool
        self._part = part
        self.low = low
        self.high = high
        self._listed: dict[int, Render] = {}
        self._refused: set[int] = set()  # pitches whose change the machine had no room for

    def __len__(self) -> int:
        return len(self._listed)

    def pitch_of(self, key: int) -> int:
        """The pitch whose render a key starts from: itself, or the model's nearest."""
        return min(max(key, self.low), self.high)

    def of(self, pitch: int) -> Render | None:
        """The render that notes of this pitch start from."""
        return self._listed.get(pitch)

    def publish(self, render: Render, now: float, frame: int = NOW) -> None:
        """Let notes of the render's pitch start from it, from `frame` on; `now` in seconds."""
        before = self._listed.get(render.pitch)
        if before is not render:
            if not render.listings:
                render.needed_at = now
            self._listed[render.pitch] = render
            self._list(render, 1)
            if before is not None:
                self._list(before, -1)
        self._tell(render.pitch, frame)

    def withdraw(self, render: Render) -> None:
        """Let no more notes start from a render."""
        if self._listed.get(render.pitch) is render:
            del self._listed[render.pitch]
            self._list(render, -1)
            self._tell(render.pitch, NOW)

    def retry_refused(self) -> bool:
        """Offer the machine again what it had no room for; True when nothing is left over."""
        for pitch in sorted(self._refused):
            self._tell(pitch, NOW)
        return not self._refused

    def _list(self, render: Render, more: int) -> None:
        render.listings += more
        self._pool.update(render)

    def _tell(self, pitch: int, frame: int) -> None:
        low = 0 if pitch == self.low else pitch
        high = LAST_KEY if pitch == self.high else pitch
        render = self._listed.get(pitch)
        if render is None:
            taken = self._machine.withdraw(low, high, frame, self._part)
        else:
            slot, gain = render.slot, render.gain
            taken = self._machine.publish(slot, pitch, low, high, gain, frame, self._part)
        (self._refused.discard if taken else self._refused.add)(pitch)

"""What waits to be sent to a page. Nothing queues: a page that is slow gets what is newest."""

from asyncio import Event
from collections import deque
from collections.abc import Mapping

from gansynth_live.panel import wire
from gansynth_live.parameters.parameter import Value

MOST_LINES = 60  # of what is said; older ones are forgotten


class Outbox:
    """For the panel's thread alone.

    Attributes:
        filled: set while something waits.
    """

    def __init__(self) -> None:
        self.filled = Event()
        self._values: dict[tuple[int, int], dict[str, Value]] = {}  # by part and who set them
        self._newest: dict[str, str] = {}  # messages of which only the last counts
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._frames: dict[int, bytes] = {}  # by their first byte
        self._revision = 0

    def change(self, part: int, setter: int, values: Mapping[str, Value]) -> None:
        """Parameters of a part have changed; a page has set them, or nobody's (0)."""
        for (of, _), waiting in self._values.items():
            if of == part:
                for name in values:
                    waiting.pop(name, None)
        self._values.setdefault((part, setter), {}).update(values)
        self.filled.set()

    def post(self, kind: str, **fields: object) -> None:
        """A message that replaces an earlier one of its kind."""
        self._newest[kind] = wire.text(kind, **fields)
        self.filled.set()

    def say(self, kind: str, **fields: object) -> None:
        """A message that stands for itself."""
        self._lines.append(wire.text(kind, **fields))
        self.filled.set()

    def show(self, frame: bytes) -> None:
        """Meters or a spectrum; what waits of both is one message."""
        self._frames[frame[0]] = frame
        self.filled.set()

    def take(self) -> list[str | bytes]:
        """All that waits, in the order in which it is to be sent."""
        self.filled.clear()
        changes = [
            self._delta(part, setter, values)
            for (part, setter), values in self._values.items()
            if values
        ]
        taken: list[str | bytes] = [
            *self._newest.values(),
            *changes,
            *self._lines,
        ]
        if self._frames:
            taken.append(b"".join(self._frames.values()))
        for waiting in (self._values, self._newest, self._lines, self._frames):
            waiting.clear()
        return taken

    def _delta(self, part: int, setter: int, values: Mapping[str, Value]) -> str:
        self._revision += 1
        return wire.text("delta", rev=self._revision, part=part, v=values, **{"from": setter})

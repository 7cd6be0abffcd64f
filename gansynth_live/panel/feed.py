"""What other threads have to tell: kept until the panel's thread fetches it, and never much."""

from collections import deque
from collections.abc import Mapping
from threading import Lock

from gansynth_live.parameters.parameter import Value

MOST_LINES = 60


class Feed:
    """Changes of parameters, and lines, since the last look. For any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._changes: dict[tuple[int, str], Value] = {}
        self._lines: dict[str, deque[str]] = {}

    def change(self, part: int, parameter: str, value: Value) -> None:
        """A parameter has changed."""
        with self._lock:
            self._changes[part, parameter] = value

    def say(self, kind: str, line: str) -> None:
        """A line of some kind: of the log, of what was performed."""
        with self._lock:
            self._lines.setdefault(kind, deque(maxlen=MOST_LINES)).append(line)

    def take(self) -> tuple[Mapping[tuple[int, str], Value], Mapping[str, list[str]]]:
        """The changes by part and parameter, and the lines by kind."""
        with self._lock:
            changes, self._changes = self._changes, {}
            lines, self._lines = self._lines, {}
        return changes, {kind: list(each) for kind, each in lines.items()}

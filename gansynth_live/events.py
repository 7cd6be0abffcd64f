"""The stream of events: every message that was performed, told once to everyone who listens."""

from collections.abc import Callable
from typing import TypeAlias

from gansynth_live.faults import Faults
from gansynth_live.kernel.events import Performed
from gansynth_live.kernel.machine import Machine

Hear: TypeAlias = Callable[[Performed], None]


class EventStream:
    """Hands on what the callback performed, in order. For one thread.

    Args:
        faults: a subscriber that fails takes no other one and no other message with it.
    """

    def __init__(self, machine: Machine, faults: Faults) -> None:
        self._machine = machine
        self._faults = faults
        self._subscribers: list[Hear] = []

    def subscribe(self, hear: Hear) -> None:
        """Let `hear` be told every message from now on, after those who came before it."""
        self._subscribers.append(hear)

    def fetch(self) -> None:
        """Tell what was performed since the last time."""
        for event in self._machine.performed():
            for hear in self._subscribers:
                with self._faults:
                    hear(event)

"""Which controller was moved: the one that went farthest, since a pad sends several at once."""

from dataclasses import dataclass, field
from typing import NamedTuple

from gansynth_live.parameters.controllers import COARSE, PEDALS, controller_of, is_free

CONTROL_CHANGE = 0xB0  # status of one on the first channel
COLLECT_SECONDS = 0.3
LEAST_TRAVEL, LEAST_VALUES = 8, 3  # of 127 steps, so that a tap on a pedal or a trembling is none
PAUSE_SECONDS = 2.0  # after which what was heard before does not count
PAIRS, PAIR_SECONDS = 6, 0.005  # of both halves of a 14-bit controller, as it sends them
STEPS_ONLY = (96, 97)  # data increment and decrement
NOT_LEARNABLE = (*STEPS_ONLY, *map(controller_of, PEDALS))


class Moved(NamedTuple):
    """A controller that was moved.

    Attributes:
        channel: 1..16; 0: any.
        cc: its number.
        travel: how far, of 127.
        fine: whether the controller 32 above it is its fine half.
    """

    channel: int
    cc: int
    travel: int
    fine: bool

    def __str__(self) -> str:
        where = f" on channel {self.channel}" if self.channel else ""
        return f"CC {self.cc}{' in 14 bits' if self.fine else ''}{where}"


@dataclass
class Way:
    """What one controller did."""

    values: list[int] = field(default_factory=list)
    pairs: int = 0  # how often its fine half came right after it

    @property
    def travel(self) -> int:
        """From its lowest to its highest place."""
        return max(self.values) - min(self.values)


class MovedControllers:
    """Hears messages until it is clear which controller was moved. For one thread."""

    def __init__(self) -> None:
        self._ways: dict[tuple[int, int], Way] = {}
        self._began = self._latest = 0.0
        self._before: tuple[int, int] | None = None

    def hear(self, seconds: float, status: int, data1: int = 0, data2: int = 0) -> None:
        """Take in a message at a time that does not decrease; most mean nothing here."""
        if status & 0xF0 != CONTROL_CHANGE or not is_learnable(data1):
            return
        if not self._ways or seconds > self._latest + PAUSE_SECONDS:
            self._ways.clear()
            self._began = seconds
        place = (status & 0x0F) + 1, data1
        coarse = place[0], data1 - COARSE
        if self._before == coarse and seconds <= self._latest + PAIR_SECONDS:
            self._ways[coarse].pairs += 1
        self._before, self._latest = place, seconds
        self._ways.setdefault(place, Way()).values.append(data2)

    def candidates(self) -> list[Moved]:
        """All that were clearly moved, the farthest first."""
        found = [
            Moved(channel, cc, way.travel, way.pairs >= PAIRS)
            for (channel, cc), way in self._ways.items()
            if way.travel >= LEAST_TRAVEL and len(way.values) >= LEAST_VALUES
        ]
        halves = {(each.channel, each.cc + COARSE) for each in found if each.fine}
        whole = [each for each in found if (each.channel, each.cc) not in halves]
        return sorted(whole, key=lambda each: -each.travel)

    def are_clear(self, seconds: float) -> bool:
        """Whether there are candidates, and others had the time to show themselves."""
        return seconds >= self._began + COLLECT_SECONDS and bool(self.candidates())


def is_learnable(number: int) -> bool:
    """Whether a controller may be learnt: not if MIDI, or every player, gives it a meaning."""
    return is_free(number) and number not in NOT_LEARNABLE

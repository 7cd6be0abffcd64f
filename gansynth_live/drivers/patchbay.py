"""What our JACK ports are connected to: told, remembered, and connected again after a loss.

JACK tells a client of each change of the graph; compiled code only counts them, and what they were
is found out here, by a thread that has time.
"""

from collections.abc import Callable, Sequence

from gansynth_live.drivers.jack import MIDI_PORT, Connection, JackOutput
from gansynth_live.drivers.midi_api import is_wanted
from gansynth_live.drivers.release import release
from gansynth_live.errors import printable
from gansynth_live.kernel.machine import Machine

SCAN_SECONDS = 1.0
# A change is seen in full, and what a source played last has arrived, some blocks later.
SETTLING_SECONDS = 0.02
SETTLING_BLOCKS = 2
# A server that ends in order takes the connections apart before it says goodbye.
FAREWELL_SECONDS = 1.0

Say = Callable[[str], None]


class Patchbay:
    """The connections of the JACK outputs that play `machine`, one after the other.

    All sources of MIDI share one port, which does not say who plays what: when one of them goes,
    all that came through the port is released.

    Args:
        wanted: parts of the names of MIDI sources to connect; empty: all hardware.
        say: is told in one line what came and what went.

    Attributes:
        takes_keyboards: whether sources that are wanted are connected when they come.
        remembers: whether it knows how an output was connected.
    """

    def __init__(self, machine: Machine, wanted: Sequence[str], say: Say) -> None:
        self._machine = machine
        self._wanted = tuple(wanted)
        self._say = say
        self._connections: set[Connection] = set()
        self._parted: dict[Connection, float] = {}
        self._awaited: set[Connection] = set()
        self._taken: set[str] = set()
        self._changes = -1
        self._next_look = 0.0
        self._release_due: float | None = None
        self.takes_keyboards = True
        self.remembers = False

    def tend(self, output: JackOutput, now: float) -> None:
        """Notice what changed and connect what has come. Call it often; `now` in seconds."""
        if self._release_due is not None and now >= self._release_due:
            self._release(output)
        changes = output.changes()
        if changes == self._changes and now < self._next_look:
            return
        settled = now + max(SETTLING_SECONDS, SETTLING_BLOCKS * output.block / output.sample_rate)
        self._next_look = now + SCAN_SECONDS if changes == self._changes else settled
        self._changes = changes
        self._awaited = {pair for pair in self._awaited if not output.connect(*pair)}
        if self.takes_keyboards:
            self._connect_keyboards(output)
        if self._note(output.connections(), now):
            self._release_due = settled
        self.remembers = True

    def lose(self, now: float) -> None:
        """The output is lost: the next one will be connected as it was until now."""
        self._awaited |= self._connections | {
            pair for pair, parted in self._parted.items() if now - parted < FAREWELL_SECONDS
        }
        self._connections, self._parted = set(), {}
        self._changes = -1
        self._release_due = None

    def sources(self) -> list[str]:
        """Names of the MIDI sources that are connected. Thread: any."""
        return sorted(map(printable, _sources(self._connections)))

    def has_keyboards(self) -> bool:
        """Whether a wanted source is connected."""
        return bool(self._taken)

    def say_missing(self, output: JackOutput) -> None:
        """Tell which of the wanted names no source has."""
        here = ", ".join(map(printable, output.midi_sources(("",)))) or "none"
        for name in self._wanted:
            if not any(is_wanted(source, (name,)) for source in self._taken):
                self._say(f"MIDI input {name!r} is not here yet (inputs: {here}); waiting for it")

    def _connect_keyboards(self, output: JackOutput) -> None:
        """Connect wanted sources that have come. One that was taken off by hand is left alone."""
        offered = output.midi_sources(self._wanted)
        self._taken &= set(offered)
        self._taken |= {
            name for name in offered if name not in self._taken and output.connect(MIDI_PORT, name)
        }

    def _note(self, connections: set[Connection], now: float) -> bool:
        """Remember and tell how things stand now; True if a source of MIDI has gone."""
        before, self._connections = self._connections, connections
        self._parted |= dict.fromkeys(before - connections, now)
        came, went = _sources(connections) - _sources(before), _sources(before - connections)
        for name in sorted(came):
            self._say(f"MIDI input: {printable(name)}")
        for name in sorted(went):
            self._say(f"MIDI input gone: {printable(name)}")
        return bool(went)

    def _release(self, output: JackOutput) -> None:
        if release(self._machine, output.channels()):
            self._release_due = None


def _sources(connections: set[Connection]) -> set[str]:
    return {peer for port, peer in connections if port == MIDI_PORT}

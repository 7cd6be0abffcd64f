"""MIDI inputs: a virtual port and any number of keyboards, which may come and go.

Two threads: one looks every second for keyboards that come and go, one fetches what they play.
What fails in one of their steps is told and counted, and the next step is made.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from gansynth_live.drivers.heartbeat import goodbye
from gansynth_live.drivers.midi_api import MidiSystem, is_wanted, plain_name
from gansynth_live.drivers.release import release
from gansynth_live.errors import DeviceError
from gansynth_live.faults import Faults
from gansynth_live.kernel.layout import FIRST_INPUT
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.midi.tokenizer import Tokenizer

POLL_SECONDS = 0.0005
SCAN_SECONDS = 1.0
# When a busy machine lets messages pile up, those that came apart stay at least this far apart:
# a note whose start and end were fetched together would not sound at all.
APART_SECONDS = 0.005

Say = Callable[[str], None]


@dataclass
class OpenPort:
    """An input that is being listened to.

    Attributes:
        name: of the keyboard; None: the virtual port.
        number: of the input, in what was performed.
        tokenizer: makes sure that what it sends is MIDI.
        channels: those that it has played on since they were last released.
        last_frame: when its last message acts.
    """

    name: str | None
    midi_in: Any
    number: int
    tokenizer: Tokenizer = field(default_factory=Tokenizer)
    channels: set[int] = field(default_factory=set)
    last_frame: int = 0


class MidiPorts:
    """Listens to a virtual port and to keyboards by name, and passes every message on.

    Args:
        api: the back end.
        machine: is sent every message, by one thread.
        virtual: name of the port that other programs see, or None for no such port.
        wanted: parts of keyboards' names, or None for every keyboard.
        say: is told in one line what came, what went and what failed.
    """

    def __init__(
        self,
        api: MidiSystem,
        machine: Machine,
        virtual: str | None,
        wanted: Sequence[str] | None = None,
        say: Say = lambda _line: None,
    ) -> None:
        self._api = api
        self._machine = machine
        self._say = say
        self._wanted = wanted if wanted is None else tuple(wanted)
        self._faults = Faults("the MIDI inputs", say)
        self._numbers = count(FIRST_INPUT)
        self._ports: tuple[OpenPort, ...] = ()  # another tuple whenever one comes or goes
        self._bereft: set[int] = set()  # channels on which something may be held that nobody ends
        self._swap = threading.Lock()
        self._stop = threading.Event()
        self._virtual = virtual
        self._threads = [
            threading.Thread(target=task, name=name, daemon=True)
            for task, name in ((self._listen, "midi-listen"), (self._watch, "midi-watch"))
        ]

    def start(self) -> None:
        """Connect what is there, then listen and watch until `close`."""
        if self._virtual is not None:
            self._open_virtual(self._virtual)
        with self._faults:
            self.rescan()
            self._tell_missing()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop listening. Never hangs, whatever the MIDI system does."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(SCAN_SECONDS)
        ports, self._ports = self._ports, ()
        for port in ports:
            goodbye(port.midi_in.delete)
        goodbye(self._api.close)

    @property
    def faults(self) -> int:
        """Steps that failed so far. Thread: any."""
        return self._faults.count

    def check(self) -> None:
        """Nothing, while somebody listens. Thread: any.

        Raises:
            DeviceError: a thread that listens or watches has ended.
        """
        for thread in self._threads:
            if not thread.is_alive() and not self._stop.is_set():
                raise DeviceError(f"MIDI is no longer heard ({thread.name} ended); start again")

    def connected(self) -> list[str]:
        """Names of the keyboards that are being listened to. Thread: any."""
        return [plain_name(name) for name in self._keyboards()]

    def missing(self) -> list[str]:
        """Wanted names that no connected keyboard has. Thread: any."""
        return [
            name
            for name in self._wanted or ()
            if not any(is_wanted(port, (name,)) for port in self._keyboards())
        ]

    def rescan(self) -> None:
        """Connect keyboards that have come and let go of those that have gone."""
        here = self._api.inputs()
        for port in self._ports:
            if port.name is not None and port.name not in here:
                self._let_go(port, port.name)
        for name in here:
            if name not in self._keyboards() and is_wanted(name, self._wanted):
                with self._faults:
                    self._connect(name)

    def _keyboards(self) -> list[str]:
        return [port.name for port in self._ports if port.name is not None]

    def _tell_missing(self) -> None:
        here = ", ".join(map(plain_name, self._api.inputs())) or "none"
        for name in self.missing():
            self._say(f"MIDI input {name!r} is not here yet (inputs: {here}); waiting for it")

    def _open_virtual(self, name: str) -> None:
        """Offer a port to other programs; keyboards are heard without one too."""
        try:
            self._ports += (OpenPort(None, self._api.open_virtual(name), next(self._numbers)),)
        except DeviceError as error:
            self._say(str(error))

    def _connect(self, name: str) -> None:
        port = OpenPort(name, self._api.open_input(name), next(self._numbers))
        with self._swap:
            self._ports += (port,)
        self._say(f"MIDI input: {plain_name(name)}")

    def _let_go(self, gone: OpenPort, name: str) -> None:
        """Forget a keyboard; the listening thread then ends the notes that it left behind."""
        with self._swap:
            self._ports = tuple(port for port in self._ports if port is not gone)
            self._bereft |= gone.channels
        goodbye(gone.midi_in.delete)
        self._say(f"MIDI input gone: {plain_name(name)}")

    def _watch(self) -> None:
        while not self._stop.wait(SCAN_SECONDS):
            with self._faults:
                self.rescan()

    def _listen(self) -> None:
        while not self._stop.is_set():
            heard = False
            with self._faults:
                heard = self._hear_all()
            if not heard:
                self._stop.wait(POLL_SECONDS)

    def _hear_all(self) -> bool:
        """Pass on one message of each port, and end what nobody else will; False: no message."""
        with self._swap:
            heard = [self._hear(port) for port in self._ports]
            bereft, self._bereft = self._bereft, set()
        if bereft and not release(self._machine, bereft):
            with self._swap:
                self._bereft |= bereft
        return any(heard)

    def _hear(self, port: OpenPort) -> bool:
        """Pass on one message; False when there was none, or it is lost: perhaps a note-off."""
        heard = None
        with self._faults:
            heard = self._fetch(port)
        if heard is None:
            self._bereft |= port.channels
            port.channels = set()
        return bool(heard)

    def _fetch(self, port: OpenPort) -> bool:
        """Pass on one message; False when there was none."""
        fetched = port.midi_in.get_message()
        if fetched is None:
            return False
        message, since_last = fetched
        for token in port.tokenizer.feed(bytes(message)):
            status, data1, data2 = (*token, 0, 0)[:3]
            if status < 0xF0:
                port.channels.add(status & 0x0F)
            frame = self._frame_for(port, since_last)
            self._machine.send(frame, status, data1, data2, port.number)
        return True

    def _frame_for(self, port: OpenPort, since_last: float) -> int:
        """NOW, unless that is too near to the port's last message, `since_last` seconds before."""
        apart = round(min(since_last, APART_SECONDS) * self._machine.sample_rate)
        now = int(self._machine.memory.status["frame"][0])
        if port.last_frame + apart <= now:
            port.last_frame = now
            return NOW
        port.last_frame += apart
        return port.last_frame

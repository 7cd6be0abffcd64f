"""MIDI inputs: a virtual port and any number of keyboards, which may come and go."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gansynth_live.drivers.heartbeat import goodbye
from gansynth_live.drivers.midi_api import MidiSystem, is_wanted, plain_name
from gansynth_live.drivers.release import release
from gansynth_live.errors import DeviceError
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
        tokenizer: makes sure that what it sends is MIDI.
        channels: those that it has played on.
        last_frame: when its last message acts.
    """

    midi_in: Any
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
        say: is told in one line what came and what went.
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
        self._keyboards: dict[str, OpenPort] = {}
        self._ports: tuple[OpenPort, ...] = ()
        self._departed: list[OpenPort] = []
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
        self.rescan()
        for name in self.missing():
            here = ", ".join(map(plain_name, self._api.inputs())) or "none"
            self._say(f"MIDI input {name!r} is not here yet (inputs: {here}); waiting for it")
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop listening. Never hangs, whatever the MIDI system does."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(SCAN_SECONDS)
        ports, self._ports = self._ports, ()
        self._keyboards.clear()
        for port in ports:
            goodbye(port.midi_in.delete)
        goodbye(self._api.close)

    def connected(self) -> list[str]:
        """Names of the keyboards that are being listened to."""
        return [plain_name(name) for name in self._keyboards]

    def missing(self) -> list[str]:
        """Wanted names that no connected keyboard has."""
        return [
            name
            for name in self._wanted or ()
            if not any(is_wanted(port, (name,)) for port in self._keyboards)
        ]

    def rescan(self) -> None:
        """Connect keyboards that have come and let go of those that have gone."""
        here = self._api.inputs()
        for name in [name for name in self._keyboards if name not in here]:
            self._let_go(name)
        for name in here:
            if name not in self._keyboards and is_wanted(name, self._wanted):
                self._connect(name)

    def _open_virtual(self, name: str) -> None:
        """Offer a port to other programs; keyboards are heard without one too."""
        try:
            self._ports += (OpenPort(self._api.open_virtual(name)),)
        except DeviceError as error:
            self._say(str(error))

    def _connect(self, name: str) -> None:
        try:
            port = OpenPort(self._api.open_input(name))
        except DeviceError as error:
            self._say(str(error))
            return
        self._keyboards[name] = port
        with self._swap:
            self._ports += (port,)
        self._say(f"MIDI input: {plain_name(name)}")

    def _let_go(self, name: str) -> None:
        """Forget a keyboard; the listening thread then ends the notes that it left behind."""
        gone = self._keyboards.pop(name)
        with self._swap:
            self._ports = tuple(port for port in self._ports if port is not gone)
            self._departed.append(gone)
        gone.midi_in.delete()
        self._say(f"MIDI input gone: {plain_name(name)}")

    def _watch(self) -> None:
        while not self._stop.wait(SCAN_SECONDS):
            try:
                self.rescan()
            except DeviceError as error:
                self._say(str(error))
                return

    def _listen(self) -> None:
        while not self._stop.is_set():
            with self._swap:
                heard = [self._fetch(port) for port in self._ports]
                departed, self._departed = self._departed, []
            for port in departed:
                release(self._machine, port.channels)
            if not any(heard):
                self._stop.wait(POLL_SECONDS)

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
            self._machine.send(self._frame_for(port, since_last), status, data1, data2)
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

"""OSC over UDP: messages in, answers to whoever asked, changes to whoever wants them."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Self, TypeAlias

from gansynth_live.errors import GansynthError, UsageError
from gansynth_live.faults import Faults
from gansynth_live.osc.packet import MOST_BYTES, Message, encode, parse
from gansynth_live.osc.surface import ROOT, Surface, message_of
from gansynth_live.parameters.parameter import Value

LOOPBACK = "127.0.0.1"
MOST_A_SECOND = 500  # messages; more are counted and not obeyed
LOOK_SECONDS = 0.2  # between two looks at whether to end
ECHO_SECONDS = 0.1  # what came in is not sent back to the same place for so long
ERROR = f"{ROOT}/error"

Address: TypeAlias = tuple[str, int]


def parse_address(text: str) -> Address:
    """HOST and port of "PORT" or "HOST:PORT"; without a host this computer alone.

    Raises:
        UsageError: it is none.
    """
    host, colon, port = text.rpartition(":")
    if not port.isdecimal() or not 1 <= int(port[:6]) <= 65535 or (colon and not host):
        raise UsageError(f"{text!r:.60} is no address; write a port such as 9000, or HOST:PORT")
    return host or LOOPBACK, int(port)


class OscServer:
    """Serves a surface from `__enter__` to `__exit__`, in a thread of its own.

    Args:
        surface: obeys.
        listen: where messages come in.
        send_to: who is told every change; None: nobody.
        say: is told in one line what failed.

    Attributes:
        refused: messages that were damaged, meant nothing, or came too fast.

    Raises:
        UsageError: nobody can listen there.
    """

    def __init__(
        self,
        surface: Surface,
        listen: Address,
        send_to: Address | None,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._surface = surface
        self._send_to = send_to
        self._clock = clock
        self._faults = Faults("OSC", say)
        self._over = Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(listen)
        except OSError as error:
            self._socket.close()
            place = f"{listen[0]}:{listen[1]}"
            raise UsageError(f"OSC cannot listen at {place}: {error.strerror or error}") from error
        self._socket.settimeout(LOOK_SECONDS)
        self._thread = Thread(target=self._serve, name="osc", daemon=True)
        self._second, self._count = 0, 0
        self._came: dict[str, float] = {}  # addresses that `send_to` itself has set, and when
        self.refused = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()

    def changed(self, part: int, parameter: str, value: Value) -> None:
        """Tell a change of a parameter, unless it just came from there. From any thread."""
        if self._send_to is None:
            return
        message = message_of(part, parameter, value)
        if self._clock() - self._came.get(_bare(message.address), -1.0) > ECHO_SECONDS:
            self._send(message, self._send_to)

    def _serve(self) -> None:
        while not self._over.is_set():
            with self._faults:
                try:
                    packet, sender = self._socket.recvfrom(MOST_BYTES + 1)
                except (TimeoutError, ConnectionError):  # an answer found nobody
                    continue
                self._receive(packet, sender)

    def _receive(self, packet: bytes, sender: Address) -> None:
        try:
            for message in parse(packet):
                if self._is_flood():
                    self.refused += 1
                    continue
                if self._send_to is not None and sender[0] == self._send_to[0]:
                    self._came[_bare(message.address)] = self._clock()
                for answer in self._surface.obey(message):
                    self._send(answer, sender)
        except GansynthError as error:
            self.refused += 1
            self._send(Message(ERROR, (str(error),)), sender)
        if len(self._came) > MOST_A_SECOND:
            self._came.clear()

    def _is_flood(self) -> bool:
        second = int(self._clock())
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        return self._count > MOST_A_SECOND

    def _send(self, message: Message, to: Address) -> None:
        with suppress(OSError):  # nobody is there, or the network is not
            self._socket.sendto(encode(message), to)


def _bare(address: str) -> str:
    """The address of a parameter, whoever's it is: the first part may be named or not."""
    return address.replace(f"{ROOT}/part/1/", f"{ROOT}/")

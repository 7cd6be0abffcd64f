"""The instrument as a JACK client: MIDI at its very frame, sound in the same cycle."""

import errno
from typing import NamedTuple

import numpy as np

from gansynth_live.drivers.heartbeat import Heartbeat, goodbye
from gansynth_live.drivers.libjack import (
    AUDIO,
    IS_INPUT,
    IS_OUTPUT,
    IS_PHYSICAL,
    MIDI,
    bytes_of,
    connected_ports,
    jack_ports,
    libjack,
    open_client,
)
from gansynth_live.drivers.midi_api import is_wanted
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.layout import CHANNELS
from gansynth_live.kernel.machine import Machine
from gansynth_live.kernel.memory import WAITS

CLIENT_NAME = "gansynth-live"
MIDI_PORT = "midi_in"
OUT_PORTS = ("out_1", "out_2")


class Connection(NamedTuple):
    """A port of ours, by its short name, and the full name of the port it is connected to."""

    port: str
    peer: str


class JackOutput:
    """A client with the ports `midi_in`, `out_1` and `out_2` (see `Output`).

    The server decides sample rate and block; a `machine` made for another rate is retuned.

    Args:
        connect: join the outputs to the speakers when it starts.
        speakers: the client whose inputs these are; "": the sound card.

    Raises:
        DeviceError: no library, no server, or the server refuses.
    """

    returns = True

    def __init__(self, machine: Machine, *, connect: bool = True, speakers: str = "") -> None:
        library = libjack()
        from gansynth_live.drivers import jack_callback as callback

        self._machine = machine  # its memory must outlive the client
        self._connect = connect
        self._speaker_client = speakers
        self._speakers: list[str] = []
        self._joined: set[Connection] = set()
        self._library = library
        library.jack_set_error_function(callback.jack_say_nothing.address)
        self._client = open_client(CLIENT_NAME)
        self.sample_rate = int(library.jack_get_sample_rate(self._client))
        self.block = int(library.jack_get_buffer_size(self._client))
        self.description = f"JACK, {self.sample_rate} Hz, blocks of {self.block} frames"
        if self.sample_rate != machine.sample_rate:
            machine.retune(self.sample_rate)
        self._event = np.zeros(1, callback.MIDI_EVENT)
        self._state = np.zeros(1, callback.CLIENT)
        self._state["table"] = machine.addresses.ctypes.data
        self._state["event"] = self._event.ctypes.data
        self._state["client"] = self._client
        self._state["scale"] = 1.0
        self._ports = {MIDI_PORT: self._register(MIDI_PORT, MIDI, IS_INPUT)}
        self._ports |= {name: self._register(name, AUDIO, IS_OUTPUT) for name in OUT_PORTS}
        self._state["midi"], self._state["left"], self._state["right"] = self._ports.values()
        address = self._state.ctypes.data
        library.jack_set_process_callback(self._client, callback.jack_process.address, address)
        library.jack_set_freewheel_callback(self._client, callback.jack_freewheel.address, address)
        library.jack_set_xrun_callback(self._client, callback.jack_xrun.address, address)
        library.jack_set_port_connect_callback(
            self._client, callback.jack_connected.address, address
        )
        library.jack_set_port_registration_callback(
            self._client, callback.jack_registered.address, address
        )
        library.jack_on_shutdown(self._client, callback.jack_shutdown.address, address)
        self._heartbeat = Heartbeat(self._callbacks, self.block / self.sample_rate)

    def start(self) -> None:
        """Join the graph and, unless told otherwise, connect to the speakers, if only to one."""
        self._speakers = self._find_speakers()
        if self._library.jack_activate(self._client) != 0:
            raise DeviceError("the JACK server refuses the client; look into its log")
        self._heartbeat = Heartbeat(self._callbacks, self.block / self.sample_rate)
        if self._connect:
            for port, speaker in zip(OUT_PORTS, 2 * self._speakers, strict=False):
                self.connect(port, speaker)

    def midi_sources(self, wanted: tuple[str, ...]) -> list[str]:
        """Full names of the JACK MIDI outputs with these parts of names; of all hardware if ()."""
        flags = IS_OUTPUT if wanted else IS_OUTPUT | IS_PHYSICAL
        ports = jack_ports(self._client, MIDI, flags)
        return [name for name in ports if is_wanted(name, wanted or None)]

    def connect(self, port: str, peer: str) -> bool:
        """Connect a port of ours (short name) to another (full name); True if they are then.

        A speaker that gets both sides gets each at half its level: their mean.
        """
        theirs = bytes_of(peer)
        if not self._library.jack_port_by_name(self._client, theirs):
            return False
        ours = self._library.jack_port_name(self._ports[port])
        pair = (theirs, ours) if port == MIDI_PORT else (ours, theirs)
        if self._library.jack_connect(self._client, *pair) not in (0, errno.EEXIST):
            return False
        self._joined.add(Connection(port, peer))
        is_mono = any(
            {(port, speaker) for port in OUT_PORTS} <= self._joined for speaker in self._speakers
        )
        self._state["scale"] = 0.5 if is_mono else 1.0
        return True

    def connections(self) -> set[Connection]:
        """Everything that our ports are connected to now."""
        return {
            Connection(name, peer)
            for name, port in self._ports.items()
            for peer in connected_ports(self._client, port)
        }

    def changes(self) -> int:
        """How often ports have come, gone, met or parted since the start."""
        return int(self._state["changes"][0])

    def channels(self) -> set[int]:
        """MIDI channels that anything has come on so far."""
        heard = int(self._state["channels"][0])
        return {channel for channel in range(CHANNELS) if heard >> channel & 1}

    def is_alive(self) -> bool:
        """Whether the server is there and asks for blocks, or waits for us in freewheel."""
        is_patient = self._machine.memory.gate[WAITS] != 0
        return not self._state["down"][0] and (is_patient or self._heartbeat.is_beating())

    def load(self) -> float:
        """As the server measures it: of all its clients."""
        return float(self._library.jack_cpu_load(self._client)) / 100.0

    def close(self) -> None:
        """Leave the graph."""
        client, self._client = self._client, 0
        self._machine.memory.gate[WAITS] = 0
        if client:
            goodbye(lambda: self._library.jack_client_close(client))

    def _find_speakers(self) -> list[str]:
        if not self._speaker_client:
            return jack_ports(self._client, AUDIO, IS_INPUT | IS_PHYSICAL)
        inputs = jack_ports(self._client, AUDIO, IS_INPUT)
        return [name for name in inputs if name.startswith(f"{self._speaker_client}:")]

    def _callbacks(self) -> int:
        return int(self._machine.memory.status["callbacks"][0])

    def _register(self, name: str, kind: bytes, flags: int) -> int:
        port = self._library.jack_port_register(self._client, name.encode(), kind, flags, 0)
        if not port:
            self.close()
            raise DeviceError(f"the JACK server refuses the port {name}; look into its log")
        return int(port)

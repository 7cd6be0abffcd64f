"""The instrument as a JACK client: MIDI at its very frame, sound in the same cycle."""

import numpy as np

from gansynth_live.drivers.heartbeat import Heartbeat, goodbye
from gansynth_live.drivers.libjack import (
    AUDIO,
    IS_INPUT,
    IS_OUTPUT,
    IS_PHYSICAL,
    MIDI,
    jack_ports,
    libjack,
    open_client,
)
from gansynth_live.drivers.midi_api import is_wanted
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import Machine

CLIENT_NAME = "gansynth-live"


class JackOutput:
    """A client with the ports `midi_in`, `out_1` and `out_2` (see `Output`).

    The server decides sample rate and block; `machine` must have been made for that rate.

    Raises:
        DeviceError: no library, no server, another sample rate, or the server refuses.
    """

    returns = True

    def __init__(self, machine: Machine, *, connect: bool = True) -> None:
        library = libjack()
        from gansynth_live.drivers import jack_callback as callback

        self._machine = machine  # its memory must outlive the client
        self._connect = connect
        self._library = library
        self._client = open_client(CLIENT_NAME)
        self.sample_rate = int(library.jack_get_sample_rate(self._client))
        self.block = int(library.jack_get_buffer_size(self._client))
        self.description = f"JACK, {self.sample_rate} Hz, blocks of {self.block} frames"
        if self.sample_rate != machine.sample_rate:
            self.close()
            raise DeviceError(
                f"the JACK server runs at {self.sample_rate} Hz, the instrument was prepared"
                f" for {machine.sample_rate} Hz; start it again"
            )
        library.jack_set_error_function(callback.jack_say_nothing.address)
        self._event = np.zeros(1, callback.MIDI_EVENT)
        self._state = np.zeros(1, callback.CLIENT)
        self._state["table"] = machine.addresses.ctypes.data
        self._state["event"] = self._event.ctypes.data
        self._state["midi"] = self._midi = self._register("midi_in", MIDI, IS_INPUT)
        self._outs = [self._register(f"out_{side}", AUDIO, IS_OUTPUT) for side in (1, 2)]
        self._state["left"], self._state["right"] = self._outs
        address = self._state.ctypes.data
        library.jack_set_process_callback(self._client, callback.jack_process.address, address)
        library.jack_set_xrun_callback(self._client, callback.jack_xrun.address, address)
        library.jack_on_shutdown(self._client, callback.jack_shutdown.address, address)

    def start(self) -> None:
        """Join the graph and, unless told otherwise, connect to the speakers."""
        if self._library.jack_activate(self._client) != 0:
            raise DeviceError("the JACK server refuses the client; look into its log")
        self._heartbeat = Heartbeat(self._callbacks, self.block / self.sample_rate)
        if self._connect:
            speakers = jack_ports(self._client, AUDIO, IS_INPUT | IS_PHYSICAL)
            for port, speaker in zip(self._outs, speakers, strict=False):
                self._wire(self._library.jack_port_name(port), speaker.encode())

    def connect_midi(self, wanted: tuple[str, ...]) -> list[str]:
        """Connect JACK MIDI sources by parts of their names, hardware only when none is given.

        May be called again at any time, for keyboards that have come since. Returns what is
        connected by these names.
        """
        flags = IS_OUTPUT if wanted else IS_OUTPUT | IS_PHYSICAL
        found = [
            name
            for name in jack_ports(self._client, MIDI, flags)
            if is_wanted(name, wanted or None)
        ]
        for name in found:
            if not self._library.jack_port_connected_to(self._midi, name.encode()):
                self._wire(name.encode(), self._library.jack_port_name(self._midi))
        return found

    def is_alive(self) -> bool:
        """Whether the server is there and asks for blocks."""
        return not self._state["down"][0] and self._heartbeat.is_beating()

    def close(self) -> None:
        """Leave the graph."""
        client, self._client = self._client, 0
        if client:
            goodbye(lambda: self._library.jack_client_close(client))

    def _callbacks(self) -> int:
        return int(self._machine.memory.status["callbacks"][0])

    def _register(self, name: str, kind: bytes, flags: int) -> int:
        port = self._library.jack_port_register(self._client, name.encode(), kind, flags, 0)
        if not port:
            self.close()
            raise DeviceError(f"the JACK server refuses the port {name}; look into its log")
        return int(port)

    def _wire(self, source: bytes, target: bytes) -> None:
        self._library.jack_connect(self._client, source, target)

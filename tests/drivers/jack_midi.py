"""Keyboards for tests: JACK's MIDI ports behind the interface of the system's MIDI.

A container has no MIDI system of its own; a private JACK server does, with real other processes.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def jack_client(name: str) -> Any:
    """A client of the running server."""
    import jack  # here, since a machine may lack JACK's library

    return jack.Client(name, no_start_server=True)


class JackMidiIn:
    """An input that keeps what it hears until it is fetched, as RtMidi's do."""

    def __init__(self, client: str, port: str, source: str | None = None) -> None:
        self._client = jack_client(client)
        self._port = self._client.midi_inports.register(port)
        self._heard: deque[tuple[list[int], int]] = deque()
        self._last_frame: int | None = None
        self._client.set_process_callback(self._process)
        self._client.activate()
        if source is not None:
            self._client.connect(source, self._port)

    def get_message(self) -> tuple[list[int], float] | None:
        """The next message, if any, and the seconds since the one before: 0 for the first."""
        if not self._heard:
            return None
        message, frame = self._heard.popleft()
        last, self._last_frame = self._last_frame, frame
        return message, 0.0 if last is None else (frame - last) / self._client.samplerate

    def delete(self) -> None:
        """Leave the graph."""
        self._client.deactivate()
        self._client.close()

    def _process(self, _frames: int) -> None:
        block = self._client.last_frame_time
        for offset, message in self._port.incoming_midi_events():
            self._heard.append((list(bytes(message)), block + offset))


class JackMidi:
    """All MIDI outputs of a JACK server's clients as this machine's keyboards."""

    name = "JACK"

    def __init__(self) -> None:
        self._client = jack_client("midi-scanner")

    def inputs(self) -> list[str]:
        """Full names of the ports that exist now."""
        return [port.name for port in self._client.get_ports(is_midi=True, is_output=True)]

    def open_input(self, name: str) -> JackMidiIn:
        """Listen to one of `inputs`."""
        return JackMidiIn("gansynth-live-midi", "in", name)

    def open_virtual(self, name: str) -> JackMidiIn:
        """A port that other programs may send to."""
        return JackMidiIn(name, name)

    def close(self) -> None:
        """Leave the graph."""
        self._client.close()


class Keyboard:
    """A MIDI output that sends at the start of the next block."""

    def __init__(self, name: str) -> None:
        self.client = jack_client(name)
        self._port = self.client.midi_outports.register("keys")
        self._waiting: deque[list[int]] = deque()
        self.client.set_process_callback(self._process)
        self.client.activate()

    def send_message(self, message: list[int]) -> None:
        """Send it soon."""
        self._waiting.append(message)

    def connect(self, port: str) -> None:
        """Play into another client's port."""
        self.client.connect(self._port, port)

    def _process(self, _frames: int) -> None:
        self._port.clear_buffer()
        while self._waiting:
            self._port.write_midi_event(0, bytes(self._waiting.popleft()))


@contextmanager
def keyboard(name: str) -> Iterator[Any]:
    """A device that appears with a MIDI output and disappears at the end."""
    device = Keyboard(name)
    try:
        yield device
    finally:
        device.client.deactivate()
        device.client.close()

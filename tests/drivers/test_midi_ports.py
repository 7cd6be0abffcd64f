"""Keyboards come, play, and go, through a real MIDI system: JACK's, which needs no kernel."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import rtmidi

from gansynth_live.drivers.midi_api import open_midi_api
from gansynth_live.drivers.midi_ports import MidiPorts
from gansynth_live.errors import DeviceError
from tests.e2e.jackd import JackServer

PATIENCE = 10.0

Message = tuple[int, int, int, int]


class Listener:
    """What a machine would hear, and who was allowed to tell it."""

    def __init__(self) -> None:
        self.messages: queue.Queue[Message] = queue.Queue()
        self.lines: queue.Queue[str] = queue.Queue()
        self.threads: set[int] = set()

    def send(self, frame: int, status: int, data1: int, data2: int) -> None:
        self.threads.add(threading.get_ident())
        self.messages.put((frame, status, data1, data2))

    def hear(self, count: int) -> list[Message]:
        return [self.messages.get(timeout=PATIENCE) for _ in range(count)]


@contextmanager
def keyboard(name: str) -> Iterator[Any]:
    """A device that appears with a MIDI output and disappears at the end."""
    device = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name)
    device.open_virtual_port("keys")
    try:
        yield device
    finally:
        device.delete()


@contextmanager
def listening(listener: Listener, virtual: str | None, *wanted: str) -> Iterator[MidiPorts]:
    ports = MidiPorts(open_midi_api(), listener.send, virtual, wanted or None, listener.lines.put)
    ports.start()
    try:
        yield ports
    finally:
        ports.close()


@pytest.mark.jack
def test_messages_arrive_whole_and_in_order(jack_server: JackServer) -> None:
    listener = Listener()
    sent = [[0x90, 60, 100], [0xB3, 64, 127], [0xC5, 9], [0xE0, 1, 2], [0xFE], [0x80, 60, 0]]
    with keyboard("Clavier") as device, listening(listener, None, "CLAV") as ports:
        assert ports.connected() == ["Clavier:keys"]
        for message in sent:
            device.send_message(message)
        heard = listener.hear(len(sent))
    assert heard == [(-1, *(*message, 0, 0)[:3]) for message in sent]
    assert len(listener.threads) == 1


@pytest.mark.jack
def test_a_virtual_port_is_seen_by_other_programs(jack_server: JackServer) -> None:
    listener = Listener()
    with listening(listener, "Studio Piano"), keyboard("Daw") as daw:
        seen = [port for port in daw.get_ports() if "Studio Piano" in port]
        assert len(seen) == 1
        program = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, "Sequencer")
        program.open_port(program.get_ports().index(seen[0]))
        program.send_message([0x91, 72, 1])
        assert listener.hear(1) == [(-1, 0x91, 72, 1)]
        program.delete()


@pytest.mark.jack
def test_a_keyboard_that_goes_leaves_no_note_hanging_and_may_come_back(
    jack_server: JackServer,
) -> None:
    listener = Listener()
    with listening(listener, None, "clavier") as ports:
        assert "'clavier' is not here yet" in listener.lines.get(timeout=PATIENCE)
        with keyboard("Clavier") as device:
            assert listener.lines.get(timeout=PATIENCE) == "MIDI input: Clavier:keys"
            device.send_message([0x92, 60, 100])
            listener.hear(1)
        assert listener.lines.get(timeout=PATIENCE) == "MIDI input gone: Clavier:keys"
        assert listener.hear(4) == [(-1, 0xB2, control, 0) for control in (64, 66, 67, 123)]
        assert ports.missing() == ["clavier"]
        with keyboard("Clavier") as device:
            assert listener.lines.get(timeout=PATIENCE) == "MIDI input: Clavier:keys"
            device.send_message([0x92, 62, 100])
            assert listener.hear(1) == [(-1, 0x92, 62, 100)]


@pytest.mark.jack
def test_programs_are_not_connected_unasked_under_jack(jack_server: JackServer) -> None:
    with keyboard("Sequencer"), listening(Listener(), None) as ports:
        assert ports.connected() == []


def test_no_midi_system_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    compiled = rtmidi.get_compiled_api()
    monkeypatch.setattr(
        rtmidi, "get_compiled_api", lambda: [api for api in compiled if api == rtmidi.API_UNIX_JACK]
    )
    with pytest.raises(DeviceError, match="no MIDI system answers") as caught:
        open_midi_api()
    assert "\n" not in str(caught.value)

"""Keyboards come, play, and go: those of a private JACK server, which needs no kernel."""

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gansynth_live.drivers.midi_api import open_midi_api
from gansynth_live.drivers.midi_ports import APART_SECONDS, MidiPorts
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.memory import HEAD
from tests.drivers.jack_midi import JackMidi, keyboard
from tests.e2e.jackd import JackServer

PATIENCE = 10.0

Message = tuple[int, int, int]


class Listener:
    """A machine that no audio device drives, so that what it is sent stays in its queue."""

    def __init__(self) -> None:
        self.machine = Machine(48000, slots=1, slot_seconds=0.1)
        self.lines: queue.Queue[str] = queue.Queue()
        self._heard = 0

    def hear(self, count: int) -> list[Message]:
        """The next `count` messages, waited for."""
        deadline = time.monotonic() + PATIENCE
        start, self._heard = self._heard, self._heard + count
        while self.machine.memory.port_cursor[HEAD] < self._heard:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        events = self.machine.memory.port_events[start : self._heard]
        return [(int(e["status"]), int(e["data1"]), int(e["data2"])) for e in events]

    def frames(self) -> list[int]:
        """When the messages heard so far act."""
        return [int(frame) for frame in self.machine.memory.port_events["frame"][: self._heard]]


@contextmanager
def listening(listener: Listener, virtual: str | None, *wanted: str) -> Iterator[MidiPorts]:
    ports = MidiPorts(JackMidi(), listener.machine, virtual, wanted or None, listener.lines.put)
    ports.start()
    try:
        yield ports
    finally:
        ports.close()


@pytest.mark.jack
def test_messages_arrive_whole_and_in_order(jack_server: JackServer) -> None:
    listener = Listener()
    sent = [[0x90, 60, 100], [0xB3, 64, 127], [0xC5, 9], [0xE0, 1, 2], [0xFE], [0x80, 60, 0]]
    sent += [[0xF2, 5, 1], [0xFA], [0xF8], [0xFC], [0xFB]]
    with keyboard("Clavier") as device, listening(listener, None, "CLAV") as ports:
        assert ports.connected() == ["Clavier:keys"]
        for message in sent:
            device.send_message(message)
        heard = listener.hear(len(sent))
    assert heard == [(*message, 0, 0)[:3] for message in sent]


@pytest.mark.jack
def test_a_virtual_port_is_seen_by_other_programs(jack_server: JackServer) -> None:
    listener = Listener()
    with listening(listener, "Studio Piano", "nobody"), keyboard("Daw") as daw:
        daw.connect("Studio Piano:Studio Piano")
        daw.send_message([0x91, 72, 1])
        assert listener.hear(1) == [(0x91, 72, 1)]


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
        assert listener.hear(4) == [(0xB2, control, 0) for control in (64, 66, 67, 123)]
        assert ports.missing() == ["clavier"]
        with keyboard("Clavier") as device:
            assert listener.lines.get(timeout=PATIENCE) == "MIDI input: Clavier:keys"
            device.send_message([0x92, 62, 100])
            assert listener.hear(1) == [(0x92, 62, 100)]


@pytest.mark.jack
def test_messages_that_pile_up_stay_a_little_apart(jack_server: JackServer) -> None:
    listener = Listener()
    with keyboard("Clavier") as device, listening(listener, None, "clavier"):
        device.send_message([0x90, 60, 100])
        device.send_message([0x90, 64, 100])
        listener.hear(2)
        time.sleep(0.05)
        device.send_message([0x80, 60, 0])
        listener.hear(1)
    start, chord, end = listener.frames()
    assert start == NOW
    assert chord <= jack_server.block  # RtMidi dates messages by the block they came in
    assert end == max(chord, 0) + round(APART_SECONDS * 48000)


class Offered:
    """A MIDI system as Windows has it: keyboards, and no virtual ports."""

    name = "Windows MultiMedia"

    def inputs(self) -> list[str]:
        return ["Clavier 1"]

    def open_input(self, _name: str) -> "Offered":
        return self

    def open_virtual(self, _name: str) -> "Offered":
        raise DeviceError("no virtual MIDI ports; install loopMIDI")

    def get_message(self) -> None:
        return None

    def delete(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_without_virtual_ports_keyboards_are_heard_all_the_same() -> None:
    lines: list[str] = []
    ports = MidiPorts(Offered(), Listener().machine, "GANSynth Live", say=lines.append)
    ports.start()
    ports.close()
    assert lines == ["no virtual MIDI ports; install loopMIDI", "MIDI input: Clavier 1"]


def test_no_midi_system_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    rtmidi = pytest.importorskip(
        "supriya_midi", reason="no libasound: install libasound2", exc_type=ImportError
    )
    monkeypatch.setattr(rtmidi, "get_compiled_apis", list)
    with pytest.raises(DeviceError, match="no MIDI system answers") as caught:
        open_midi_api()
    assert "\n" not in str(caught.value)

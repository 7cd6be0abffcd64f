"""Keyboards come, play, and go: those of a private JACK server, which needs no kernel."""

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import numpy as np
import pytest

from gansynth_live.drivers import midi_ports
from gansynth_live.drivers.midi_api import open_midi_api
from gansynth_live.drivers.midi_ports import APART_SECONDS, MidiPorts
from gansynth_live.engine.process import process_block
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.layout import LET_GO
from gansynth_live.kernel.machine import NOW, Machine
from gansynth_live.kernel.memory import HEAD, TAIL
from tests.drivers.jack_midi import JackMidi, keyboard
from tests.e2e.jackd import JackServer
from tests.e2e.tones import tone_machine
from tests.eventually import eventually
from tests.outside import Keyboard, Keyboards

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
        assert listener.hear(1) == [(LET_GO, 3, 0)]
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


class WithoutVirtualPorts(Keyboards):
    """A MIDI system as Windows has it."""

    def open_virtual(self, _name: str) -> NoReturn:
        raise DeviceError("no virtual MIDI ports; install loopMIDI")


def test_without_virtual_ports_keyboards_are_heard_all_the_same() -> None:
    lines: list[str] = []
    api = WithoutVirtualPorts("Clavier 1")
    ports = MidiPorts(api, Listener().machine, "GANSynth Live", say=lines.append)
    ports.start()
    ports.close()
    assert lines == ["no virtual MIDI ports; install loopMIDI", "MIDI input: Clavier 1"]


@contextmanager
def attended(api: Keyboards, listener: Listener, *wanted: str) -> Iterator[MidiPorts]:
    ports = MidiPorts(api, listener.machine, None, wanted or None, listener.lines.put)
    ports.start()
    try:
        yield ports
    finally:
        ports.close()


def test_a_message_that_is_lost_ends_what_its_keyboard_held_and_no_other() -> None:
    listener, api = Listener(), Keyboards("Broken", "Whole")
    with attended(api, listener) as ports:
        api.plugged["Broken"].play((0x92, 60, 100))
        listener.hear(1)
        api.plugged["Broken"].play(ValueError("no such message"))
        assert listener.hear(1) == [(LET_GO, 3, 0)]
        api.plugged["Broken"].play(ValueError("no such message"), (0x92, 62, 100))
        assert listener.hear(1) == [(0x92, 62, 100)]
        api.plugged["Whole"].play((0x90, 64, 100))
        assert listener.hear(1) == [(0x90, 64, 100)]
        ports.check()
        assert ports.faults == 2
    said = [listener.lines.get_nowait() for _ in range(3)]
    assert said[:2] == ["MIDI input: Broken", "MIDI input: Whole"]
    assert "a fault in the MIDI inputs, which go on: ValueError: no such message" in said[2]
    assert listener.lines.empty()


def test_a_key_that_was_struck_again_within_one_look_sounds_anew() -> None:
    machine, api = tone_machine(48000), Keyboards("Clavier")
    ports = MidiPorts(api, machine, None)
    on, off = (0x90, 60, 100), (0x80, 60, 0)
    api.plugged["Clavier"].play(on)
    ports.start()
    eventually(lambda: waiting(machine) == 1)
    first = process_block(machine, 9600)
    api.plugged["Clavier"].play(off, on, off, on)  # all at one time
    eventually(lambda: waiting(machine) == 4)
    again = process_block(machine, 19200)
    ports.close()
    assert machine.snapshot().notes == 3
    held = machine.memory.voices[machine.memory.voices["held"] != 0]
    assert len(held) == 1
    assert np.abs(again[:, -480:]).max() == pytest.approx(np.abs(first[:, -480:]).max(), rel=0.05)


def waiting(machine: Machine) -> int:
    """How many messages have not been performed yet."""
    return int(machine.memory.port_cursor[HEAD] - machine.memory.port_cursor[TAIL])


def test_what_a_full_queue_did_not_take_is_released_later() -> None:
    listener, api = Listener(), Keyboards("Clavier")
    machine = listener.machine
    with attended(api, listener):
        api.plugged["Clavier"].play((0x92, 60, 100), (0xB2, 64, 127))
        listener.hear(2)
        while machine.send(1 << 40, 0x80, 60):  # note-offs may fill the places kept for them
            pass
        api.plugged["Clavier"].play(ValueError("lost"))
        assert "fault" in listener.lines.get(timeout=PATIENCE) + listener.lines.get(
            timeout=PATIENCE
        )
        machine.memory.port_cursor[TAIL] = machine.memory.port_cursor[HEAD]
        eventually(lambda: (LET_GO, 3) in newest(machine))


def newest(machine: Machine) -> list[tuple[int, int]]:
    """Status and first data byte of the messages that wait."""
    cursor, ring = machine.memory.port_cursor, machine.memory.port_events
    waiting = ring[np.arange(cursor[TAIL], cursor[HEAD]) % len(ring)]
    return list(zip(waiting["status"].tolist(), waiting["data1"].tolist(), strict=True))


def test_a_system_that_fails_for_a_moment_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_ports, "SCAN_SECONDS", 0.02)
    listener, api = Listener(), Keyboards("Clavier")
    api.refusals += [DeviceError("MIDI through ALSA fails"), OSError("gone"), DeviceError("again")]
    with attended(api, listener) as ports:
        while listener.lines.get(timeout=PATIENCE) != "MIDI input: Clavier":
            pass
        assert ports.faults == 3


def test_keyboards_may_come_while_others_are_asked_for() -> None:
    class Name(str):
        """A name that asks for the next keyboard while it is looked at."""

        def casefold(self) -> str:
            if waiting:
                api.plugged[waiting.pop()] = Keyboard()
                ports.rescan()
            return super().casefold()

    waiting: list[str] = []

    api = Keyboards(Name("Clavier 1"), Name("Clavier 2"))
    ports = MidiPorts(api, Listener().machine, None, ("clavier", "organ", "harp"))
    ports.rescan()
    waiting += ["Organ 1", "Organ 2"]
    assert "harp" in ports.missing()
    assert ports.connected() == ["Clavier 1", "Clavier 2", "Organ 2", "Organ 1"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_listener_that_has_ended_is_not_passed_over() -> None:
    listener, api = Listener(), Keyboards("Clavier")
    with attended(api, listener) as ports:
        ports.check()
        api.plugged["Clavier"].play(SystemExit())
        with pytest.raises(DeviceError, match="MIDI is no longer heard"):
            check_often(ports)


def check_often(ports: MidiPorts) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ports.check()


def test_no_midi_system_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    rtmidi = pytest.importorskip(
        "supriya_midi", reason="no libasound: install libasound2", exc_type=ImportError
    )
    monkeypatch.setattr(rtmidi, "get_compiled_apis", list)
    with pytest.raises(DeviceError, match="no MIDI system answers") as caught:
        open_midi_api()
    assert "\n" not in str(caught.value)

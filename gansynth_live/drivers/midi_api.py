"""How this machine's MIDI system is reached, through RtMidi."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from gansynth_live.drivers.quiet import quiet
from gansynth_live.errors import DeviceError, printable

CLIENT_NAME = "gansynth-live-midi"  # not the name of the virtual port, which JACK would number
QUEUE_MESSAGES = 4096
ALSA_SEQUENCER = "/dev/snd/seq"

# ALSA appends "client:port" numbers, which change each time a keyboard is plugged in.
_ALSA_ADDRESS = re.compile(r" \d+:\d+$")
# Loops back what other programs play; connecting it unasked doubles notes.
_NOT_A_KEYBOARD = re.compile(r"midi through|rtmidi|gansynth", re.IGNORECASE)


class MidiSystem(Protocol):
    """What gives out MIDI inputs by name; `MidiApi` says what each method does."""

    @property
    def name(self) -> str: ...
    def inputs(self) -> list[str]: ...
    def open_input(self, name: str, /) -> Any: ...
    def open_virtual(self, name: str, /) -> Any: ...
    def close(self) -> None: ...


class MidiApi:
    """One of RtMidi's back ends, known to work.

    Attributes:
        name: as RtMidi calls it, for people ("ALSA", "CoreMidi", "Windows MultiMedia").
    """

    def __init__(self, number: int) -> None:
        """Raises `DeviceError` when the back end does not answer."""
        rtmidi = _rtmidi()
        self._number = number
        self.name = str(rtmidi.get_api_display_name(number))
        self._has_virtual_ports = number != rtmidi.RtMidiAPI.WINDOWS_MM
        self._scanner = self._client(CLIENT_NAME)

    def inputs(self) -> list[str]:
        """Names of all inputs that exist now."""
        with self._refusals():
            return input_names(self._scanner)

    def open_input(self, name: str) -> Any:
        """An RtMidi input that listens to the input with this name."""
        midi_in = self._client(CLIENT_NAME)
        with self._refusals():
            names = input_names(midi_in)
            if name not in names:
                midi_in.delete()
                raise DeviceError(f"MIDI input {plain_name(name)!r} has gone")
            midi_in.open_port(names.index(name))
        return midi_in

    def open_virtual(self, name: str) -> Any:
        """An RtMidi input that other programs see as an output called `name`."""
        if not self._has_virtual_ports:
            raise DeviceError(
                f"{self.name} has no virtual MIDI ports; to play from another program,"
                " install loopMIDI: its port is then heard like a keyboard"
            )
        midi_in = self._client(name)
        with self._refusals():
            midi_in.open_virtual_port(name)
        return midi_in

    def close(self) -> None:
        """Give the back end its client back."""
        self._scanner.delete()

    def _client(self, name: str) -> Any:
        with self._refusals(), quiet():
            midi_in = _rtmidi().MidiIn(self._number, name, QUEUE_MESSAGES)
        midi_in.ignore_types(sysex=True, timing=False, active_sense=False)
        return midi_in

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except (_rtmidi().RtMidiError, RuntimeError) as error:
            raise DeviceError(f"MIDI through {self.name} fails: {error}") from error


def open_midi_api() -> MidiApi:
    """The system's own MIDI: ALSA, CoreMIDI or WinMM.

    RtMidi's JACK back end is not used: wheels carry a JACK library of their own, which an
    up-to-date server refuses. Under JACK the JACK driver hears MIDI itself.

    Raises:
        DeviceError: it does not answer; the message says what to do.
    """
    rtmidi = _rtmidi()
    native = (
        rtmidi.RtMidiAPI.LINUX_ALSA,
        rtmidi.RtMidiAPI.MACOSX_CORE,
        rtmidi.RtMidiAPI.WINDOWS_MM,
    )
    compiled = rtmidi.get_compiled_apis()
    for number in native:
        if number in compiled:
            try:
                return MidiApi(number)
            except DeviceError:
                continue
    raise DeviceError(
        "no MIDI system answers: there is no ALSA sequencer; load the kernel module snd-seq,"
        " or start a JACK server and use --driver jack"
    )


def may_answer() -> bool:
    """Whether it is worth asking `open_midi_api` again, which costs time and silences errors."""
    return sys.platform != "linux" or os.access(ALSA_SEQUENCER, os.R_OK | os.W_OK)


def plain_name(port: str) -> str:
    """Name of a port for people: one line, without the numbers that change at each connection."""
    return printable(_ALSA_ADDRESS.sub("", port))


def is_wanted(port: str, wanted: tuple[str, ...] | None) -> bool:
    """Whether to listen to `port`: its name contains a wanted one, whatever the case.

    None wants every port that looks like a keyboard.
    """
    if wanted is None:
        return not _NOT_A_KEYBOARD.search(port)
    return any(name.casefold() in port.casefold() for name in wanted)


def input_names(midi_in: Any) -> list[str]:
    """All inputs; one whose name is no text gets a number, and costs the others nothing."""
    names = []
    for number in range(midi_in.get_port_count()):
        try:
            names.append(str(midi_in.get_port_name(number)))
        except UnicodeDecodeError:
            names.append(f"unnamed input {number + 1}")
    return names


def _rtmidi() -> Any:  # imported late: it needs a library that may be missing
    try:
        import supriya_midi
    except ImportError as error:
        raise DeviceError(
            f"MIDI ports need the library that is missing here ({error}); install libasound2"
        ) from error
    return supriya_midi

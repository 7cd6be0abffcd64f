"""How this machine's MIDI system is reached: which of RtMidi's back ends works here."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gansynth_live.drivers.quiet import quiet
from gansynth_live.errors import DeviceError

CLIENT_NAME = "gansynth-live-midi"  # not the name of the virtual port, which JACK would number
QUEUE_MESSAGES = 4096

# ALSA appends "client:port" numbers, which change each time a keyboard is plugged in.
_ALSA_ADDRESS = re.compile(r" \d+:\d+$")
# Loops back what other programs play; connecting it unasked doubles notes.
_NOT_A_KEYBOARD = re.compile(r"midi through|rtmidi|gansynth", re.IGNORECASE)


class MidiApi:
    """One of RtMidi's back ends, known to work.

    Attributes:
        name: as RtMidi calls it, for people ("ALSA", "Jack", "CoreMidi", "Windows MultiMedia").
    """

    def __init__(self, number: int) -> None:
        """Raises `DeviceError` when the back end does not answer."""
        rtmidi = _rtmidi()
        self._number = number
        self.name = str(rtmidi.get_api_display_name(number))
        self.is_jack = number == rtmidi.API_UNIX_JACK
        self.has_virtual_ports = number != rtmidi.API_WINDOWS_MM
        self._scanner = self._client(CLIENT_NAME)

    def inputs(self) -> list[str]:
        """Names of all inputs that exist now."""
        with self._refusals():
            return [str(name) for name in self._scanner.get_ports()]

    def open_input(self, name: str) -> Any:
        """An rtmidi.MidiIn that listens to the input with this name."""
        midi_in = self._client(CLIENT_NAME)
        with self._refusals():
            names = midi_in.get_ports()
            if name not in names:
                midi_in.delete()
                raise DeviceError(f"MIDI input {plain_name(name)!r} has gone")
            midi_in.open_port(names.index(name))
        return midi_in

    def open_virtual(self, name: str) -> Any:
        """An rtmidi.MidiIn that other programs see as an output called `name`."""
        if not self.has_virtual_ports:
            raise DeviceError(
                f"{self.name} has no virtual MIDI ports;"
                " install loopMIDI and give its port with --midi-in"
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
            midi_in = _rtmidi().MidiIn(self._number, name, queue_size_limit=QUEUE_MESSAGES)
        midi_in.ignore_types(sysex=True, timing=False, active_sense=False)
        return midi_in

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except _rtmidi().RtMidiError as error:
            raise DeviceError(f"MIDI through {self.name} fails: {error}") from error


def open_midi_api(*, jack_too: bool = True) -> MidiApi:
    """The first back end that works: the system's own (ALSA, CoreMIDI, WinMM), then JACK.

    Raises:
        DeviceError: none works; the message says what to install.
    """
    rtmidi = _rtmidi()
    os.environ.setdefault("JACK_NO_START_SERVER", "1")  # looking must not start a server
    wanted = [rtmidi.API_LINUX_ALSA, rtmidi.API_MACOSX_CORE, rtmidi.API_WINDOWS_MM]
    if jack_too:
        wanted.append(rtmidi.API_UNIX_JACK)
    compiled = rtmidi.get_compiled_api()
    for number in wanted:
        if number in compiled:
            try:
                return MidiApi(number)
            except DeviceError:
                continue
    raise DeviceError(
        "no MIDI system answers: there is no ALSA sequencer (kernel module snd-seq)"
        " and no JACK server; load the one or start the other"
    )


def plain_name(port: str) -> str:
    """Name of a port without the numbers that change at each connection."""
    return _ALSA_ADDRESS.sub("", port)


def is_wanted(port: str, wanted: tuple[str, ...] | None) -> bool:
    """Whether to listen to `port`: its name contains a wanted one, whatever the case.

    None wants every port that looks like a keyboard.
    """
    if wanted is None:
        return not _NOT_A_KEYBOARD.search(port)
    return any(name.casefold() in port.casefold() for name in wanted)


def _rtmidi() -> Any:
    try:
        import rtmidi
    except ImportError as error:
        raise DeviceError(
            f"MIDI ports need the library that is missing here ({error}); install libasound2"
        ) from error
    return rtmidi

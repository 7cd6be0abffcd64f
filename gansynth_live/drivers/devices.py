"""What there is to play on: looked up without opening anything for long."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from gansynth_live.drivers.libjack import JackServer, jack_server
from gansynth_live.drivers.midi_api import open_midi_api, plain_name
from gansynth_live.drivers.portaudio import AudioDevice, audio_devices
from gansynth_live.errors import DeviceError

Found = TypeVar("Found")


@dataclass(frozen=True)
class MidiInputs:
    """Inputs as one MIDI system names them."""

    api: str
    names: list[str]


@dataclass(frozen=True)
class Devices:
    """Everything that was found; in place of what is missing, the line that says what to do."""

    audio: list[AudioDevice] | str
    jack: JackServer | str
    midi: MidiInputs | str


def find_devices() -> Devices:
    """Look for audio outputs, a JACK server and MIDI inputs. Never fails."""
    return Devices(_found(audio_devices), _found(jack_server), _found(_midi_inputs))


def _found(look: Callable[[], Found]) -> Found | str:
    try:
        return look()
    except DeviceError as error:
        return str(error)


def _midi_inputs() -> MidiInputs:
    api = open_midi_api()
    try:
        return MidiInputs(api.name, [plain_name(name) for name in api.inputs()])
    finally:
        api.close()

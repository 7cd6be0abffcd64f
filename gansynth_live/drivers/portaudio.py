"""The instrument on the system's sound card, through PortAudio."""

import atexit
import ctypes
import ctypes.util
import difflib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from gansynth_live.drivers.heartbeat import Heartbeat, goodbye
from gansynth_live.drivers.jack_watch import JackWatch
from gansynth_live.drivers.quiet import quiet
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import Machine

CLIENT_NAME = b"gansynth-live"
STEREO, MONO = 2, 1
NEWS_SECONDS = 0.2  # in which the end of a server is noticed, on a busy machine too
JACK_API = "JACK Audio Connection Kit"

# Where a system lists one device under several APIs: the one with the lowest latency first.
_PREFERENCE = (JACK_API, "Core Audio", "ASIO", "Windows WASAPI", "ALSA", "Windows WDM-KS")


class AudioDevice(NamedTuple):
    """An output of this machine, as PortAudio lists it; of many channels we play the first two."""

    number: int
    name: str
    api: str
    sample_rate: int
    is_default: bool
    channels: int = STEREO


@cache
def portaudio() -> Any:
    """The module sounddevice, ready for use.

    Raises:
        DeviceError: the PortAudio library is missing.
    """
    os.environ.setdefault("JACK_NO_START_SERVER", "1")  # looking must not start a server
    _name_jack_client()
    try:
        with quiet():
            import sounddevice
    except OSError as error:
        raise DeviceError(
            "the PortAudio library is not on this machine; install libportaudio2"
        ) from error
    if jack_watch() is not None:
        atexit.unregister(sounddevice._exit_handler)
        atexit.register(_leave, sounddevice)
    return sounddevice


@cache
def jack_watch() -> JackWatch | None:
    """Over the JACK server that PortAudio is a client of from the start; None if there is none."""
    try:
        return JackWatch()
    except DeviceError:
        return None


def may_tidy_up(seconds: float = 0.0) -> bool:
    """Whether PortAudio can close JACK's things without an abort; asks for news for `seconds`."""
    watch = jack_watch()
    return watch is None or not watch.server_is_gone(seconds)


def audio_devices() -> list[AudioDevice]:
    """All devices that can play, in the order in which they are to be preferred: stereo first."""
    sounddevice = portaudio()
    apis = [api["name"] for api in sounddevice.query_hostapis()]
    default = sounddevice.default.device[1]
    devices = [
        AudioDevice(
            device["index"],
            device["name"],
            apis[device["hostapi"]],
            round(device["default_samplerate"]),
            device["index"] == default,
            min(device["max_output_channels"], STEREO),
        )
        for device in sounddevice.query_devices()
        if device["max_output_channels"] > 0
    ]
    return sorted(devices, key=rank)


def find_device(devices: list[AudioDevice], name: str | None) -> AudioDevice:
    """The device whose name is or contains `name`, whatever the case; the default one if None.

    Raises:
        DeviceError: there is none, with the nearest name there is.
    """
    if not devices:
        raise DeviceError("no audio output on this machine; connect one, or start a JACK server")
    if name is None:
        return next((device for device in devices if device.is_default), devices[0])
    wanted = name.casefold()
    found = [device for device in devices if device.name.casefold() == wanted]
    found += [device for device in devices if wanted in device.name.casefold()]
    if found:
        return found[0]
    names = [device.name for device in devices]
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
    raise DeviceError(f"no audio device is called {name!r}; the nearest is {nearest!r}")


class PortAudioOutput:
    """A stream to a device (see `Output`); `machine` decides the sample rate.

    A device with one channel gets the mean of left and right.

    Args:
        device: where to play.
        block: frames that the device asks for at once; 0 leaves it to the device.

    Raises:
        DeviceError: the device refuses the sample rate or the block, or is in use.
    """

    def __init__(self, machine: Machine, device: AudioDevice, block: int) -> None:
        from gansynth_live.drivers.portaudio_callback import STREAM, portaudio_process

        sounddevice = portaudio()
        self._device = device
        self._machine = machine  # its memory must outlive the stream
        self._state = np.zeros(1, STREAM)
        self._state["table"] = machine.addresses.ctypes.data
        self._state["channels"] = device.channels
        self.sample_rate = machine.sample_rate
        self.block = block
        self.description = f"{device.name} ({device.api}), {self.sample_rate} Hz"
        # PortAudio aborts the whole process when it is opened again after its JACK server died.
        self.returns = device.api != JACK_API
        self._heartbeat = Heartbeat(self._callbacks, self.block / self.sample_rate)
        with self._refusals(), quiet():
            self._stream = sounddevice._StreamBase(
                kind="output",
                samplerate=self.sample_rate,
                channels=device.channels,
                blocksize=block,
                dtype="float32",
                latency="low",
                device=device.number,
                callback=sounddevice._ffi.cast("PaStreamCallback *", portaudio_process.address),
                userdata=sounddevice._ffi.cast("void *", self._state.ctypes.data),
            )

    def start(self) -> None:
        """Begin to play."""
        with self._refusals():
            self._stream.start()
        self._heartbeat = Heartbeat(self._callbacks, self.block / self.sample_rate)

    def is_alive(self) -> bool:
        """Whether the device asks for blocks. A dead stream still says that it is active."""
        return (self.returns or may_tidy_up()) and self._heartbeat.is_beating()

    def load(self) -> float:
        """As PortAudio measures it."""
        return float(self._stream.cpu_load)

    def close(self) -> None:
        """Stop at once. The call may hang for ever when the device is dead, hence the deadline."""
        if self.returns or may_tidy_up():
            # Not the stream's bound method: a call that hangs must keep what the callback uses.
            goodbye(lambda: self._stream.close())

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except portaudio().PortAudioError as error:
            raise DeviceError(
                f"{self._device.name} does not play at {self.sample_rate} Hz in blocks of"
                f" {self.block}: {error.args[0]}; its own rate is {self._device.sample_rate} Hz"
            ) from error

    def _callbacks(self) -> int:
        return int(self._machine.memory.status["callbacks"][0])


def _leave(sounddevice: Any) -> None:
    """What PortAudio does at the end of the process."""
    if may_tidy_up(NEWS_SECONDS):
        sounddevice._exit_handler()
    if (watch := jack_watch()) is not None:
        watch.close()


def rank(device: AudioDevice) -> tuple[bool, int]:
    """Sorts devices: those to be preferred first."""
    known = device.api in _PREFERENCE
    place = _PREFERENCE.index(device.api) if known else len(_PREFERENCE)
    return device.channels == MONO, place


def _name_jack_client() -> None:
    # Without this our JACK client is called "PortAudio". It must be said before PortAudio starts,
    # and the name is kept by address.
    name = ctypes.util.find_library("portaudio")
    if name is None:
        return
    try:
        ctypes.CDLL(name).PaJack_SetClientName(CLIENT_NAME)
    except (OSError, AttributeError):  # PortAudio without JACK: no client to name
        return

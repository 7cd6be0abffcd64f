"""An audio output: what every one can do, and how one is chosen."""

from importlib import import_module
from typing import NamedTuple, Protocol

from gansynth_live.drivers.jack import JackOutput
from gansynth_live.drivers.libjack import jack_server
from gansynth_live.drivers.portaudio import (
    JACK_API,
    AudioDevice,
    PortAudioOutput,
    audio_devices,
    find_device,
)
from gansynth_live.errors import DeviceError
from gansynth_live.kernel.machine import Machine


class Output(Protocol):
    """An open audio device that has the machine render each block.

    Attributes:
        description: what it is, for people.
        sample_rate: frames a second.
        block: frames of a block.
        returns: whether it can be opened anew in this process after `is_alive` has become False.
    """

    description: str
    sample_rate: int
    block: int
    returns: bool

    def start(self) -> None:
        """Begin to play."""

    def is_alive(self) -> bool:
        """Whether blocks are still asked for; the device may vanish at any time."""

    def load(self) -> float:
        """Share of a block's time that was taken lately, 0..1; of all clients of a server."""

    def close(self) -> None:
        """Fall silent and let the device go. Never hangs, even when the device is dead."""


class OutputPlan(NamedTuple):
    """Which output will be opened: known before, as everything is rendered for its sample rate.

    `device` is None for JACK, which has its own way of choosing; `speakers` is then the JACK
    client whose inputs are meant, "" for the sound card.
    """

    device: AudioDevice | None
    sample_rate: int
    block: int
    speakers: str = ""


def plan_output(
    driver: str = "auto", device: str | None = None, sample_rate: int = 48000, block: int = 128
) -> OutputPlan:
    """Choose an output.

    Args:
        driver: "jack", "portaudio", or "auto": JACK if its server runs and no device of another API
            is named.
        device: part of the name of a PortAudio device; None for the system's choice.
        sample_rate: wanted; a JACK server has its own, which wins.
        block: wanted frames a block; a JACK server has its own.

    Raises:
        DeviceError: there is no such output on this machine, and what to do about it.
    """
    if driver == "jack" or (driver == "auto" and device is None):
        try:
            server = jack_server()
            import_module("gansynth_live.drivers.jack_callback")  # compiled with all the rest
            return OutputPlan(None, *server)
        except DeviceError:
            if driver == "jack":
                raise
    found = find_device(audio_devices(), device)
    if driver == "auto" and found.api == JACK_API:
        # PortAudio does not survive the end of a JACK server.
        return OutputPlan(None, *jack_server(), found.name)
    rate = found.sample_rate if found.api == JACK_API else sample_rate
    return OutputPlan(found, rate, block)


def open_output(plan: OutputPlan, machine: Machine, *, connect: bool = True) -> Output:
    """Open what was planned; `machine` must have been made for the plan's sample rate.

    With JACK, `connect` joins the outputs to the speakers.
    """
    if plan.device is None:
        return JackOutput(machine, connect=connect, speakers=plan.speakers)
    return PortAudioOutput(machine, plan.device, plan.block)

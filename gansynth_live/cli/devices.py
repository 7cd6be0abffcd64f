"""`gansynth-live devices`: where sound can go and notes can come from."""

from collections.abc import Callable, Iterable

import typer

from gansynth_live.errors import DeviceError


def devices() -> None:
    """List audio outputs, JACK and MIDI inputs."""
    for heading, look in (
        ("audio outputs (--device)", _outputs),
        ("JACK server (--driver jack)", _jack),
        ("MIDI inputs (--midi-in)", _inputs),
    ):
        typer.echo(f"{heading}:")
        for line in _lines(look):
            typer.echo(f"  {line}")


def _lines(look: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return list(look()) or ["none"]
    except DeviceError as error:
        return [f"none: {error}"]


def _outputs() -> Iterable[str]:
    from gansynth_live.drivers.portaudio import MONO, audio_devices

    for device in audio_devices():
        marks = ", mono" if device.channels == MONO else ""
        marks += ", default" if device.is_default else ""
        yield f"{device.name} ({device.api}, {device.sample_rate} Hz{marks})"


def _jack() -> Iterable[str]:
    from gansynth_live.drivers.libjack import jack_server

    server = jack_server()
    yield f"{server.sample_rate} Hz, blocks of {server.block} frames"


def _inputs() -> Iterable[str]:
    from gansynth_live.drivers.midi_api import open_midi_api, plain_name

    api = open_midi_api()
    try:
        yield from (f"{plain_name(name)} ({api.name})" for name in api.inputs())
    finally:
        api.close()

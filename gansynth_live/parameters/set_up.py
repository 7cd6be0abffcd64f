"""The affairs of this computer and of its owner: devices, ports, model, memory, threads."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from gansynth_live.parameters.row import HERTZ, Row

Name: TypeAlias = Annotated[str, Meta(min_length=1)]
Channel: TypeAlias = Annotated[int, Meta(ge=1, le=16)]


class Audio(Struct, frozen=True):
    """Where the sound goes."""

    driver: Annotated[Literal["auto", "jack", "portaudio"], Row("Driver")] = "auto"
    device: Annotated[str, Row("Output device")] = ""
    sample_rate: Annotated[int, Row("Sample rate", 8000, 192_000, HERTZ)] = 48_000
    block: Annotated[int, Row("Block", 16, 8192, "frames")] = 128
    connect: Annotated[bool, Row("Join the speakers")] = True


class Midi(Struct, frozen=True):
    """Where the notes come from, and how their messages are meant."""

    inputs: Annotated[tuple[Name, ...], Row("Inputs")] = ()
    virtual_port: Annotated[str, Row("Port of our own")] = "GANSynth Live"
    channels: Annotated[tuple[Channel, ...], Row("Channels heard")] = ()
    programs: Annotated[Literal["gm", "list"], Row("Programs")] = "gm"
    half_pedal: Annotated[bool, Row("Half pedal")] = False
    invert_pedals: Annotated[bool, Row("Pedals upside down")] = False
    active_sensing: Annotated[bool, Row("Active sensing", kernel="active_sensing")] = True


class Model(Struct, frozen=True):
    """Which network sings."""

    path: Annotated[str, Row("Bundle")] = ""
    inversion: Annotated[Literal["phase-locked", "faithful"], Row("Inversion")] = "phase-locked"
    threads: Annotated[int, Row("Threads of a run", 0, 256)] = 0


class Cache(Struct, frozen=True):
    """How much memory rendered notes may take."""

    # The least depends on model and rate.
    megabytes: Annotated[int, Row("Rendered notes", 1, 65_536, "MB")] = 140


class Render(Struct, frozen=True):
    """How many threads render."""

    workers: Annotated[int, Row("Render threads", 0, 64)] = 0

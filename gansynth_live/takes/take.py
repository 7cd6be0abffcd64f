"""A take: what was performed from a moment of rest on, and all that it takes to hear it again."""

import zlib
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from msgspec import DecodeError, Meta, Struct, ValidationError, convert, json, to_builtins

from gansynth_live.config import Config
from gansynth_live.errors import ConfigError
from gansynth_live.files import read_bounded, replacing
from gansynth_live.folders import user_data_dir
from gansynth_live.latent.blend import Blend
from gansynth_live.parameters.table import find
from gansynth_live.presets.preset import MadeFor
from gansynth_live.render.voices.tracker import VoiceSwitch

FORMAT = 1
SUFFIX = ".take.json"
MOST_BYTES = 64 * 1024 * 1024


class Happened(NamedTuple):
    """A message that was performed, `serial` the first note that it began (0: none)."""

    frame: int
    status: int
    data1: int
    data2: int
    serial: int


class Edit(NamedTuple):
    """Parameters of a part, or of all (-1), that were set by other ways than MIDI."""

    frame: int  # at which it was seen; it acted a little before
    part: int
    values: dict[str, Any]


class Switch(NamedTuple):
    """A `VoiceSwitch` in numbers and texts; its samples are counted at the take's `switch_rate`."""

    serial: int
    start: int
    weights: tuple[tuple[str, float], ...]
    focus: float
    moves: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, switch: VoiceSwitch) -> "Switch":
        """From what a performance tells."""
        blend: Any = switch.timbre
        return cls(switch.serial, switch.start, blend.weights, blend.focus, blend.moves)

    def told(self, ratio: float = 1.0) -> VoiceSwitch:
        """As a performance tells it whose samples come `ratio` times as fast."""
        start = round(self.start * ratio)
        return VoiceSwitch(self.serial, start, Blend(self.weights, self.focus, self.moves))


class Take(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything of a performance between two frames.

    Attributes:
        made: when it was kept: date and time.
        version: of the program.
        layout: which machines its keyframe fits (see `keyframe.layout_of`).
        start: frame of the keyframe.
        end: frame at which it was kept.
        switch_rate: that the samples of its switches are counted at, Hz: the inversion's.
        missing: notes that had to wait for their render while it was played.
        config: the settings.
        keyframe: the instrument at `start`, packed.
        learnt: how often controllers were bound anew meanwhile.
        instruments: latents of the user's own, little-endian float32.
    """

    format: Annotated[int, Meta(ge=1)] = FORMAT
    made: str
    version: str
    layout: str
    sample_rate: Annotated[int, Meta(ge=1, le=1_000_000)]
    switch_rate: Annotated[int, Meta(ge=1, le=1_000_000)]
    start: int
    end: int
    missing: int
    model: MadeFor
    config: Config
    keyframe: dict[str, bytes]
    instruments: dict[str, bytes]
    events: list[Happened]
    switches: list[Switch]
    edits: list[Edit]
    learnt: int = 0

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end - self.start) / self.sample_rate

    @property
    def notes(self) -> int:
        """Messages that began notes."""
        return sum(event.serial > 0 for event in self.events)


def takes_folder() -> Path:
    """Where takes are kept."""
    return user_data_dir() / "takes"


def write(take: Take, path: Path) -> None:
    """Put a take into a file, whole or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(zlib.compress(json.encode(to_builtins(take))))


def read(path: Path) -> Take:
    """The take in a file.

    Raises:
        ConfigError: it cannot be read, or holds none.
    """
    try:
        content = read_bounded(path, MOST_BYTES)
        table = json.decode(_unpacked(content))
        if isinstance(table, dict) and table.get("format", 0) > FORMAT:
            raise ConfigError(f"{path} is of a newer gansynth-live; get that")
        take = convert(table, Take)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    except (DecodeError, ValidationError, RecursionError, TypeError, zlib.error) as error:
        raise ConfigError(f"{path} is no take: {' '.join(str(error).split())}") from error
    for part in take.config.part:
        for name, value in part.own.items():
            part.own[name] = find(name).check(value, f"{path}: {name}")
    return take


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(content, 4 * MOST_BYTES)
    if not unpacker.eof:
        raise zlib.error("it is cut off or too large")
    return text

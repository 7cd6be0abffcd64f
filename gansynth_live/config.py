"""Settings: the shipped defaults, the user's file over them, the command line over both.

Every default stands in configs/default.toml and nowhere else; here are the names and the ranges.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, ValidationError, convert

from gansynth_live.errors import ConfigError
from gansynth_live.folders import user_config_dir

MAX_FILE_BYTES = 1024 * 1024

Table: TypeAlias = Mapping[str, Any]

Controller = Annotated[int, Meta(ge=0, le=127)]
OptionalController = Annotated[int, Meta(ge=-1, le=127)]  # -1: none
Name = Annotated[str, Meta(min_length=1)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class Audio(Struct, frozen=True):
    """Where the sound goes."""

    driver: Literal["auto", "jack", "portaudio"]
    device: str
    sample_rate: Annotated[int, Meta(ge=8000, le=192_000)]
    block: Annotated[int, Meta(ge=16, le=8192)]
    connect: bool


class Midi(Struct, frozen=True):
    """Where the notes come from, and how their messages are meant."""

    inputs: tuple[Name, ...]
    virtual_port: str
    channels: tuple[Annotated[int, Meta(ge=1, le=16)], ...]
    half_pedal: bool
    invert_pedals: bool
    active_sensing: bool


class Model(Struct, frozen=True):
    """Which network sings."""

    path: str
    inversion: Literal["phase-locked", "faithful"]
    threads: Annotated[int, Meta(ge=0, le=256)]


class Morph(Struct, frozen=True):
    """Which instruments, and which knobs move between them."""

    instruments: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
    position_cc: Controller
    weight_ccs: Annotated[tuple[Controller, ...], Meta(max_length=16)]
    brightness_cc: Controller
    directions: dict[Name, Controller]
    focus: Annotated[float, Meta(ge=0.25, le=4.0)]
    focus_cc: OptionalController
    steps: Annotated[int, Meta(ge=1, le=1024)]


class Motion(Struct, frozen=True):
    """How the blend moves by itself: glides, an LFO, a round trip, pressure."""

    glide: Annotated[float, Meta(ge=0.0, le=20.0)]
    glide_cc: OptionalController
    lfo_shape: Literal["sine", "triangle"]
    lfo_rate: Annotated[float, Meta(ge=0.01, le=20.0)]
    lfo_beats: Annotated[float, Meta(ge=0.0, le=256.0)]
    lfo_depth: Share
    lfo_rate_cc: OptionalController
    lfo_depth_cc: OptionalController
    orbit: Annotated[tuple[Name, ...], Meta(max_length=64)]
    orbit_seconds: Annotated[float, Meta(ge=0.05, le=3600.0)]
    orbit_beats: Annotated[float, Meta(ge=0.0, le=1024.0)]
    orbit_amount: Share
    orbit_rate_cc: OptionalController
    orbit_amount_cc: OptionalController
    pressure_position: Annotated[float, Meta(ge=-1.0, le=1.0)]
    pressure_depth: Share


class Voice(Struct, frozen=True):
    """How a key sounds: envelope in seconds, velocity, pitch wheel."""

    polyphony: Annotated[int, Meta(ge=1, le=256)]
    voices_per_key: Annotated[int, Meta(ge=1, le=16)]
    attack: Annotated[float, Meta(ge=0.0, le=20.0)]
    decay: Annotated[float, Meta(ge=0.0, le=20.0)]
    sustain: Annotated[float, Meta(ge=0.0, le=1.0)]
    release: Annotated[float, Meta(ge=0.0, le=30.0)]
    velocity_curve: Annotated[float, Meta(ge=0.0, le=4.0)]
    velocity_brightness: Share
    pressure_brightness: Share
    bend_range: Annotated[float, Meta(ge=0.0, le=96.0)]
    steal_fade: Annotated[float, Meta(ge=0.001, le=0.1)]


class Vibrato(Struct, frozen=True):
    """How much of the vibrato of its instruments a note gets."""

    amount: Annotated[float, Meta(ge=0.0, le=2.0)]


class Output(Struct, frozen=True):
    """How loud."""

    gain_db: Annotated[float, Meta(ge=-60.0, le=24.0)]
    ceiling_db: Annotated[float, Meta(ge=-24.0, le=0.0)]


class Cache(Struct, frozen=True):
    """How much memory rendered notes may take."""

    megabytes: Annotated[int, Meta(ge=1, le=65_536)]  # the least depends on model and rate


class Render(Struct, frozen=True):
    """How many threads render."""

    workers: Annotated[int, Meta(ge=0, le=64)]


class Config(Struct, frozen=True):
    """All settings; configs/default.toml explains each."""

    audio: Audio
    midi: Midi
    model: Model
    morph: Morph
    motion: Motion
    voice: Voice
    vibrato: Vibrato
    output: Output
    cache: Cache
    render: Render


def load_config(path: Path | None = None, overrides: Sequence[str] = ()) -> Config:
    """The defaults, then a file, then overrides.

    Args:
        path: a TOML file; None: config.toml in the user's folder if there is one.
        overrides: settings as "section.key=value" with the value in TOML (text needs no quotes).

    Raises:
        ConfigError: the file cannot be read, or a key or value is wrong; names source and key.
    """
    tables = {name: dict(section) for name, section in _defaults().items()}
    own = user_config_dir() / "config.toml"
    if path is None and own.is_file():
        path = own
    if path is not None:
        _apply(tables, _read(path), str(path))
    for override in overrides:
        _apply(tables, _parse_override(override), "command line")
    return convert(tables, Config)


def default_config() -> Config:
    """The settings of who has set nothing."""
    return convert(_defaults(), Config)


def default_file() -> Path:
    """The shipped defaults: beside this file in an installation, in configs/ in a checkout."""
    installed = Path(__file__).with_name("default.toml")
    if installed.is_file():
        return installed
    return Path(__file__).parent.parent / "configs" / "default.toml"


@cache
def _defaults() -> Table:
    return _read(default_file())


def _read(path: Path) -> Table:
    try:
        with path.open("rb") as handle:
            content = handle.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ConfigError(f"{path} is larger than 1 MiB; that is no configuration")
        return tomllib.loads(content.decode())
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError too
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise ConfigError(f"{path} is not valid TOML: {reason}") from error


def _parse_override(override: str) -> Table:
    key, equals, text = override.partition("=")
    section, dot, name = key.strip().partition(".")
    if not (equals and dot and section and name):
        raise ConfigError(f"{override!r:.60} is not a setting; write section.key=value")
    try:
        [value] = tomllib.loads(f"value = {text}").values()
    except (ValueError, RecursionError):  # no TOML, or more than one setting
        value = text.strip()
    return {section: {name: value}}


def _apply(tables: dict[str, dict[str, Any]], changes: Table, source: str) -> None:
    sections = get_type_hints(Config)
    for section, values in changes.items():
        _require_known(section, sections, f"{source}: unknown section")
        if not isinstance(values, dict):
            raise ConfigError(f"{source}: [{section}] is a section; its keys go below that line")
        types = get_type_hints(sections[section], include_extras=True)
        for key, value in values.items():
            _require_known(key, types, f"{source}: unknown key in [{section}]:")
            try:
                convert(value, types[key])
            except ValidationError as error:
                choices = get_args(types[key]) if get_origin(types[key]) is Literal else ()
                reason = (
                    f"choose {' or '.join(choices)}" if choices else str(error).replace("`", "")
                )
                raise ConfigError(f"{source}: {section}.{key} = {value!r:.60}: {reason}") from error
            tables[section][key] = value


def _require_known(name: str, valid: Iterable[str], complaint: str) -> None:
    if name not in valid:
        [nearest] = get_close_matches(name, valid, n=1, cutoff=0.0)
        raise ConfigError(f"{complaint} {name!r:.60}; did you mean '{nearest}'?")

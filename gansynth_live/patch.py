"""A patch: what a preset keeps of an instrument, as parameters by their ids."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, json

from gansynth_live.errors import ConfigError
from gansynth_live.parameters.parameter import Parameter, Value
from gansynth_live.parameters.row import Home
from gansynth_live.parameters.table import PARAMETERS, require_known

MOST_BYTES = 1024 * 1024
KEYS = ("part.channels", "part.low", "part.high", "part.transpose")  # of which keys play a part


class Patch(Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of all parts together, and of each; what is left out is as by default."""

    all: dict[str, Value]
    parts: tuple[dict[str, Value], ...]

    def to_json(self) -> bytes:
        """As a file keeps it."""
        return json.format(json.encode(self), indent=2)


def parse_patch(content: bytes, source: str) -> Patch:
    """The patch that a file keeps.

    Raises:
        ConfigError: it is none, names what no patch keeps, or a value that cannot be.
    """
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{source} is larger than 1 MiB; that is no patch")
    try:
        raw = json.decode(content, type=Patch)
    except (DecodeError, ValidationError, RecursionError) as error:
        raise ConfigError(f"{source} is no patch: {error}") from error
    return check_patch(raw, source)


def check_patch(patch: Patch, source: str) -> Patch:
    """The same patch, with each value in its own type.

    Raises:
        ConfigError: it names what no patch keeps, or a value that cannot be.
    """
    every = _checked(patch.all, source, lambda each: each.home is Home.MACHINE)
    return Patch(every, tuple(_checked(part, source, is_of_a_part) for part in patch.parts))


def read_patch(path: Path) -> Patch:
    """The patch in a file.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    return parse_patch(content, str(path))


def is_of_a_part(parameter: Parameter) -> bool:
    """Whether a patch keeps a parameter for each part; the path is that of the morph."""
    homes = (Home.PART, Home.MORPH, Home.PLACE)
    return parameter.home in homes and parameter.id != "part.instruments"


def _checked(values: Mapping[str, Value], source: str, is_here: Any) -> dict[str, Value]:
    known = {name: each for name, each in PARAMETERS.items() if is_here(each)}
    for name in values:
        require_known(name, known, f"{source}: no parameter of a patch:")
    return {name: known[name].check(value, f"{source}: {name}") for name, value in values.items()}

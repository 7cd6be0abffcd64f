"""Parts as the command line names them: "1-4: choir>flute, level=-6"."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import typer

from gansynth_live.config import Config, with_parts
from gansynth_live.errors import UsageError
from gansynth_live.parameters.table import SECTIONS, find

PartOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--part",
        metavar="CHANNELS:A>B",
        help='What channels play: "1: cello", "2-4: choir>flute, level=-6, pan=0.5", "10: off".',
    ),
]
OFF = "off"
NUMBERS = {"level": "level_db", "pan": "pan", "transpose": "transpose"}


def with_part_options(config: Config, options: Sequence[str] | None) -> Config:
    """The settings with these parts in place of their own, if any are named.

    Raises:
        UsageError: one is not written as a part is.
        ConfigError: a value is out of range.
    """
    if not options:
        return config
    return with_parts(config, [parse_part(text) for text in options], "--part")


def parse_part(text: str) -> dict[str, Any]:
    """The table of a part.

    Raises:
        UsageError: it is not written as a part is; the message says how.
        ConfigError: there is no such parameter, or it cannot have that value.
    """
    channels, colon, rest = text.partition(":")
    what, *options = (piece.strip() for piece in rest.split(","))
    if not colon or not what:
        raise UsageError(f'--part {text!r:.60}: write CHANNELS: INSTRUMENTS, such as "1: cello"')
    names = [] if what == OFF else [name.strip() for name in what.split(">")]
    table: dict[str, Any] = {"channels": _channels(channels, text), "instruments": names}
    for option in options:
        section, dot, setting = option.partition(".")
        if dot and section in SECTIONS:
            key, _, value = (piece.strip() for piece in setting.partition("="))
            parameter = find(f"{section}.{key}")
            table.setdefault(section, {})[key] = (
                value if parameter.row.holds else parameter.parse(value)
            )
        else:
            table |= _option(option, text)
    return table


def _channels(written: str, text: str) -> list[int]:
    if written.strip() == "all":
        return []
    channels: list[int] = []
    for piece in written.split(","):
        first, dash, last = piece.partition("-")
        try:
            channels += range(int(first), int(last if dash else first) + 1)
        except ValueError:
            reason = f"{written.strip()!r} is no list of channels such as 1, 2-4 or all"
            raise UsageError(f"--part {text!r:.60}: {reason}") from None
    return channels


def _option(option: str, text: str) -> dict[str, Any]:
    name, _, value = (piece.strip() for piece in option.partition("="))
    try:
        if name == "keys":
            low, _, high = value.partition("-")
            return {"low": int(low), "high": int(high)}
        if name in NUMBERS:
            return {NUMBERS[name]: int(value) if name == "transpose" else float(value)}
    except ValueError:
        pass
    known = "level=-6 (dB), pan=-0.5, keys=36-59, transpose=-12, and settings as voice.attack=0.1"
    raise UsageError(f"--part {text!r:.60}: {option!r} is no option of a part; there are {known}")

"""The instrument of each General MIDI program, as a bundle names them."""

from collections.abc import Collection, Sequence

import msgspec

from gansynth_live.errors import ModelError

PROGRAMS = "programs.json"
COUNT = 128


def parse_programs(text: bytes, instruments: Collection[str]) -> tuple[str, ...]:
    """A list of 128 names of instruments, or an empty one.

    Raises:
        ModelError: it is anything else.
    """
    try:
        names = msgspec.json.decode(text, type=tuple[str, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(f"{PROGRAMS}: {error}; the file is damaged") from error
    if len(names) not in (0, COUNT):
        raise ModelError(f"{PROGRAMS}: {len(names)} programs; General MIDI has {COUNT}")
    if unknown := sorted(set(names) - set(instruments)):
        raise ModelError(f"{PROGRAMS}: {unknown[0][:80]!r} is no instrument of the bundle")
    return names


def pack_programs(names: Sequence[str]) -> bytes:
    """The file's contents."""
    return msgspec.json.format(msgspec.json.encode(names), indent=0)

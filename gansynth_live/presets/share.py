"""A preset as a code that can be sent in a message: `gsl1:` and letters, digits, - and _.

The code is base64url of zlib of the file's JSON, without its blanks. zlib's own checksum tells of a
letter that is missing or wrong.
"""

import base64
import binascii
import zlib

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.presets.file import MOST_BYTES, parse, to_table
from gansynth_live.presets.preset import Preset, canonical

PREFIX = "gsl1:"
FAMILY = "gsl"  # then the number of the way that codes are made, then a colon
LONGEST = 12_000  # letters


def to_code(preset: Preset) -> str:
    """The code of a preset.

    Raises:
        UsageError: it would be too long to be read again.
    """
    packed = zlib.compress(canonical(to_table(preset)), 9)
    code = PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(code) > LONGEST:
        raise UsageError(
            f"the code of '{preset.name}' would be longer than {LONGEST} letters; send its file"
        )
    return code


def is_code(text: str) -> bool:
    """Whether a text wants to be a code, of this program's time or a later one."""
    head, colon, _ = text.strip().partition(":")
    return colon == ":" and head.startswith(FAMILY) and head.removeprefix(FAMILY).isdecimal()


def from_code(text: str) -> Preset:
    """The preset of a code; blanks and line breaks in it do not count.

    Raises:
        ConfigError: it is no code, is cut off or damaged, or of a newer program.
    """
    if len(text) > 2 * LONGEST:
        raise ConfigError("the code is too long; it begins with gsl1: and is one preset")
    code = "".join(text.split())
    if not is_code(code):
        raise ConfigError(f"{code[:20]!r} is no code of a preset; those begin with {PREFIX}")
    if not code.startswith(PREFIX):
        raise ConfigError("the code is of a newer gansynth-live; get that")
    if len(code) > LONGEST:
        raise ConfigError(f"the code is longer than {LONGEST} letters; that is no preset")
    return parse(_unpacked(code.removeprefix(PREFIX)), "the code")


def _unpacked(letters: str) -> bytes:
    damaged = ConfigError("the code is cut off or has a wrong letter; copy all of it again")
    unpacker = zlib.decompressobj()
    try:
        packed = base64.b64decode(
            letters.encode("ascii") + b"=" * (-len(letters) % 4), altchars=b"-_", validate=True
        )
        content = unpacker.decompress(packed, MOST_BYTES + 1)
    except (binascii.Error, UnicodeEncodeError, ValueError, zlib.error):
        raise damaged from None
    if len(content) <= MOST_BYTES and (not unpacker.eof or unpacker.unused_data):
        raise damaged
    return content

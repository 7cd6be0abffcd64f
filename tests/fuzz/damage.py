"""Bytes with some lost, doubled, put in or turned."""

import random

PIECES = (
    *(
        b"\xff",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\r",
        b"\r\n",
        b"\n",
        b"\x1b[31m",
        b"\xe9",
        b"\xed\xa0\x80",
    ),
    *(
        b"=",
        b"[",
        b"]",
        b"[[",
        b"{",
        b"}",
        b'"',
        b'"""',
        b"'",
        b"'''",
        b"#",
        b".",
        b",",
        b"\\",
        b":",
    ),
    *(
        b"\xf0\x9f\x8e\xb9",
        b"[" * 3000,
        b"{a=" * 900,
        b"a." * 3000,
        b'{"":' * 900,
        b"[voice]\n",
        b"9" * 5000,
    ),
)


def damaged(content: bytes, rng: random.Random) -> bytes:
    """`content` after one to four changes."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(5):
            case 0:
                changed[at : at + rng.randrange(8)] = rng.choice(PIECES)
            case 1:
                changed[at : at + 1] = bytes((rng.randrange(256),))
            case 2:
                del changed[at : at + rng.randrange(1, 30)]
            case 3:
                changed[at:at] = changed[at : at + rng.randrange(1, 60)]
            case _:
                del changed[at:]
    return bytes(changed)

"""The files of the page, all in memory: nothing that a request says becomes a path."""

import gzip
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "static"
INDEX = "/"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Encoding": "gzip",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Served(NamedTuple):
    """A file as it is sent: packed by gzip, which every browser unpacks."""

    type: str
    content: bytes


def read_files() -> Mapping[str, Served]:
    """Every file of the page by the path of its address."""
    served = {f"/static/{path.name}": _served(path) for path in sorted(STATIC.iterdir())}
    served[INDEX] = served.pop("/static/index.html")
    return served


def policy(place: str) -> str:
    """What the page may load (Content-Security-Policy): from host and port `place`, and no other.

    Scripts and styles within the page, and frames around it, are none of ours.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" connect-src 'self' ws://{place}; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )


def _served(path: Path) -> Served:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    text = "; charset=utf-8" if path.suffix in TYPES else ""
    return Served(f"{kind or 'application/octet-stream'}{text}", gzip.compress(path.read_bytes()))

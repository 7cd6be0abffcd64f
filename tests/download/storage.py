"""A server that behaves like Google's storage, and as badly as a test wants."""

import hashlib
import json
import re
import socket
import ssl
import struct
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PAGE = 3  # objects in a page of a listing
AFTER_THE_END = b"and what does not belong to it"


class Storage:
    """Objects by their paths, as /BUCKET/NAME, and how they are given out.

    Attributes:
        url: of the server.
        requests: path and range of every request so far.
        cuts: bytes of the body after which the next answers break off.
        excuses: status codes with which the next requests are refused.
        redirects: where else paths are.
        has_ranges, has_versions, has_sums, has_lengths: what the server can do.
        longer_by: how much more than is sent the server announces.
        spoils: whether bytes change on their way.
        holds_back_after: bytes after which an answer goes no further, until the client is gone.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.objects: dict[str, bytes] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.cuts: deque[int] = deque()
        self.excuses: deque[int] = deque()
        self.redirects: dict[str, str] = {}
        self.has_ranges = self.has_versions = self.has_sums = self.has_lengths = True
        self.longer_by = 0
        self.spoils = False
        self.holds_back_after: int | None = None
        self.before_answer: Callable[[], None] = lambda: None

    def put(self, folder: str, source: Path) -> None:
        """Store the files beneath `source`, or the file itself, beneath /BUCKET/..."""
        if source.is_file():
            self.objects[folder] = source.read_bytes()
        for path in source.rglob("*"):
            if path.is_file():
                self.objects[f"{folder}/{path.relative_to(source).as_posix()}"] = path.read_bytes()

    def ranges(self, path: str) -> list[str | None]:
        """The ranges that were asked of a path, one for each request."""
        return [asked for name, asked in self.requests if name == path]


class _Handler(BaseHTTPRequestHandler):
    storage: Storage
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        storage, url = self.storage, urlsplit(self.path)
        path = unquote(url.path)
        storage.requests.append((path, self.headers.get("Range")))
        storage.before_answer()
        if storage.excuses:
            self._say(storage.excuses.popleft(), {}, b"not now")
        elif path in storage.redirects:
            self._say(302, {"Location": storage.redirects[path]}, b"")
        elif listing := re.fullmatch(r"/storage/v1/b/([^/]+)/o", path):
            self._list(listing[1], parse_qs(url.query))
        elif path in storage.objects:
            self._give(storage.objects[path])
        else:
            self._say(404, {}, b"<Error>NoSuchKey</Error>")

    def _give(self, content: bytes) -> None:
        storage = self.storage
        etag = f'"{_md5(content)}"'
        headers = {}
        if storage.has_versions:
            headers["ETag"] = etag
        if storage.has_sums:
            headers["x-goog-hash"] = f"crc32c=AAAAAA==,md5={_md5(content)}"
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        is_same = self.headers.get("If-Range", etag) == etag
        if storage.spoils:
            content = bytes(255 - byte for byte in content)
        if asked is None or not storage.has_ranges or not is_same:
            self._say(200, headers, content)
        elif (start := int(asked[1])) >= len(content):
            self._say(416, {"Content-Range": f"bytes */{len(content)}"}, b"")
        else:
            total = len(content) + storage.longer_by
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
            self._say(206, headers, content[start:])

    def _list(self, bucket: str, query: dict[str, list[str]]) -> None:
        inside = f"/{bucket}/{query['prefix'][0]}"
        names = sorted(name for name in self.storage.objects if name.startswith(inside))
        start = int(query.get("pageToken", ["0"])[0])
        items = [
            {
                "name": name.removeprefix(f"/{bucket}/"),
                "size": str(len(self.storage.objects[name])),
                "kind": "storage#object",
            }
            for name in names[start : start + PAGE]
        ]
        page: dict[str, Any] = {"items": items} if items else {}
        if start + PAGE < len(names):
            page["nextPageToken"] = str(start + PAGE)
        self._say(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
        storage = self.storage
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if storage.has_lengths:
            self.send_header("Content-Length", str(len(content) + storage.longer_by))
        else:
            self.send_header("Transfer-Encoding", "chunked")
            content = (
                b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content) if content else b"0\r\n\r\n"
            )
        self.end_headers()
        cut = storage.cuts.popleft() if storage.cuts and status in (200, 206) else None
        try:
            if (held := storage.holds_back_after) is not None:
                self.wfile.write(content[:held])
                self.connection.recv(1)
            self.wfile.write(content[:cut])
            self.wfile.flush()
        except OSError:  # the client has read enough
            self.close_connection = True
        if cut is not None or storage.longer_by:
            self.close_connection = True
            if cut is not None and cut % 2:  # abruptly, as a router does
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients go away as they like."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Storage]:
    """A server on this machine; with a `certificate` (and key, in one file) over TLS."""
    server = _Server(("127.0.0.1", 0), _Handler)
    scheme, host = ("https", "localhost") if certificate else ("http", "127.0.0.1")
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    storage = Storage(f"{scheme}://{host}:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"storage": storage})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield storage
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _md5(content: bytes) -> str:
    return b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()

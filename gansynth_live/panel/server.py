"""The panel's server: a page, its files, and a WebSocket for each page; in a thread of its own."""

import asyncio
import socket
from asyncio import Event, TaskGroup
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from threading import Thread
from typing import Self

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from gansynth_live import __version__
from gansynth_live.errors import UsageError
from gansynth_live.faults import Faults
from gansynth_live.panel import wire
from gansynth_live.panel.feed import Feed
from gansynth_live.panel.files import HEADERS, policy, read_files
from gansynth_live.panel.guard import Guard
from gansynth_live.panel.messages import MOST_BYTES, FloodError, Hello, PanelError, parse
from gansynth_live.panel.pages import Page, Pages
from gansynth_live.panel.playing import Playing

LIVE = "/live"
MOST_PAGES = 8
LOOK_SECONDS = 1 / 30
MOST_REASON = 100  # letters of why a page is closed; the protocol has 123 bytes
HELLO_SECONDS, STALL_SECONDS = 2.0, 5.0
PING_SECONDS, PONG_SECONDS = 1.0, 2.0


class PanelServer:
    """Serves pages from `__enter__` to `__exit__`.

    Args:
        playing: what they show and play.
        host: where it listens.
        port: likewise; 0: one that is free.
        say: is told in one line what failed.

    Attributes:
        feed: is told what has changed, by any thread.

    Raises:
        UsageError: nobody can listen there.
    """

    def __init__(self, playing: Playing, host: str, port: int, say: Callable[[str], None]) -> None:
        self.feed = Feed()
        self._playing = playing
        self._faults = Faults("the panel", say)
        self._socket = _listening(host, port)
        self._guard = Guard(host, self._socket.getsockname()[1])
        self._files = read_files()
        self._policy = policy(self._guard.place)
        self._loop = asyncio.new_event_loop()
        self._over = Event()
        self._opened = Event()  # a page was; nobody looks while none is
        self._thread = Thread(target=self._run, name="panel", daemon=True)

    @property
    def link(self) -> str:
        """Where the page is; whoever has the link may play."""
        return self._guard.link

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        with self._faults, asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._pages = Pages(self._playing, self.feed)
        async with serve(
            self._attend,
            sock=self._socket,
            process_request=self._answer,
            compression=None,
            max_size=MOST_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            open_timeout=HELLO_SECONDS,
            close_timeout=HELLO_SECONDS,
            server_header=None,
        ):
            look = asyncio.ensure_future(self._look())
            await self._over.wait()
            look.cancel()

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """A file, or a refusal; None: the WebSocket may open."""
        path = request.path.partition("?")[0]
        if not self._guard.knows_host(request.headers.get("Host")):
            return connection.respond(HTTPStatus.FORBIDDEN, "that is not where this panel is\n")
        if path == LIVE:
            if self._guard.knows_origin(request.headers.get("Origin")):
                return None
            return connection.respond(HTTPStatus.FORBIDDEN, "open the panel by its own link\n")
        if (file := self._files.get(path)) is None:
            return connection.respond(HTTPStatus.NOT_FOUND, "there is no such file\n")
        headers = Headers(
            {
                **HEADERS,
                "Content-Type": file.type,
                "Content-Length": str(len(file.content)),
                "Content-Security-Policy": self._policy,
                "Connection": "close",
            }
        )
        return Response(HTTPStatus.OK, "OK", headers, file.content)

    async def _attend(self, connection: ServerConnection) -> None:
        """A page from its first message to its last."""
        if not await self._is_ours(connection):
            await connection.close(CloseCode.POLICY_VIOLATION, "open the link that was printed")
        elif len(self._pages) >= MOST_PAGES:
            await connection.close(CloseCode.TRY_AGAIN_LATER, f"{MOST_PAGES} pages are open")
        else:
            await self._converse(connection)

    async def _is_ours(self, connection: ServerConnection) -> bool:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                hello = parse(await connection.recv())
        except (TimeoutError, ConnectionClosed, PanelError):
            return False
        return isinstance(hello, Hello) and self._guard.knows_token(hello.token)

    async def _converse(self, connection: ServerConnection) -> None:
        page = self._pages.open()
        try:
            await connection.send(self._welcome(page.number))
            self._opened.set()
            async with TaskGroup() as both:
                sending = both.create_task(self._send(connection, page))
                await self._listen(connection, page)
                sending.cancel()
        except* (ConnectionClosed, TimeoutError):
            pass  # it has gone, or takes nothing
        finally:
            self._pages.close(page)
            connection.transport.abort()

    def _welcome(self, number: int) -> str:
        playing = self._playing
        return wire.welcome(
            playing.facts,
            playing.patch(),
            playing.presets(),
            playing.bindings(),
            client=number,
            rev=0,
            version=__version__,
        )

    async def _listen(self, connection: ServerConnection, page: Page) -> None:
        async for text in connection:
            try:
                page.hand.obey(parse(text))
            except FloodError as error:
                await connection.close(CloseCode.POLICY_VIOLATION, str(error))
            except PanelError as error:
                await connection.close(CloseCode.INVALID_DATA, str(error)[:MOST_REASON])

    @staticmethod
    async def _send(connection: ServerConnection, page: Page) -> None:
        while True:
            await page.outbox.filled.wait()
            for message in page.outbox.take():
                async with asyncio.timeout(STALL_SECONDS):
                    await connection.send(message)

    async def _look(self) -> None:
        """Pass on what is new, while a page is open."""
        while True:
            with self._faults:
                self._pages.look()
            if len(self._pages):
                await asyncio.sleep(LOOK_SECONDS)
            else:
                self._opened.clear()
                await self._opened.wait()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.bind((host, port))
        listening.listen()  # who comes before it is served waits
    except OSError as error:
        listening.close()
        raise UsageError(
            f"the panel cannot listen at {host}:{port}: {error.strerror or error}"
        ) from error
    return listening

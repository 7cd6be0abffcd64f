"""Who may talk to the panel, and how much."""

import time
from collections.abc import Callable, Collection
from hmac import compare_digest
from secrets import token_urlsafe

TOKEN_BYTES = 24


class Guard:
    """Knows its own page from strangers: a page of another site, or a name that leads here.

    Args:
        host: as the link names it.
        port: likewise.

    Attributes:
        token: what only the printed link holds.
    """

    def __init__(self, host: str, port: int) -> None:
        self.token = token_urlsafe(TOKEN_BYTES)
        named = f"[{host}]" if ":" in host else host
        self.place = f"{named}:{port}"
        self._hosts: Collection[str] = {self.place}
        if host == "127.0.0.1":
            self._hosts = {self.place, f"localhost:{port}"}

    @property
    def link(self) -> str:
        """Where the page is, token and all."""
        return f"http://{self.place}/#token={self.token}"

    def knows_host(self, host: str | None) -> bool:
        """Whether a request is meant for us (else a stranger's name was pointed here)."""
        return host in self._hosts

    def knows_origin(self, origin: str | None) -> bool:
        """Whether a WebSocket comes from our page."""
        return origin is not None and origin.removeprefix("http://") in self._hosts

    def knows_token(self, token: str) -> bool:
        """Whether whoever sent it has our link."""
        return compare_digest(token.encode(), self.token.encode())


class Allowance:
    """So many a second, and a store of those not used.

    Args:
        rate: a second.
        most: that can be stored.
    """

    def __init__(
        self, rate: float, most: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._most = most
        self._clock = clock
        self._left = most
        self._at = clock()

    def take(self) -> bool:
        """Use one; False if there is none."""
        now = self._clock()
        self._left = min(self._left + (now - self._at) * self._rate, self._most)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

"""Requests over HTTP: by the standard library, which knows redirects, proxies and certificates.

What it lacks (going on after a cut, limits, errors in one line) is little, and is here and in
`part`. Proxies are those of the environment or of the system.
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from gansynth_live import __version__
from gansynth_live.errors import DownloadError

SILENCE = 30.0  # seconds without a byte after which a connection counts as broken
PASSING = (408, 425, 429, 500, 502, 503, 504)  # answers that may be others a moment later
ABSENT = (403, 404, 410)  # Google's storage forbids what is not there


class BrokenOffError(DownloadError):
    """A connection failed in a way that may be over at the next try."""


class AnsweredError(DownloadError):
    """A server answered with an error."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but never from an encrypted connection to a plain one."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The request for the new address."""
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise DownloadError(f"{req.full_url} leads to {newurl}, which is not encrypted")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def opened(url: str, headers: Mapping[str, str] | None = None) -> Iterator[HTTPResponse]:
    """The answer to a GET request, while the context lasts; what it says is still to be read.

    Raises:
        BrokenOffError: the connection failed, at first or while it was read.
        AnsweredError: the server refused.
        DownloadError: there is no way to a connection that may be trusted.
    """
    host = urlsplit(url).netloc
    try:
        with _opener().open(Request(url, headers=dict(headers or {})), timeout=SILENCE) as answer:  # noqa: S310 - http and https only
            yield answer
    except HTTPError as error:
        error.close()
        message = f"{url}: the server says {error.code} {error.reason}"
        if error.code in PASSING:
            raise BrokenOffError(message) from error
        raise AnsweredError(message, error.code) from error
    except URLError as error:
        raise _refusal(f"cannot reach {host}", error.reason) from error
    except (OSError, HTTPException) as error:
        raise _refusal(f"the connection to {host} broke", error) from error
    except ValueError as error:  # an address that no request can be made of
        raise DownloadError(f"{url}: {error}") from error


def read_small(url: str, most: int) -> bytes:
    """All that is at an address; `DownloadError` if it is over `most` bytes."""
    with opened(url) as answer:
        content = answer.read(most + 1)
        if len(content) > most or len(content) < int(answer.headers.get("Content-Length", 0)):
            raise BrokenOffError(f"{url}: larger than {most} bytes, or cut off")
    return content


def _opener() -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (
        *(ProxyHandler, UnknownHandler, HTTPHandler, HTTPSHandler),
        *(HTTPDefaultErrorHandler, HTTPErrorProcessor, _Redirects),
    ):
        opener.add_handler(handler())
    opener.addheaders = [("User-Agent", f"gansynth-live/{__version__}")]
    return opener


def _refusal(what: str, reason: object) -> DownloadError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DownloadError(
            f"{what}: its certificate is not to be trusted ({reason.verify_message}); check the "
            "clock and the proxy, and on a Mac run Python's 'Install Certificates'"
        )
    said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return BrokenOffError(f"{what}: {said}")

"""Folders in Google's storage, which its JSON interface lists."""

from typing import Annotated, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

import msgspec
from msgspec import Meta

from gansynth_live.download import address
from gansynth_live.download.web import read_small
from gansynth_live.errors import DownloadError

LARGEST_PAGE = 8 << 20
MOST_PAGES = 50

Size = Annotated[int, Meta(ge=0, le=1 << 60)]


class Item(msgspec.Struct):
    """An object: its name in the bucket, and its bytes (as text, in that interface)."""

    name: str
    size: Size


class Page(msgspec.Struct):
    """A part of a listing."""

    items: list[Item] = []
    nextPageToken: str = ""  # noqa: N815 - as it is spelt there


class Listed(NamedTuple):
    """A file of a folder."""

    path: str  # within the folder
    size: int


def is_stored(url: str) -> bool:
    """Whether an address is one of a bucket there."""
    return url.startswith(f"{address.STORAGE}/")


def listed(url: str) -> list[Listed]:
    """All files beneath the folder at an address.

    Raises:
        DownloadError: it cannot be listed, or is too large to be a model.
    """
    bucket, _, folder = unquote(urlsplit(url).path).lstrip("/").partition("/")
    prefix = f"{folder}/" if folder else ""
    found: list[Listed] = []
    token = ""
    for _ in range(MOST_PAGES):
        page = _page(bucket, prefix, token)
        found += [Listed(item.name.removeprefix(prefix), item.size) for item in page.items]
        if not (token := page.nextPageToken):
            return [file for file in found if not file.path.endswith("/")]
    raise DownloadError(f"{url} has too many files for a model")


def _page(bucket: str, prefix: str, token: str) -> Page:
    query = urlencode(
        {"prefix": prefix, "fields": "items(name,size),nextPageToken"}
        | ({"pageToken": token} if token else {})
    )
    url = f"{address.STORAGE}/storage/v1/b/{quote(bucket, safe='')}/o?{query}"
    try:
        return msgspec.json.decode(read_small(url, LARGEST_PAGE), type=Page, strict=False)
    except (ValueError, RecursionError) as error:
        raise DownloadError(f"{url}: no listing ({error})") from error

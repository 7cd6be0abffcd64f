"""What a user asked for as the address of a model, and the name that it suggests."""

import os
from urllib.parse import quote, unquote, urlsplit

from gansynth_live.errors import UsageError
from gansynth_live.model.checkpoint.contents import MANIFEST
from gansynth_live.model.installed import MAGENTAS

STORAGE = "https://storage.googleapis.com"  # gs://BUCKET/PATH is BUCKET/PATH there
MAGENTAS_FOLDER = "gs://magentadata/models/gansynth"
MEANT_IN_URLS = "%/:=&?~+!$,;'@()*[]"


def resolve(what: str) -> str:
    """The http or https address of a model: a zip archive, or a folder (no slash at its end).

    Raises:
        UsageError: it is neither an address nor the name of one of Magenta's models.
    """
    if what in MAGENTAS:
        what = f"{MAGENTAS_FOLDER}/{what}.zip"
    if what.startswith("gs://"):
        what = f"{STORAGE}/{quote(what.removeprefix('gs://'))}"
    url = quote(what.partition("#")[0], safe=MEANT_IN_URLS).rstrip("/")
    try:
        parts = urlsplit(url)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or half of an IPv6 address
        fit = False
    if not fit:
        raise UsageError(f"{what!r:.100} is no model to get; {_cure(what)}")
    if parts.username is not None:
        raise UsageError(f"addresses with a user's name are not supported; {_cure(what)}")
    return url.removesuffix(f"/{MANIFEST}")


def suggested_name(url: str) -> str:
    """What a model is called after its address."""
    return unquote(urlsplit(url).path).rpartition("/")[2].removesuffix(".zip")


def is_archive(url: str) -> bool:
    """Whether an address is a zip archive's by its name."""
    return urlsplit(url).path.endswith(".zip")


def beneath(url: str, path: str) -> str:
    """The address of a file in the folder at an address."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path}/{quote(path)}").geturl()


def _cure(what: str) -> str:
    if os.path.exists(what):  # noqa: PTH110 - `Path.exists` raises for names that are too long
        return f"it is here already: gansynth-live model import {what}"
    return f"give {' or '.join(MAGENTAS)}, https://... or gs://BUCKET/PATH"

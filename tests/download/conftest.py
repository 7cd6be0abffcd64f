"""A storage of the test's own, and no other way to the internet."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gansynth_live.download import address, part
from tests.download.storage import Storage, serving


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests go to the servers themselves."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies, no waiting, and an empty cache."""
    without_proxies(monkeypatch)
    monkeypatch.setattr(part, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """A server in the place of Google's storage."""
    with serving() as server:
        monkeypatch.setattr(address, "STORAGE", server.url)
        yield server

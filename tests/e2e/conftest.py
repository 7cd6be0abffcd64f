"""A JACK server for each test that asks for one."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.e2e.jackd import JackServer, missing_programs

_numbers = count()


def private_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, waits: bool = True
) -> Iterator[JackServer]:
    """A running private server; JACK clients of this process and of its children find it.

    Args:
        waits: whether no block is lost to a late client, nor for seconds to one that was killed.
    """
    if missing := missing_programs():
        pytest.skip(f"no {', '.join(missing)}: install jackd2")
    name = f"gansynth{os.getpid()}-{next(_numbers)}"
    server = JackServer(name, folder / "jackd.log", waits=waits)
    for variable, value in server.environment.items():
        monkeypatch.setenv(variable, value)
    with server:
        yield server


@pytest.fixture
def jack_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JackServer]:
    """See `private_server`."""
    yield from private_server(tmp_path, monkeypatch)

"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

PATIENCE = 60.0  # seconds, of a busy machine


def eventually(condition: Callable[[], bool]) -> None:
    """Return once the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)

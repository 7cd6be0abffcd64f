"""Waiting for renders, but not for ever."""

import time
from collections.abc import Callable

from gansynth_live.errors import GansynthError
from gansynth_live.synth import Synth

PATIENCE = 120.0  # seconds


def wait_for(condition: Callable[[], bool], pause: float = 0.001) -> None:
    """Look every `pause` seconds until it is true.

    Raises:
        GansynthError: it has not become so in two minutes.
    """
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise GansynthError("the renders did not come in time; is the machine busy?")
        time.sleep(pause)


def is_warm(synth: Synth) -> bool:
    """Whether all keys of the first part are new, and those of its anchors rendered as well."""
    snapshot, part = synth.renders.snapshot(), synth.renders.parts[0]
    others = [anchor for anchor in part.anchors if anchor != part.target]
    wanted = snapshot.keys * len(others)
    return snapshot.fresh == snapshot.keys and snapshot.used.anchors == wanted

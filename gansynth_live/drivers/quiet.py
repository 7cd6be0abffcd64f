"""C libraries that chatter on standard error while they look for devices."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

STANDARD_ERROR = 2


@contextmanager
def quiet() -> Iterator[None]:
    """Send the process's standard error to nowhere for a moment.

    ALSA and JACK print several lines for each thing that they do not find; what was found out is
    said once, by the caller.
    """
    try:
        kept = os.dup(STANDARD_ERROR)
    except OSError:  # closed already: nobody can chatter
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_ERROR)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, STANDARD_ERROR)
        os.close(kept)

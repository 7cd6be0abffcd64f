"""Signs of life of a stream, and a way to leave a dead one behind.

When a sound server vanishes, PortAudio says nothing: its stream still claims to be active and
`stop` never returns. So life is judged by the blocks that arrive, and goodbyes have a deadline.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

PATIENCE_SECONDS = 0.25
PATIENCE_BLOCKS = 8
LONGEST_LOOK_SECONDS = 0.1
GOODBYE_SECONDS = 1.0


class Heartbeat:
    """Judges by a counter that every block moves whether blocks still arrive.

    Only time that was watched counts, at most 0.1 s from one look to the next: when the whole
    process stands still (Ctrl-Z, a suspended computer), the device is not to blame.

    Args:
        counter: returns the number of blocks or frames so far.
        block_seconds: duration of one block.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        counter: Callable[[], int],
        block_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._counter = counter
        self._clock = clock
        self._patience = max(PATIENCE_SECONDS, PATIENCE_BLOCKS * block_seconds)
        self._count = counter()
        self._looked = clock()
        self._still = 0.0

    def is_beating(self) -> bool:
        """False once the counter was seen to stand still for 250 ms or 8 blocks (the longer)."""
        count, now = self._counter(), self._clock()
        self._still += min(now - self._looked, LONGEST_LOOK_SECONDS)
        self._looked = now
        if count != self._count:
            self._count, self._still = count, 0.0
        return self._still < self._patience


def goodbye(action: Callable[[], object], seconds: float = GOODBYE_SECONDS) -> bool:
    """Run `action` in a thread of its own and wait for it at most `seconds`.

    Returns False when it has not come back; it is left alone then and dies with the process. What
    a dying device complains about on the way out interests nobody.
    """

    def leave() -> None:
        with suppress(Exception):
            action()

    thread = threading.Thread(target=leave, name="goodbye", daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()

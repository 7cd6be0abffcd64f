"""`gansynth-live play` in an interpreter whose lock is fought over, from SIGUSR2 on.

    python -m gansynth_live.bench.loaded_play [options of play]

Two threads compute in Python without a pause, a third keeps the lock for milliseconds at a time.
"""

import gc
import signal
import sys
from threading import Thread
from typing import Any

from gansynth_live.cli import main


def spin() -> None:
    """Compute for ever."""
    while True:
        sum(range(1000))


def hold() -> None:
    """Stay inside single calls that do not let the lock go, for ever."""
    while True:
        lists = [[number] for number in range(20_000)]
        gc.collect()
        del lists


def begin(*_: Any) -> None:
    """Start the fight."""
    for work in (spin, spin, hold):
        Thread(target=work, daemon=True).start()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR2, begin)
    sys.argv = ["gansynth-live", "play", *sys.argv[1:]]
    main()

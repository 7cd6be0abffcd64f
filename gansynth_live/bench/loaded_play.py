"""`gansynth-live play` in an interpreter whose lock is fought over: the hardest place to keep time.

    python -m gansynth_live.bench.loaded_play [options of play]

Two threads compute in Python without a pause, a third keeps the lock for long stretches.
"""

import gc
import sys
from threading import Thread

from gansynth_live.cli import main


def spin() -> None:
    """Compute for ever."""
    while True:
        sum(range(1000))


def hold() -> None:
    """Keep the interpreter lock inside single calls that take milliseconds, for ever."""
    while True:
        lists = [[number] for number in range(20_000)]
        gc.collect()
        del lists


if __name__ == "__main__":
    for work in (spin, spin, hold):
        Thread(target=work, daemon=True).start()
    sys.argv = ["gansynth-live", "play", *sys.argv[1:]]
    main()

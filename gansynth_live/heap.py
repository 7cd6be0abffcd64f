"""The C library's heap: what a process has freed, and keeps from the system all the same."""

import ctypes
import sys
from collections.abc import Callable
from functools import cache

# Of glibc's mallopt. By itself it has a heap for each thread, and once a block of some megabytes
# was freed it keeps twice as much of each.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGE = 1 << 20  # bytes: such blocks come from the system and go back to it


def stay_small() -> None:
    """Let freed memory go back to the system soon, where that can be asked for (glibc).

    To be called before there are threads: they then share one heap.
    """
    if sys.platform == "linux" and (choose := getattr(ctypes.CDLL(None), "mallopt", None)):
        for option, value in ((ARENA_MAX, 1), (MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE)):
            choose(option, value)


def give_back() -> None:
    """Give the pages of freed memory back to the system, where the C library is able to.

    Costs up to some 20 ms, in which other threads that allocate may wait: not for threads that
    somebody waits for.
    """
    _giver()()


@cache
def _giver() -> Callable[[], object]:
    if sys.platform == "win32":
        return _nothing  # its heap gives large blocks back by itself
    library = ctypes.CDLL(None)
    if trim := getattr(library, "malloc_trim", None):  # glibc; musl frees at once
        return lambda: trim(ctypes.c_size_t(0))
    if relieve := getattr(library, "malloc_zone_pressure_relief", None):  # macOS
        return lambda: relieve(None, ctypes.c_size_t(0))
    return _nothing


def _nothing() -> None:
    return

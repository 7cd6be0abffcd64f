"""How compiled code sleeps: by the system's own call, since Python has no part in it."""

import ctypes
import sys
from typing import Any

import llvmlite.binding
import numpy as np
from numba import types

from gansynth_live.kernel.compile import compiled

UNIT = 1000 if sys.platform == "win32" else 1  # microseconds, of the system's call


def external(library: ctypes.CDLL, name: str, signature: Any) -> Any:
    """A C function for compiled code, which finds it by name and so can be kept on disk."""
    address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
    llvmlite.binding.add_symbol(name, address)
    return types.ExternalFunction(name, signature)


def _system_sleep() -> Any:
    if sys.platform == "win32":
        return external(ctypes.WinDLL("kernel32"), "Sleep", types.void(types.uint32))
    return external(ctypes.CDLL(None), "usleep", types.int32(types.uint32))


_sleep = _system_sleep()


@compiled
def nap(microseconds: int) -> None:
    """Sleep for about so long, at least for the shortest time that the system knows."""
    _sleep(np.uint32(max(microseconds // UNIT, 1)))

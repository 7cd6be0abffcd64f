"""How the performance path is compiled: numba, cached on disk, no Python objects at run time."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

from gansynth_live.files import user_cache_dir

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILED_ROOMS = ("kernel", "engine", "drivers")

# Sums may be reordered and fused for speed. NaN and Inf stay honest: the guard needs them.
FAST = {"contract", "reassoc", "nsz", "arcp"}


def compiled(function: Function) -> Function:
    """Compile `function` without the GIL, without exceptions and without bounds checks.

    Compilation happens at the first call or when a callback that uses it is built; the result is
    cached on disk.
    """
    compile_it = numba.njit(
        nogil=True, cache=True, fastmath=FAST, error_model="numpy", boundscheck=False
    )
    compiled_function: Function = compile_it(function)
    return compiled_function


def compiled_inline(function: Function) -> Function:
    """Like `compiled`, for small functions that are part of their callers and never called alone."""
    compile_it = numba.njit(
        nogil=True, fastmath=FAST, error_model="numpy", boundscheck=False, inline="never"
    )
    compiled_function: Function = compile_it(function)
    return compiled_function


def cache_folder() -> Path:
    """Where compiled code is kept: one folder for each version of the sources.

    numba checks only the file of the cached function, not the files of the functions it calls, so
    a change in any compiled room starts a fresh cache.
    """
    package = Path(__file__).parent.parent
    digest = hashlib.sha256(numba.__version__.encode())
    for room in COMPILED_ROOMS:
        for source in sorted((package / room).rglob("*.py")):
            digest.update(source.read_bytes())
    return user_cache_dir() / "compiled" / digest.hexdigest()[:16]


numba.config.CACHE_DIR = str(cache_folder())

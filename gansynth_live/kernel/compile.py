"""How the performance path is compiled: numba, cached on disk, no Python objects at run time."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import types

from gansynth_live.files import user_cache_dir

Function = TypeVar("Function", bound=Callable[..., Any])

FIRST_START = "first start: compiling the engine for this machine, a quarter of a minute"
COMPILED_ROOMS = ("kernel", "engine", "drivers")

# Sums may be reordered and fused for speed. NaN and Inf stay honest: the guard needs them.
FAST = {"contract", "reassoc", "nsz", "arcp"}


def compiled(function: Function) -> Function:
    """Compile a part of the performance path: no GIL, no exceptions, no bounds checks.

    It can be called from other compiled functions only; not building the doors to Python and C
    halves the time of a first start.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def compiled_part(function: Function) -> Function:
    """Like `compiled`, for what is done for every voice and segment: becomes part of its caller.

    A call hands over each array of `Memory`, which costs more than a segment of sound.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def compiled_entry(function: Function) -> Function:
    """Like `compiled`, for the few functions that Python calls."""
    return _compile(function, no_cfunc_wrapper=True)


def compiled_view(function: Function) -> Function:
    """Like `compiled`, for functions that find arrays at an address."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=True)


def _compile(function: Function, *, _nrt: bool = False, **options: bool) -> Function:
    # Without numba's runtime nothing that allocates compiles, and no array is reference-counted: an
    # atomic operation for each array of each call would cost as much as the sound.
    compile_it = numba.njit(
        nogil=True,
        cache=True,
        fastmath=FAST,
        error_model="numpy",
        boundscheck=False,
        _nrt=_nrt,
        **options,
    )
    dispatcher = compile_it(function)
    resolve = dispatcher.get_call_template

    def resolve_plain(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return resolve(tuple(map(_plain, args)), kws)

    dispatcher.get_call_template = resolve_plain
    result: Function = dispatcher
    return result


def _plain(argument: types.Type) -> types.Type:
    """Integers are 64 bits and constants nothing special: else each makes a version of its own."""
    argument = types.unliteral(argument)
    return types.int64 if isinstance(argument, types.Integer) else argument


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


def is_first_start() -> bool:
    """Whether these sources have never been compiled on this machine."""
    return not cache_folder().is_dir()


numba.config.CACHE_DIR = str(cache_folder())

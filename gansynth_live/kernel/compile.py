"""How the performance path is compiled: numba, kept on disk, no Python objects at run time."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numba
from numba import types
from numba.core.ccallback import CFunc
from numba.core.sigutils import normalize_signature

from gansynth_live.kernel.code_cache import CodeCache

Function = TypeVar("Function", bound=Callable[..., Any])

# Sums may be reordered and fused for speed. NaN and Inf stay honest: the guard needs them.
FAST = {"contract", "reassoc", "nsz", "arcp"}


class _Pending(NamedTuple):
    """What `compile_all` still has to do."""

    cache: CodeCache
    signature: Any
    compile: Callable[[], Any]


_pending: list[_Pending] = []


def compiled(function: Function) -> Function:
    """Compile a part of the performance path: no GIL, no exceptions, no bounds checks.

    It can be called from other compiled functions only; not building the doors to Python and C
    halves the time of a first start.
    """
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def compiled_part(function: Function) -> Function:
    """Like `compiled`, for what is done for every voice and segment: becomes part of its caller.

    A call hands over each array of `Memory`, which costs more than a segment of sound.
    """
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def compiled_view(function: Function) -> Function:
    """Like `compiled_part`, for functions that find arrays at an address.

    As part of its caller, the compiler sees that nothing need be counted.
    """
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}
    return _compiled(function, _nrt=True, **options)


def compiled_entry(*arguments: types.Type) -> Callable[[Function], Function]:
    """Like `compiled`, for the few functions that Python calls; they are kept on disk.

    `compile_all` compiles it for the numba types `arguments`; without any, its first call does.
    """

    def decorate(function: Function) -> Function:
        entry: Any = _compiled(function, no_cfunc_wrapper=True)
        entry._cache = CodeCache(function)
        if arguments:
            _pending.append(_Pending(entry._cache, arguments, lambda: entry.compile(arguments)))
        result: Function = entry
        return result

    return decorate


class CompiledCallback(CFunc):  # type: ignore[misc]
    """A function that a C library calls; it is kept on disk."""

    @property
    def address(self) -> int:
        """Where it lies in memory. Compiles it if that was not done before."""
        if self._wrapper_address is None:
            self.compile()
        return int(self._wrapper_address)


def compiled_callback(signature: Any) -> Callable[[Callable[..., Any]], CompiledCallback]:
    """Make a C callback of a function; `compile_all` compiles it."""

    def decorate(function: Callable[..., Any]) -> CompiledCallback:
        types_of = normalize_signature(signature)
        callback = CompiledCallback(function, types_of, {}, {"error_model": "numpy"})
        callback._cache = CodeCache(function)
        _pending.append(_Pending(callback._cache, callback._sig, lambda: callback.address))
        return callback

    return decorate


def compile_all() -> None:
    """Have everything compiled that was imported so far: loaded from disk, or made now.

    Commands do so before they play or render: nothing is compiled while sound runs.
    """
    while _pending:
        _pending[0].compile()
        del _pending[0]


def compile_to_disk() -> bool:
    """Compile what was imported so far; whether all is on disk now.

    After something that could not be kept, the rest is left alone.
    """
    for pending in _pending:
        pending.compile()
        if not pending.cache.holds(pending.signature):
            return False
    return True


def pending_modules() -> list[str]:
    """Names of the modules whose functions `compile_all` would compile or load."""
    return sorted({pending.cache.module for pending in _pending})


def is_kept() -> bool:
    """Whether `compile_all` has only to load what is on disk."""
    return all(pending.cache.holds(pending.signature) for pending in _pending)


def _compiled(function: Function, *, _nrt: bool = False, **options: bool) -> Function:
    # Without numba's runtime nothing that allocates compiles, and no array is reference-counted: an
    # atomic operation for each array of each call would cost as much as the sound.
    compile_it = numba.njit(
        nogil=True,
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

"""Compiled code on disk, in place of numba's own cache, which trusts what it reads.

numba would run code of which a byte has changed, end the program where the disk is full, and write
beside the sources where it cannot write elsewhere. It looks only at the file of the function
itself, not at those of the functions that it calls.
"""

import hashlib
import logging
import pickle
import platform
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
from llvmlite import binding
from numba.core import compiler
from numba.core.caching import _Cache
from numba.core.registry import cpu_target
from numba.core.runtime import _nrt_python
from numba.core.serialize import dumps

from gansynth_live import disk_cache
from gansynth_live.folders import user_cache_dir
from gansynth_live.log import SHOWN

FIRST_START = "first start: compiling the engine for this machine, a quarter of a minute"
# Several installations may take turns, each with its own version of the sources, of some 6 MB.
KEPT_SECONDS = 30 * 24 * 3600.0
KEPT_BYTES = 256 << 20
# All that compiled code, and the constants that are frozen into it, come from.
SOURCES = ("kernel", "engine", "parameters", "tuning", "midi", "drivers", "model", "units.py")

log = logging.getLogger(__name__)


class CodeCache(_Cache):  # type: ignore[misc]
    """The cache of one compiled function, in the shape that numba asks for."""

    def __init__(self, function: Any) -> None:
        """Name the files after the function."""
        self.module: str = function.__module__
        self._name = f"{function.__module__}.{function.__qualname__}"

    @property
    def cache_path(self) -> str:
        """Where the files lie."""
        return str(code_folder())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function for these types; None, said to the user, if it is not there.

        numba would make its compiler ready even so, which takes half a second and 40 MiB; whoever
        compiles does that anyway. Code that is only loaded needs no more than numba's runtime.
        """
        _know_runtime()
        content = disk_cache.load(self._path(sig, target_context))
        if content is not None:
            try:
                parts = pickle.loads(content)  # noqa: S301 - the user's own folder, as numba does
                return compiler.CompileResult._rebuild(target_context, *parts)
            except Exception:  # whatever the parts of a strange file raise: it is made again
                log.info("the compiled %s cannot be used", self._name, exc_info=True)
        tell_of_compiling()
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled function, if the disk allows."""
        if data.library.has_dynamic_globals:
            return
        path = self._path(sig, data.target_context)
        disk_cache.store(path, dumps(data._reduce()))
        disk_cache.forget(path.parent.parent, path.parent, KEPT_SECONDS, KEPT_BYTES)

    def holds(self, sig: Any) -> bool:
        """Whether the function is there for these types, every byte of it."""
        return disk_cache.load(self._path(sig, cpu_target.target_context)) is not None

    def enable(self) -> None:
        """Always on."""

    def disable(self) -> None:
        """Always on."""

    def flush(self) -> None:
        """Nothing is held back."""

    def _path(self, sig: Any, target_context: Any) -> Path:
        types = repr((sig, target_context.codegen().magic_tuple()))
        return code_folder() / f"{self._name}-{hashlib.sha256(types.encode()).hexdigest()[:16]}"


@cache
def _know_runtime() -> None:
    """Let the linker find numba's runtime, by which compiled code allocates arrays."""
    for name, address in _nrt_python.c_helpers.items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


@cache
def _source_digest() -> str:
    """One for each version of the sources, of the compiler and of Python, wherever they lie."""
    versions = (numba.__version__, llvmlite.__version__, platform.python_version())
    digest = hashlib.sha256(repr(versions).encode())
    package = Path(__file__).parent.parent
    for source in sorted(package.rglob("*.py")):
        place = source.relative_to(package)
        if place.parts[0] in SOURCES:
            digest.update(place.as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def code_folder() -> Path:
    """Where this version's compiled code is kept."""
    return user_cache_dir() / "compiled" / _source_digest()


@cache
def tell_of_compiling() -> None:
    """Say, once, that something is compiled now."""
    log.log(SHOWN, FIRST_START)

"""Temporary files and folders beside what is being written, named after their process.

So what a process that was killed has left is found, and removed by the next one that writes there.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

PREFIX = ".unfinished"

_own: set[Path] = set()
_swept: set[Path] = set()
_numbers = count(1)


def create(folder: Path, suffix: str) -> Path:
    """A fresh, empty file in `folder`, which only its user may read; `OSError` as `os.open`."""
    return _fresh(folder, suffix, _make_file)


def create_folder(folder: Path) -> Path:
    """A fresh, empty folder in `folder`, which only its user may enter; `OSError` as `os.mkdir`."""
    return _fresh(folder, "", lambda path: path.mkdir(0o700))


def discard(path: Path) -> None:
    """Remove what was created here, if it is still there; it is no longer looked after."""
    _remove(path)
    _own.discard(path)


def discard_all() -> None:
    """Remove all that is still looked after: for a process that ends without unwinding."""
    for path in list(_own):
        with suppress(OSError):
            _remove(path)


def sweep(folder: Path) -> None:
    """Remove what processes of this machine have left in `folder` that are no more."""
    with suppress(OSError):
        for path in folder.glob(f"{PREFIX}-{_machine()}-*"):
            process = path.name.split("-")[2]
            if process.isdecimal() and not _is_alive(int(process)):
                _remove(path)


def _fresh(folder: Path, suffix: str, make: Callable[[Path], None]) -> Path:
    if folder not in _swept:
        _swept.add(folder)
        sweep(folder)
    while True:
        path = folder / f"{PREFIX}-{_machine()}-{os.getpid()}-{next(_numbers)}{suffix}"
        with suppress(FileExistsError):
            make(path)
            _own.add(path)
            return path


def _make_file(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        from shutil import rmtree

        rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _machine() -> str:
    """The folder may be shared by machines, and by containers: each has processes of its own."""
    import platform
    from zlib import crc32

    return f"{crc32(platform.node().encode(errors='replace')):08x}"


def _is_alive(process: int) -> bool:
    if sys.platform == "win32":  # there `kill` kills
        return _is_alive_on_windows(process)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_alive_on_windows(process: int) -> bool:
    import ctypes

    query, still_active = 0x1000, 259
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(query, False, process)
    code = ctypes.c_ulong(0)
    alive = handle and kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    if handle:
        kernel.CloseHandle(handle)
    return bool(alive) and code.value == still_active

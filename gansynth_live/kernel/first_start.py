"""The first start: another process compiles, and what its compiler took goes with it.

    python -m gansynth_live.kernel.first_start MODULE ...

compiles what the modules declare into the cache on disk.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from gansynth_live.kernel.code_cache import tell_of_compiling
from gansynth_live.kernel.compile import compile_all, compile_to_disk, is_kept, pending_modules

SOURCES = Path(__file__).parents[2]

log = logging.getLogger(__name__)


def compile_or_load() -> None:
    """Have everything compiled that was imported so far; after the first start, it is loaded.

    A compiler leaves some 200 MiB behind in its process, so another one compiles. What it could not
    do or keep is done here.
    """
    if not is_kept():
        tell_of_compiling()
        _compile_elsewhere(pending_modules())
    compile_all()


def _compile_elsewhere(modules: Sequence[str]) -> None:
    path = os.pathsep.join(filter(None, (str(SOURCES), os.environ.get("PYTHONPATH"))))
    try:
        ended = subprocess.run(  # noqa: S603 - this module
            [sys.executable, "-m", __name__, *modules],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        log.info("the compiling process ended with %d: %s", ended.returncode, ended.stderr)
    except OSError as error:
        log.info("no other process can compile: %s", error)


def main(modules: Sequence[str]) -> int:
    """Compile what the modules declare; 1 where nothing can be kept on disk."""
    for module in modules:
        import_module(module)
    return 0 if compile_to_disk() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

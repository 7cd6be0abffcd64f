"""Compiled code on disk is as old as its sources: all that it sees is among them."""

import ast
import re
from pathlib import Path

from gansynth_live.kernel.code_cache import SOURCES
from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "gansynth_live"
DECLARES = re.compile(r"^@compiled", re.MULTILINE)
# Python's business around compiled code: no compiled function sees anything of it.
PLUMBING = {"__init__.py", "errors.py", "files.py", "folders.py", "log.py"}
PLUMBING |= {"disk_cache.py", "unfinished.py", "bench"}


def imported_by(path: Path) -> set[Path]:
    """Files of the package that a file imports."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                place = REPOSITORY.joinpath(*name.split("."))
                found |= {place.with_suffix(".py"), place / "__init__.py"}
    return {file for file in found if file.is_file() and file.is_relative_to(PACKAGE)}


def test_compiled_code_sees_no_other_sources() -> None:
    todo = [path for path in PACKAGE.rglob("*.py") if DECLARES.search(path.read_text())]
    seen: set[Path] = set()
    while todo:
        path = todo.pop()
        if path not in seen and path.relative_to(PACKAGE).parts[0] not in PLUMBING:
            seen.add(path)
            todo += imported_by(path)
    rooms = {path.relative_to(PACKAGE).parts[0] for path in seen}
    assert {"kernel", "engine", "midi"} <= rooms
    assert rooms <= set(SOURCES)

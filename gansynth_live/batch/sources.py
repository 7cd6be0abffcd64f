"""Which files are rendered: those that are named, and all MIDI files in folders, by their names."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

SUFFIXES = (".mid", ".midi")


class Source(NamedTuple):
    """A MIDI file.

    Attributes:
        path: where it is.
        name: of its sound file, within the folder of all.
        problem: why it cannot be rendered, in one line; "": nothing is known against it.
    """

    path: Path
    name: Path
    problem: str = ""


def find_sources(paths: Sequence[Path]) -> list[Source]:
    """The files among `paths` and in the folders among them, in order, none of them twice.

    A file of a folder keeps its place in it. Links to folders are not followed.
    """
    first: dict[Path, Path] = {}
    sources = []
    for source in (each for path in paths for each in _found(path)):
        other = first.setdefault(source.name, source.path)
        if other is source.path or source.problem:
            sources.append(source)
        elif os.path.realpath(other) != os.path.realpath(source.path):
            problem = f"its sound would be {source.name}, as that of {other} is; rename one of them"
            sources.append(source._replace(problem=problem))
    return sources


def _found(path: Path) -> Iterator[Source]:
    if not path.is_dir():
        yield Source(path, Path(path.name).with_suffix(".wav"))
        return
    closed: list[Source] = []

    def refuse(error: OSError) -> None:
        folder = Path(error.filename)
        closed.append(Source(folder, folder, f"cannot be looked into: {error.strerror}"))

    for folder, below, files in os.walk(path, onerror=refuse):
        below.sort()
        yield from _in_folder(Path(folder), path, files)
    yield from closed


def _in_folder(folder: Path, whole: Path, files: Iterable[str]) -> Iterator[Source]:
    for file in sorted(files):
        place = folder / file
        if place.suffix.lower() in SUFFIXES:
            yield Source(place, place.relative_to(whole).with_suffix(".wav"))

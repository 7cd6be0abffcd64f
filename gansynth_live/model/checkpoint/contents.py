"""Which files of a tree are a GANSynth model, and which of them an import reads."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath

from gansynth_live.errors import CheckpointError
from gansynth_live.model.checkpoint.experiment import EXPERIMENT

MANIFEST = "weights_manifest.json"  # what a model in Magenta.js' form begins with
FOREIGN = "__MACOSX"  # what a Mac adds to archives
STAGE_FILE = re.compile(r"(stage_\d{1,9})/(checkpoint|[^/]+\.index|[^/]+\.data-\d{5}-of-\d{5})")
ASSET = re.compile(r"assets/[^/]+")


def path_within(name: str) -> PurePosixPath:
    """The path that a name from outside means within a folder, on any system.

    Raises:
        CheckpointError: it leads out of the folder, or is no name everywhere.
    """
    path, windows = PurePosixPath(name), PureWindowsPath(name)
    if path.is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        raise CheckpointError(f"{name!r:.100} in it leads out of its folder; refused")
    if not path.parts or not name.isprintable() or ":" in name or "\\" in name:
        raise CheckpointError(f"{name!r:.100} in it is no name of a file everywhere; refused")
    return path


def model_files(names: Iterable[str]) -> tuple[PurePosixPath, list[PurePosixPath]]:
    """The folder of the one model among these paths, and the paths in it that an import reads.

    Of a trained model these are a few: earlier stages and graphs for other programs are left out.

    Raises:
        CheckpointError: there is none, or more than one.
    """
    paths = [PurePosixPath(name) for name in names]
    paths = [path for path in paths if FOREIGN not in path.parts]
    heads = [path for path in paths if path.name in (EXPERIMENT, MANIFEST)]
    if not heads:
        raise CheckpointError(f"no {EXPERIMENT} or {MANIFEST} in it; not a GANSynth model")
    roots = sorted({path.parent for path in heads})
    if len(roots) > 1:
        raise CheckpointError(
            f"two models in it, {roots[0]} and {roots[1]}; unpack it and import one of them"
        )
    within = [path.relative_to(roots[0]) for path in paths if path.is_relative_to(roots[0])]
    if PurePosixPath(EXPERIMENT) in within:
        return roots[0], _of_checkpoint(within)
    return roots[0], [path for path in within if len(path.parts) == 1]


def _of_checkpoint(paths: list[PurePosixPath]) -> list[PurePosixPath]:
    staged = {path: match for path in paths if (match := STAGE_FILE.fullmatch(str(path)))}
    last = max((match[1] for match in staged.values()), default="")
    return [
        path
        for path in paths
        if str(path) == EXPERIMENT
        or ASSET.fullmatch(str(path))
        or (path in staged and staged[path][1] == last)
    ]

"""Finding the newest checkpoint in a model directory."""

import re
from pathlib import Path

from gansynth_live.errors import CheckpointError
from gansynth_live.files import open_regular

STAGE = re.compile(r"stage_(\d{1,9})")
POINTER = re.compile(r'^\s*model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
LARGEST_POINTER = 1 << 20


def newest_checkpoint(model: Path) -> tuple[int, Path]:
    """Stage number and path prefix of the checkpoint to play: the last stage's newest one.

    Raises:
        CheckpointError: there is none.
    """
    stages = sorted(p for p in model.iterdir() if p.is_dir() and STAGE.fullmatch(p.name))
    if not stages:
        raise CheckpointError(f"{model}: no stage_... folder in it; not a trained GANSynth model")
    folder = stages[-1]
    match = STAGE.fullmatch(folder.name)
    assert match is not None  # noqa: S101
    prefix = folder / _pointed_name(folder)
    if not prefix.with_name(f"{prefix.name}.index").is_file():
        raise CheckpointError(f"{prefix}.index: not found; copy the whole folder {folder.name}")
    return int(match[1]), prefix


def _pointed_name(folder: Path) -> str:
    """Base name of the checkpoint that the file `checkpoint` names.

    The path in it is the training machine's (absolute, or relative): only its last part holds here.
    """
    path = folder / "checkpoint"
    try:
        with open_regular(path) as file:
            text = file.read(LARGEST_POINTER).decode(errors="replace")
    except FileNotFoundError:
        return _only_index(folder)
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror}") from error
    match = POINTER.search(text)
    name = re.split(r"[/\\]", match[1])[-1] if match else ""
    if name in ("", ".", ".."):
        raise CheckpointError(f"{path}: names no checkpoint; the file is damaged")
    return name


def _only_index(folder: Path) -> str:
    found = sorted(folder.glob("*.index"))
    if len(found) != 1:
        raise CheckpointError(f"{folder}: no file named checkpoint says which of its files to use")
    return found[0].name.removesuffix(".index")

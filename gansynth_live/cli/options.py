"""Options that several commands share."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from gansynth_live.errors import UsageError

LAST_SEED = 10**18 - 1  # what the name of a drawn instrument may hold


class Inversion(StrEnum):
    """How a model's frames become sound."""

    PHASE_LOCKED = "phase-locked"
    FAITHFUL = "faithful"


InversionOption: TypeAlias = Annotated[
    Inversion, typer.Option(help="How frames become sound: clearer, or as the original does.")
]
PitchOption: TypeAlias = Annotated[
    int, typer.Option(min=0, max=127, metavar="KEY", help="MIDI key; 60 is C4.")
]
ModelOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="NAME", help="Model, by name or folder; default: the one here."
    ),
]
ConfigOption: TypeAlias = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file (TOML).")
]
SetOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change one setting; repeatable."),
]
TuningOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--tuning", metavar="FILE", help="Scale of the keys, by Scala (.scl)."),
]
KeyboardMapOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--keyboard-map", metavar="FILE", help="Which key plays which degree (.kbm)."),
]
SampleRateOption: TypeAlias = Annotated[
    int, typer.Option("--sample-rate", min=8000, max=192_000, metavar="HZ", help="Frames a second.")
]
SeedOption: TypeAlias = Annotated[
    int, typer.Option(min=0, max=LAST_SEED, metavar="N", help="Seed of what is drawn.")
]


def tuning_settings(scale: Path | None, keyboard_map: Path | None) -> list[str]:
    """The files of a tuning as `--set` has them."""
    files = {"tuning.scale": scale, "tuning.map": keyboard_map}
    return [
        f"{key}={json.dumps(str(path), ensure_ascii=False)}" for key, path in files.items() if path
    ]


def split_names(text: str) -> list[str]:
    """Names from a list with commas; blanks around them do not count.

    Raises:
        UsageError: a name is empty.
    """
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise UsageError(f"{text!r:.60}: the name of an instrument is empty; write A,B,C")
    return names

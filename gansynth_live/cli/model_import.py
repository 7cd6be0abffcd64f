"""`gansynth-live model get` and `model import`: one of Magenta's models made into one of ours."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gansynth_live.errors import UsageError

if TYPE_CHECKING:
    from gansynth_live.model.checkpoint.note import ImportNote

NameOption: TypeAlias = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="What to call it; default: as there.")
]
LicenceOption: TypeAlias = Annotated[
    str, typer.Option("--licence", metavar="TEXT", help="Licence of the weights, for model.json.")
]


def get(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="acoustic_only, all_instruments, https://... or gs://BUCKET/PATH"
        ),
    ],
    name: NameOption = None,
    licence: LicenceOption = "unknown",
) -> None:
    """Fetch a Magenta GANSynth model from the internet, and import it.

    Every command finds it by its name from then on. A download that was broken off goes on when
    the command is run again. Proxies are taken from the environment (https_proxy).
    """
    from gansynth_live.cli.progress import download_progress
    from gansynth_live.download.address import resolve, suggested_name
    from gansynth_live.download.model import downloaded
    from gansynth_live.model.installed import new_model_path

    url = resolve(what)
    called = name or suggested_name(url)
    target = new_model_path(called)
    with downloaded(url, download_progress(called)) as source:
        _import(source, target, called, licence, url)


def import_(
    source: Annotated[
        Path,
        typer.Argument(metavar="SRC", help="Folder with experiment.json, or a zip archive of it."),
    ],
    target: Annotated[
        Path | None,
        typer.Argument(metavar="[DST]", help="Model folder to make; absent: one of your models."),
    ] = None,
    name: NameOption = None,
    licence: LicenceOption = "unknown",
) -> None:
    """Turn a Magenta GANSynth checkpoint into a model.

    TensorFlow is not needed. Without DST every command finds the model by its name from then on.
    It gets eight instruments, drawn at random and named after their sound.
    """
    from gansynth_live.model.checkpoint.importer import source_name
    from gansynth_live.model.installed import new_model_path

    if not source.exists():
        raise UsageError(f"{source}: no such file or folder")
    called = name or source_name(source)
    if target is None:
        _import(source, new_model_path(called), called, licence)
    else:
        _import(source, target, called, licence, model=str(target))


def _import(
    source: Path,
    target: Path,
    name: str,
    licence: str,
    address: str | None = None,
    model: str | None = None,
) -> None:
    """Import, and say how it went; `model` is how it is called on the command line."""
    from gansynth_live.cli.progress import progress
    from gansynth_live.model.checkpoint.importer import import_checkpoint
    from gansynth_live.model.directions.describing import describe

    with progress("listening", 1.0) as advance:
        note = import_checkpoint(
            *(source, target, licence, name, address),
            named=lambda bundle: describe(bundle, lambda _, notes: advance(1 / notes)),
        )
    _tell(note, model or name)


def _tell(note: "ImportNote", model: str) -> None:
    typer.echo(
        f"{model}: {note.origin}, progress {note.progress:g}, "
        f"{len(note.averaged)} averaged variables"
    )
    if note.quantised:
        typer.echo(
            f"note: {len(note.quantised)} variables are stored in few bits: the sound may differ a "
            "little from the whole model's",
            err=True,
        )
    if note.raw:
        typer.echo(
            f"note: {len(note.raw)} variables have no moving average, their last values were taken "
            f"({note.raw[0]} ...): the sound may be rougher",
            err=True,
        )
    typer.echo(f"try it: gansynth-live play --model {model}")

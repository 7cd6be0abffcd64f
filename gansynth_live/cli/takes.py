"""`gansynth-live takes`: what was kept of performances, and how it sounds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.group import group
from gansynth_live.cli.options import ModelOption
from gansynth_live.errors import UsageError, printable

if TYPE_CHECKING:
    from gansynth_live.takes.take import Take

app = group("Takes: what `play` kept of what was just played (k and Enter).")

TakeArgument = Annotated[
    str, typer.Argument(metavar="[TAKE]", help="Name or file of a take; absent: the last one.")
]


@app.command("list")
def list_() -> None:
    """List the takes, the oldest first."""
    for path in _paths():
        typer.echo(_name(path))


@app.command()
def show(take: TakeArgument = "") -> None:
    """Show what is in a take."""
    path = _found(take)
    found = _read(path)
    typer.echo(f"{path}\n  made: {found.made}, version {found.version}")
    typer.echo(f"  length: {found.seconds:.1f} s from a rest on; {found.notes} notes")
    typer.echo(f"  model: {found.model.name}; {found.sample_rate} Hz")
    begun = {name for switch in found.switches for name, _ in switch.weights}
    typer.echo(f"  instruments: {', '.join(sorted(begun))}")
    if found.edits:
        typer.echo(f"  {len(found.edits)} changes of parameters by other ways than MIDI")


@app.command()
def render(
    take: TakeArgument = "",
    out: Annotated[
        Path | None, typer.Option(metavar="OUT.wav", help="Sound file; default: beside the take.")
    ] = None,
    sample_rate: Annotated[
        int | None,
        typer.Option(min=8000, max=192_000, metavar="HZ", help="Default: as it was played."),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Render a take again: bit for bit as it was played, or it says what differs.

    The silence before the first note is left out.
    """
    from gansynth_live.instrument import open_instrument
    from gansynth_live.performance.sound_file import sound_file
    from gansynth_live.takes.keeping import beside
    from gansynth_live.takes.replay import TAIL_SECONDS, Replay

    path = _found(take)
    found = _read(path)
    rate = sample_rate or found.sample_rate
    settings = found.config.model
    opened = open_instrument(
        model or settings.path,
        settings.inversion,
        rate,
        settings.threads,
        found.config.air.amount,
        found.config.life.amount,
    )
    replay = Replay(found, opened)
    for difference in replay.differences:
        typer.echo(printable(f"differs: {difference}"), err=True)
    place = out or beside(path, ".wav")
    most = int((found.seconds + TAIL_SECONDS + 1.0) * rate)
    silent = replay.silent_frames
    with sound_file(place, rate, 2, most) as write:
        for block in replay.blocks():
            write(block.T[silent:])
            silent = max(silent - block.shape[1], 0)
    typer.echo(str(place))


def _paths() -> list[Path]:
    from gansynth_live.takes.take import SUFFIX, takes_folder

    return sorted(takes_folder().glob(f"*{SUFFIX}"))


def _found(name: str) -> Path:
    from gansynth_live.takes.take import SUFFIX, takes_folder

    if name.endswith(SUFFIX) or "/" in name:
        return Path(name)
    if name:
        return takes_folder() / (name + SUFFIX)
    if not (paths := _paths()):
        raise UsageError(f"no takes in {takes_folder()} yet; while playing, enter k")
    return paths[-1]


def _name(path: Path) -> str:
    from gansynth_live.takes.take import SUFFIX

    return path.name.removesuffix(SUFFIX)


def _read(path: Path) -> "Take":
    from gansynth_live.takes.take import read

    return read(path)

"""`gansynth-live instruments`: which timbres there are, new ones, and how each sounds and looks."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.options import ModelOption, PitchOption, SeedOption
from gansynth_live.errors import UsageError

if TYPE_CHECKING:
    from gansynth_live.latent.library import Library
    from gansynth_live.model.bundle import Bundle

PREVIEW_RATE = 48_000
OVERVIEW = "overview.png"


def instruments(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    random: Annotated[
        int, typer.Option(min=0, max=1000, metavar="N", help="Draw so many new ones.")
    ] = 0,
    seed: SeedOption = 0,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Keep the drawn ones by name, in order; repeatable."),
    ] = None,
    forget: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Forget a kept one; repeatable.")
    ] = None,
    preview: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write one WAV each and an overview picture.")
    ] = None,
    pitch: PitchOption = 60,
    directions: Annotated[
        bool, typer.Option("--directions", help="Show which directions change which property.")
    ] = False,
    model: ModelOption = None,
) -> None:
    """List, draw, keep and preview instruments; show the directions they can move in.

    A drawn instrument is random:SEED:NUMBER; every command takes that name too.
    """
    from gansynth_live.instrument import open_library
    from gansynth_live.latent.library import random_names

    bundle, library = open_library(model)
    if directions:
        _show_directions(bundle, as_json)
        return
    if forget:
        library.forget(forget)
    drawn = random_names(random, seed)
    chosen = _keep(library, drawn, keep or []) or library.names
    if preview is not None:
        _preview(chosen, preview, pitch, model)
    if as_json:
        listed = [{"name": name, "kept": library.is_kept(name)} for name in chosen]
        typer.echo(json.dumps({"model": bundle.spec.name, "instruments": listed}, indent=2))
    else:
        for name in chosen:
            typer.echo(f"{name} (kept)" if library.is_kept(name) else name)


def _show_directions(bundle: "Bundle", as_json: bool) -> None:
    """A line for each direction: what a knob's whole range changes in the mean of some notes."""
    from gansynth_live.cli.progress import progress
    from gansynth_live.model.directions import directions_of

    with progress("directions", 1.0) as advance:
        found = directions_of(bundle, lambda _done, notes: advance(1 / notes))
    if as_json:
        listed = [
            {
                "name": name,
                "strength": found.strengths[i],
                "changes": {of: by._asdict() for of, by in found.changes(i).items()},
            }
            for i, name in enumerate(found.names)
        ]
        typer.echo(json.dumps({"model": bundle.spec.name, "directions": listed}, indent=2))
        return
    width = max(len(name) for name in found.names)
    for i, name in enumerate(found.names):
        changes = [
            f"{measure} {change.by:+.2g} {change.unit} ({change.agreement:.0%})"
            for measure, change in found.changes(i).items()
            if change.is_heard
        ]
        told = ", ".join(changes) or "nothing measured in the same sense for most notes"
        typer.echo(f"{name:{width}}  strength {found.strengths[i]:.1f}  {told}")


def _keep(library: "Library", drawn: list[str], names: list[str]) -> list[str]:
    """The drawn ones, the first of them kept under their new names."""
    if len(names) > len(drawn):
        raise UsageError(
            f"{len(names)} names for {len(drawn)} drawn ones; add --random {len(names)}"
        )
    if len(set(names)) < len(names):
        raise UsageError("--keep names two of them alike; give each its own name")
    if names:
        sources = zip(names, drawn, strict=False)
        library.keep({name: library.instrument(source) for name, source in sources})
    return [*names, *drawn[len(names) :]]


def _preview(names: list[str], folder: Path, pitch: int, model: str | None) -> None:
    from gansynth_live.cli.progress import progress
    from gansynth_live.instrument import open_instrument, require_pitch
    from gansynth_live.performance.sound_file import sound_file
    from gansynth_live.pictures.overview import draw_overview

    opened = open_instrument(model, "phase-locked", PREVIEW_RATE)
    require_pitch(pitch, opened.bundle.spec)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    sounds = {}
    with progress("previews", len(names)) as advance:
        for name in names:
            rendered = opened.renderer.render_whole(opened.library.played(name, pitch), pitch)
            sounds[name] = rendered.samples * rendered.gain
            path = folder / (re.sub(r"[^\w -]", "-", name) + ".wav")
            with sound_file(path, PREVIEW_RATE, channels=1) as write:
                write(sounds[name])
            advance(1)
    title = f"{opened.bundle.spec.name}: key {pitch}"
    draw_overview(folder / OVERVIEW, sounds, PREVIEW_RATE, title)
    typer.echo(f"{len(names)} sounds and {OVERVIEW} are in {folder}", err=True)

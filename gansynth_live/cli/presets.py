"""`gansynth-live presets`: which there are, what is in them, keep one, send one, get one."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.group import group
from gansynth_live.cli.options import ConfigOption, ModelOption, SetOption, split_names
from gansynth_live.cli.osc import PORT, load_by_osc
from gansynth_live.cli.part_options import PartOption
from gansynth_live.cli.preset_option import PresetOption, load_settings, wanted_preset

if TYPE_CHECKING:
    from gansynth_live.parameters.parameter import Value
    from gansynth_live.presets.preset import Preset
    from gansynth_live.presets.store import Entry

app = group("Presets: list, show, keep, send and get them.")
STANDARD_INPUT = "-"

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Name, file or code of a preset.")
]


@app.command("list")
def list_(
    text: Annotated[str, typer.Argument(metavar="[WORDS]", help="Words that it has.")] = "",
    category: Annotated[str, typer.Option(metavar="NAME", help="Of this category.")] = "",
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="With this tag.")] = None,
    favourites: Annotated[bool, typer.Option("--favourites", help="With a star.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List presets, with bank (CC 0) and program number by which MIDI selects them."""
    from gansynth_live.presets.store import Store

    store = Store.of_user()
    places = store.places
    found = store.search(text, category, tag or (), favourites)
    if as_json:
        typer.echo(json.dumps([_facts(entry, places[entry.path]) for entry in found], indent=2))
        return
    for entry in found:
        bank, program = places[entry.path]
        preset, star = entry.preset, "*" if entry.is_favourite else " "
        tags = f"  [{', '.join(preset.tags)}]" if preset.tags else ""
        typer.echo(f"{bank}:{program + 1:<3} {star} {preset.name}  {preset.category}{tags}")
    if not found:
        typer.echo("none such", err=True)


@app.command()
def show(
    name: NameArgument,
    as_json: Annotated[bool, typer.Option("--json", help="As its file holds it.")] = False,
) -> None:
    """Show what is in a preset: all that is not as by default."""
    from gansynth_live.presets.file import to_json
    from gansynth_live.presets.named import named_preset

    preset = named_preset(name)
    if as_json:
        typer.echo(to_json(preset).decode(), nl=False)
        return
    for line in _lines(preset):
        typer.echo(line)


@app.command()
def save(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.")],
    instruments: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Morph path; default: the settings'.")
    ] = None,
    category: Annotated[str, typer.Option(metavar="NAME", help="Such as Pads.")] = "",
    tag: Annotated[list[str] | None, typer.Option(metavar="TAG", help="Repeatable.")] = None,
    author: Annotated[str, typer.Option(metavar="WHO", help="Who made it.")] = "",
    notes: Annotated[str, typer.Option(metavar="TEXT", help="What to know of it.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="In place of yours.")] = False,
    preset: PresetOption = None,
    model: ModelOption = None,
    part: PartOption = None,
    config: ConfigOption = None,
    set_: SetOption = None,
) -> None:
    """Keep what the same options let `play` play with, as a preset."""
    from gansynth_live.instrument import open_library
    from gansynth_live.presets.preset import MadeFor, preset_of, require_category
    from gansynth_live.presets.settings import lend_instruments, patch_of
    from gansynth_live.presets.store import Store

    base = wanted_preset(preset)
    path = None if instruments is None else split_names(instruments)
    settings = load_settings(config, set_ or (), part, base, path)
    bundle, library = open_library(model or settings.model.path)
    if base is not None:
        lend_instruments(base, bundle, library)
    made = preset_of(
        patch_of(settings, library),
        library,
        MadeFor(bundle.spec.name, bundle.digest),
        name,
        category=require_category(category or (base.category if base else "")),
        tags=tuple(tag or (base.tags if base else ())),
        author=author or (base.author if base else ""),
        notes=notes or (base.notes if base else ""),
    )
    typer.echo(Store.of_user().save(made, over=replace))


@app.command()
def share(
    name: NameArgument,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Into a file *.gansynth.json instead.")
    ] = None,
) -> None:
    """Print a preset as a code to send."""
    from gansynth_live.presets.file import write
    from gansynth_live.presets.named import named_preset
    from gansynth_live.presets.share import to_code

    preset = named_preset(name)
    if file is None:
        typer.echo(to_code(preset))
    else:
        write(preset, file)


@app.command()
def add(
    source: Annotated[str, typer.Argument(metavar="CODE|FILE", help="-: standard input.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Another name for it.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="In place of yours.")] = False,
) -> None:
    """Put a preset that somebody sent among yours."""
    from msgspec import structs

    from gansynth_live.presets.file import parse
    from gansynth_live.presets.file import read as read_file
    from gansynth_live.presets.preset import require_fit_name
    from gansynth_live.presets.share import LONGEST, from_code, is_code
    from gansynth_live.presets.store import Store

    if source == STANDARD_INPUT:
        source = sys.stdin.read(16 * LONGEST)
        text = source.lstrip()
        preset = parse(text.encode(), "-") if text.startswith("{") else from_code(source)
    else:
        preset = from_code(source) if is_code(source) else read_file(Path(source))
    if name is not None:
        require_fit_name(name)
        preset = structs.replace(preset, name=name)
    typer.echo(Store.of_user().save(preset, over=replace))


@app.command()
def load(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name or code of a preset.")],
    osc: Annotated[str, typer.Option(metavar="[HOST:]PORT", help="Where it listens.")] = PORT,
) -> None:
    """Let an instrument that plays (`play --osc PORT`) load a preset."""
    typer.echo(f"loaded: {load_by_osc(name, osc)}")


@app.command()
def star(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a preset.")],
    off: Annotated[bool, typer.Option("--off", help="Take the star away.")] = False,
) -> None:
    """Make a preset a favourite."""
    from gansynth_live.presets.store import Store

    Store.of_user().star(name, shines=not off)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of one of yours.")],
) -> None:
    """Remove a preset of yours. The program numbers of the others stay."""
    from gansynth_live.presets.store import Store

    Store.of_user().remove(name)


def _facts(entry: "Entry", place: tuple[int, int]) -> dict[str, object]:
    preset = entry.preset
    return {
        "name": preset.name,
        "category": preset.category,
        "tags": preset.tags,
        "author": preset.author,
        "bank": place[0],
        "program": place[1],
        "favourite": entry.is_favourite,
        "factory": entry.is_factory,
        "file": str(entry.path),
    }


def _lines(preset: "Preset") -> list[str]:
    said = {
        "category": preset.category,
        "tags": ", ".join(preset.tags),
        "author": preset.author,
        "model": preset.model.name,
        "notes": preset.notes,
        "own": ", ".join(preset.instruments),
    }
    lines = [preset.name, *(f"  {what}: {text}" for what, text in said.items() if text)]
    for number, values in enumerate((preset.all, *preset.parts)):
        lines += [f"part {number}"] if number and len(preset.parts) > 1 else []
        lines += [f"  {name} = {_shown(name, value)}" for name, value in values.items()]
    return lines


def _shown(name: str, value: "Value") -> str:
    from gansynth_live.parameters.table import find

    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return find(name).text(value)

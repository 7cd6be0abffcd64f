"""`gansynth-live train`: make notes, train on them, measure what was learnt, export a model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.group import group
from gansynth_live.cli.progress import progress

if TYPE_CHECKING:
    from gansynth_live.training.checkpoint import Standing

app = group("Train models on soundfonts or your own recordings.")

NotesOption = Annotated[
    Path, typer.Option("--notes", metavar="DIR", help="Folder that `train data` made.")
]
RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the training run.")]


@app.command()
def data(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="Instruments (TOML), a folder of INSTRUMENT/NOTE.wav, or a part of NSynth.",
        ),
    ],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the notes go.")],
    soundfont: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The font that a TOML file speaks of.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, metavar="N", help="Cores to use.")] = 2,
) -> None:
    """Make a set of notes: tuned, levelled, analysed.

    Beside a TOML file its tuning table is kept, and the vibrato that was taken out.
    """
    _need_torch()
    if source.suffix == ".toml":
        from gansynth_live.training.instruments import read_collection
        from gansynth_live.training.render import render_collection
        from gansynth_live.training.soundfont import find_font

        collection = read_collection(source)
        font = soundfont or find_font(collection.font)
        tuning, vibrato = (source.with_suffix(f".{kind}.json") for kind in ("tuning", "vibrato"))
        with progress("rendering", len(collection.instruments)) as done:
            render_collection(
                collection, font, folder, tuning, vibrato, processes, lambda _: done(1)
            )
        typer.echo(f"{folder}: {len(collection.instruments)} instruments")
        return
    from gansynth_live.training.folder import from_folder, from_nsynth, store_files

    nsynth = (source / "examples.json").is_file()
    files = from_nsynth(source) if nsynth else from_folder(source)
    with progress("reading", len(files)) as done:
        store_files(files, folder, lambda _: done(1))
    typer.echo(f"{folder}: {len(files)} notes")


@app.command()
def fit(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A TOML file.")],
    run: RunArgument,
    notes: NotesOption,
    start: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Model or run that a fresh run starts from."),
    ] = None,
    threads: Annotated[int, typer.Option(min=1, metavar="N", help="CPU threads a process.")] = 1,
) -> None:
    """Train, or go on where RUN stands; at most two minutes are lost when it is stopped.

    Several processes, GPUs or machines: torchrun --nproc-per-node N -m gansynth_live train fit ...
    """
    _need_torch()
    from gansynth_live.training.fit import fit as train
    from gansynth_live.training.recipe import read_recipe
    from gansynth_live.training.sheets import plot_losses

    settings = read_recipe(recipe)
    with progress(settings.family, 1.0) as advance:
        shown = 0.0

        def report(standing: "Standing", share: float) -> None:
            nonlocal shown
            advance(share - shown)
            shown = share
            typer.echo(_line(standing))
            plot_losses(standing.history, run / "losses.png")

        standing = train(settings, notes, run, report, start, threads)
    typer.echo(f"{run}: {standing.images} images, {standing.seconds / 60:.0f} minutes")


@app.command()
def evaluate(
    model: Annotated[Path, typer.Argument(metavar="DIR", help="Model bundle.")],
    notes: NotesOption,
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the report goes.")],
    beside: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Another model to score as the paper does; repeatable."),
    ] = None,
) -> None:
    """Measure a model against the real notes: figures, paper-style scores, spectrogram sheets."""
    _need_torch()
    from rich.console import Console
    from rich.table import Table

    from gansynth_live.training.notes import open_notes
    from gansynth_live.training.report import figure_rows, score_rows, write_report
    from gansynth_live.training.scores import Scores

    others = {path.name: path for path in beside or []}
    with progress("listening", 1.0) as done:
        report = write_report(model, others, open_notes(notes), folder, done)
    console = Console()
    if report.figures is not None:
        table = Table("", "real", "held out", "trained on", "half blends")
        for row in figure_rows(report.figures):
            table.add_row(*row)
        console.print(table)
    table = Table("", *(field.replace("_", " ") for field in Scores.__struct_fields__))
    for row in score_rows(report.scores):
        table.add_row(*row)
    console.print(table)


@app.command()
def export(
    run: RunArgument,
    model: Annotated[Path, typer.Argument(metavar="DIR", help="Model bundle to make.")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="Name of the model.")] = "Trained",
    licence: Annotated[
        str, typer.Option(metavar="TEXT", help="Licence of the weights.")
    ] = "unknown",
    vibrato: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Vibrato of the instruments, as `train data` wrote it."),
    ] = None,
    living: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="How partials beat, as `train living` wrote it."),
    ] = None,
) -> None:
    """Turn a run into a model that the instrument plays."""
    _need_torch()
    from gansynth_live.training.export import export as write

    write(run, model, name, licence, vibrato, living)
    typer.echo(f"try it: gansynth-live instruments --model {model}")


@app.command()
def complete(
    source: Annotated[Path, typer.Argument(metavar="MODEL", help="Model bundle.")],
    target: Annotated[Path, typer.Argument(metavar="NEW", help="Model bundle to make.")],
    notes: NotesOption,
    threads: Annotated[int, typer.Option(min=1, metavar="N", help="CPU threads.")] = 1,
) -> None:
    """Give keys that a model was not trained on the sound of the recordings that they play."""
    _need_torch()
    from gansynth_live.training.complete import complete as fill
    from gansynth_live.training.notes import open_notes

    with progress("fitting", 1.0) as done:
        count = fill(source, target, open_notes(notes), done, threads)
    typer.echo(f"{target}: {count} keys completed")


@app.command()
def living(
    model: Annotated[Path, typer.Argument(metavar="DIR", help="Model bundle.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the table goes.")],
    notes: NotesOption,
) -> None:
    """Measure how the partials of real notes beat where the model's do not.

    The table goes into a model by `train export --living`.
    """
    _need_torch()
    from gansynth_live.files import replacing
    from gansynth_live.model.living.file import pack_livings
    from gansynth_live.training.listen import listener
    from gansynth_live.training.living import measured
    from gansynth_live.training.notes import open_notes

    heard = open_notes(notes)
    with progress("listening", len(heard.names)) as done:
        found = measured(listener(model), heard, done)
    with replacing(file) as beside:
        beside.write_bytes(pack_livings(found))
    typer.echo(f"{file}: {len(found)} instruments")


@app.command()
def air(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Instruments (TOML).")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the net goes.")],
    soundfont: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The font that SOURCE speaks of.")
    ] = None,
) -> None:
    """Fit what notes have above 8 kHz to a soundfont: gansynth_live/model/air/air.safetensors.

    Keys that `train data` holds out are kept out here, too, and say how well it tells the levels.
    """
    _need_torch()
    from gansynth_live.files import replacing
    from gansynth_live.model.air.air import pack_air
    from gansynth_live.training.air import Examples, examples_of, fit_air, level_errors
    from gansynth_live.training.instruments import read_collection, read_tuning
    from gansynth_live.training.notes import is_held_out
    from gansynth_live.training.soundfont import decimation_lift, find_font

    collection = read_collection(source)
    tuning = read_tuning(source.with_suffix(".tuning.json"))
    font = soundfont or find_font(collection.font)
    kept: list[Examples] = []
    unseen: list[Examples] = []
    with progress("listening", len(collection.instruments)) as done:
        for number, key, examples in examples_of(collection, font, tuning, lambda: done(1)):
            held_out = is_held_out(collection.instruments[number].preset.number, key)
            (unseen if held_out else kept).append(examples)
    with progress("fitting", 1.0) as done:
        net = fit_air(Examples.of(kept), done)
    with replacing(file) as beside:
        beside.write_bytes(pack_air(net, decimation_lift()))
    for what, some in (("trained on", kept), ("held out", unseen)):
        every, audible = level_errors(net, Examples.of(some))
        typer.echo(f"{what}: {len(some)} notes, {every:.2f} dB; audible bands {audible:.1f} dB")


def _line(standing: "Standing") -> str:
    latest = standing.history[-1]
    losses = ", ".join(f"{name} {value:.4g}" for name, value in latest.items() if name != "images")
    return f"{standing.images} images, {standing.seconds:.0f} s: {losses}"


def _need_torch() -> None:
    from importlib.util import find_spec

    from gansynth_live.errors import UsageError

    if find_spec("torch") is None:
        raise UsageError("training needs PyTorch; install it: pip install 'gansynth-live[train]'")

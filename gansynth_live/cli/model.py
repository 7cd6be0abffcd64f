"""`gansynth-live model`: which models there are, what they are, and whether they are whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli import model_import
from gansynth_live.cli.group import group

if TYPE_CHECKING:
    from gansynth_live.model.bundle import Bundle
    from gansynth_live.model.spec import ModelSpec

app = group("Get models, look at them, check them.")
app.command()(model_import.get)
app.command("import")(model_import.import_)

ModelArgument = Annotated[
    str | None,
    typer.Argument(metavar="[MODEL]", help="Name or folder of a model; absent: the shipped one."),
]


@app.command("list")
def list_() -> None:
    """List the models that have a name."""
    from gansynth_live.model.installed import installed, models_folder

    names = installed()
    for name in names:
        typer.echo(name)
    if not names:
        typer.echo(
            f"none yet in {models_folder()}; gansynth-live model get acoustic_only", err=True
        )


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Model of the list.")],
) -> None:
    """Remove a model that has a name. Instruments that you kept for it stay."""
    import shutil

    from gansynth_live.errors import UsageError
    from gansynth_live.model.installed import installed, models_folder

    if name not in installed():
        raise UsageError(f"no model {name!r} in {models_folder()}; see gansynth-live model list")
    shutil.rmtree(models_folder() / name)


@app.command()
def info(model: ModelArgument = None) -> None:
    """Show kind, sizes, pitches, instruments, licence, origin."""
    from rich.console import Console
    from rich.table import Table

    bundle = _load(model)
    table = Table(show_header=False, title=str(bundle.path))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in _facts(bundle):
        table.add_row(name, value)
    Console(markup=False, emoji=False).print(table)  # brackets in a name are brackets


@app.command()
def verify(model: ModelArgument = None) -> None:
    """Check every sum and field, and render one note."""
    import numpy as np

    from gansynth_live.errors import ModelError
    from gansynth_live.model.audio.faithful import FaithfulInversion
    from gansynth_live.model.generator import open_generator
    from gansynth_live.units import gain_to_db

    bundle = _load(model)
    spec = bundle.spec
    name, latent = next(iter(bundle.instruments.items()))
    pitch = (spec.low_pitch + spec.high_pitch) // 2
    notes = open_generator(bundle).begin(latent[None], np.array([pitch]))
    inversion = FaithfulInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    audio = inversion.begin([pitch]).push(notes.frames(0, spec.frames))
    if not np.isfinite(audio).all():
        raise ModelError(f"{bundle.path}: a rendered note is not finite; the weights are broken")
    level = gain_to_db(float(np.sqrt(np.mean(np.square(audio)))))
    peak = gain_to_db(float(np.abs(audio).max()))
    typer.echo(f"{bundle.path}: sums, fields and {len(bundle.weights)} tensors are right")
    typer.echo(f"note {pitch} of {name!r}: finite, level {level:.1f} dB, peak {peak:.1f} dB")


def _load(model: str | None) -> "Bundle":
    from gansynth_live.model.bundle import load_bundle
    from gansynth_live.model.installed import model_path

    return load_bundle(model_path(model))


def _facts(bundle: "Bundle") -> list[tuple[str, str]]:
    spec = bundle.spec
    values = sum(tensor.size for tensor in bundle.weights.values())
    names = list(bundle.instruments)
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return [
        ("name", spec.name),
        ("family", type(spec.family).__name__.lower()),
        ("licence", spec.licence),
        ("pitches", f"MIDI {spec.low_pitch}..{spec.high_pitch}"),
        ("latent", f"{spec.latent_size} numbers"),
        ("image", f"{spec.frames} frames x {spec.mel_bins} mel bins"),
        ("note", _note_length(spec)),
        ("weights", f"{values / 1e6:.2f} million in {len(bundle.weights)} tensors"),
        ("instruments", f"{len(names)}: {shown}"),
        ("sha256", bundle.digest),
        *_origin(bundle.path),
    ]


def _note_length(spec: "ModelSpec") -> str:
    stft = spec.stft
    return (
        f"{stft.samples / spec.sample_rate:g} s at {spec.sample_rate} Hz "
        f"(transform {stft.fft_size}, hop {stft.hop})"
    )


def _origin(path: Path) -> list[tuple[str, str]]:
    """Where an imported model came from; nothing for others."""
    from gansynth_live.model.checkpoint.note import read_note

    if (note := read_note(path)) is None:
        return []
    origin = ("imported from", note.origin)
    return [origin, ("fetched from", note.address)] if note.address else [origin]

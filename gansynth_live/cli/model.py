"""`gansynth-live model`: look at a model bundle, check it, make one from a Magenta checkpoint."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.group import group

if TYPE_CHECKING:
    from gansynth_live.model.bundle import Bundle
    from gansynth_live.model.spec import ModelSpec

app = group("Look at a model, check it, or import one of Magenta's.")

BundleDirectory = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="Model directory; the shipped one if absent.")
]


@app.command()
def info(directory: BundleDirectory = None) -> None:
    """Show kind, sizes, pitches, instruments, licence, origin."""
    from rich.console import Console
    from rich.table import Table

    bundle = _load(directory)
    table = Table(show_header=False, title=str(bundle.path))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in _facts(bundle):
        table.add_row(name, value)
    Console(markup=False, emoji=False).print(table)  # brackets in a name are brackets


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="SRC", help="Folder with experiment.json and stage_...")
    ],
    target: Annotated[Path, typer.Argument(metavar="DST", help="Model directory to make.")],
    licence: Annotated[
        str, typer.Option(metavar="TEXT", help="Licence of the weights, for model.json.")
    ] = "unknown",
) -> None:
    """Turn a Magenta GANSynth checkpoint into a model.

    TensorFlow is not needed. The model gets eight instruments drawn by seed, "random 1" to
    "random 8", to be played at once.
    """
    from gansynth_live.model.checkpoint.importer import import_checkpoint

    note = import_checkpoint(source, target, licence)
    typer.echo(
        f"{target}: {note.checkpoint}, {note.global_step} images, progress {note.progress:g}, "
        f"{len(note.averaged)} averaged variables"
    )
    if note.raw:
        typer.echo(
            f"note: {len(note.raw)} variables have no moving average, their last values were taken "
            f"({note.raw[0]} ...): the sound may be rougher",
            err=True,
        )
    typer.echo(f"try it: gansynth-live note --model {target} --instrument 'random 1' -o note.wav")


@app.command()
def verify(directory: BundleDirectory = None) -> None:
    """Check every sum and field, and render one note."""
    import numpy as np

    from gansynth_live.errors import ModelError
    from gansynth_live.model.audio.faithful import FaithfulInversion
    from gansynth_live.model.generator import open_generator
    from gansynth_live.units import gain_to_db

    bundle = _load(directory)
    spec = bundle.spec
    name, latent = next(iter(bundle.instruments.items()))
    pitch = (spec.low_pitch + spec.high_pitch) // 2
    notes = open_generator(bundle).begin(latent[None], np.array([pitch]))
    inversion = FaithfulInversion(spec.stft, spec.mel_bins, spec.sample_rate)
    audio = inversion.begin(1).push(notes.frames(0, spec.frames))
    if not np.isfinite(audio).all():
        raise ModelError(f"{bundle.path}: a rendered note is not finite; the weights are broken")
    level = gain_to_db(float(np.sqrt(np.mean(np.square(audio)))))
    peak = gain_to_db(float(np.abs(audio).max()))
    typer.echo(f"{bundle.path}: sums, fields and {len(bundle.weights)} tensors are right")
    typer.echo(f"note {pitch} of {name!r}: finite, level {level:.1f} dB, peak {peak:.1f} dB")


def _load(directory: Path | None) -> "Bundle":
    from gansynth_live.model.bundle import default_bundle_path, load_bundle

    return load_bundle(default_bundle_path() if directory is None else directory)


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
    import msgspec

    from gansynth_live.errors import ModelError
    from gansynth_live.model.bundle import IMPORT_NOTE
    from gansynth_live.model.checkpoint.importer import ImportNote

    file = path / IMPORT_NOTE
    if not file.is_file():
        return []
    try:
        note = msgspec.json.decode(file.read_bytes(), type=ImportNote)
    except msgspec.DecodeError as error:
        raise ModelError(f"{file}: {error}; the file is damaged") from error
    return [("imported from", f"{note.source}/{note.checkpoint}, {note.global_step} images")]

"""`gansynth-live render`: a MIDI file into a sound file, as played live or as the original does."""

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.options import (
    ConfigOption,
    KeyboardMapOption,
    ModelOption,
    SeedOption,
    SetOption,
    TuningOption,
    split_names,
    tuning_settings,
)
from gansynth_live.cli.part_options import PartOption
from gansynth_live.cli.preset_option import PresetOption, load_settings, wanted_preset
from gansynth_live.cli.render_many import DaskOption, JobsOption, render_many
from gansynth_live.errors import UsageError, printable
from gansynth_live.files import require_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gansynth_live.performance.request import Request
    from gansynth_live.presets.preset import Preset

ORIGINAL_RATE = 16_000


class Drums(StrEnum):
    """What becomes of the drum channel, which no instrument here can play."""

    OFF = "off"
    PITCHED = "pitched"


class Compat(StrEnum):
    """Whose way of making a piece from notes."""

    MAGENTA = "magenta"


def render(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="IN.mid OUT.wav",
            help="A Standard MIDI File and a sound file: .wav or .flac. With --out: any number of "
            "MIDI files, and folders of them.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Render all of them, each into a WAV file in DIR."),
    ] = None,
    jobs: JobsOption = None,
    dask: DaskOption = None,
    instruments: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Morph path; default: the settings'.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="0,0.3,1", help="Where on the piece's length each of them lies."),
    ] = None,
    random: Annotated[
        int, typer.Option(min=0, max=1000, metavar="N", help="Path of N drawn instruments.")
    ] = 0,
    seed: SeedOption = 0,
    seconds_per_instrument: Annotated[
        float | None,
        typer.Option(min=0.01, metavar="T", help="With --random: a new one each T seconds."),
    ] = None,
    stretch: Annotated[
        float,
        typer.Option(min=0.01, max=100.0, metavar="X", help="Play slower (1.3) or faster (0.7)."),
    ] = 1.0,
    compat: Annotated[
        Compat | None, typer.Option(help="The original's envelope and mix, 16 kHz float.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Also draw the piece: sound, notes, morph.")
    ] = None,
    model: ModelOption = None,
    sample_rate: Annotated[
        int | None,
        typer.Option(min=8000, max=192_000, metavar="HZ", help="Frames a second; default: 48000."),
    ] = None,
    tuning: TuningOption = None,
    keyboard_map: KeyboardMapOption = None,
    preset: PresetOption = None,
    part: PartOption = None,
    drums: Annotated[
        Drums, typer.Option(help="Channel 10: leave it out, or play its keys as pitches.")
    ] = Drums.OFF,
    dry: Annotated[bool, typer.Option("--dry", help="No effects, no spread of the keys.")] = False,
    config: ConfigOption = None,
    set_: SetOption = None,
) -> None:
    """Play a MIDI file into a sound file.

    A file that selects programs on several channels has an instrument for each of them, by the
    General MIDI numbers, unless --instruments or --random name others for all. A file for one
    channel that selects programs, or turns the morph controls, is obeyed. In all others, with --at
    and with --random, the path is travelled over the piece's length. With --preset all channels
    that its parts have play that, as live.

    With --out, what was rendered before from the same file in the same way is not rendered again.
    """
    _require_sense(instruments, at, random, seconds_per_instrument)
    if preset is not None and (instruments is not None or random or compat):
        raise UsageError(
            "--preset says what is played; leave --instruments, --random, --compat out"
        )
    if compat and (tuning or keyboard_map):
        raise UsageError("--compat magenta has twelve equal steps; leave the tuning out")
    if compat and sample_rate not in (None, ORIGINAL_RATE):
        raise UsageError(f"--compat magenta is {ORIGINAL_RATE} Hz; leave --sample-rate out")
    if out is None:
        midi_file, sound = _one_file(files, jobs, dask)
    elif plot is not None:
        raise UsageError("--plot draws one file; leave --out or --plot out")
    if plot is not None:
        _require_picture_place(plot)
    from gansynth_live.config import without_effects
    from gansynth_live.performance.request import DEVICE_RATE, Request

    wanted = wanted_preset(preset)
    overrides = [*(set_ or ()), *tuning_settings(tuning, keyboard_map)]
    settings = load_settings(config, overrides, part, wanted)
    request = Request(
        settings=without_effects(settings) if dry else settings,
        instruments=None if instruments is None else tuple(split_names(instruments)),
        at=at,
        random=random,
        seed=seed,
        seconds_per_instrument=seconds_per_instrument,
        stretch=stretch,
        compat=compat is not None,
        sample_rate=sample_rate or DEVICE_RATE,
        pitched_drums=drums is Drums.PITCHED,
    )
    if out is None:
        _render_one(midi_file, sound, request, model, wanted, plot)
    else:
        render_many(files, out, request, model, wanted, jobs, dask)


def _one_file(files: "Sequence[Path]", jobs: int | None, dask: str | None) -> "Sequence[Path]":
    """The file that is read, and the one that is written."""
    if jobs is not None or dask is not None:
        raise UsageError("--jobs and --dask are for many files; name their folder: --out DIR")
    if len(files) != 2:
        raise UsageError(
            f"{len(files)} files are named; render IN.mid OUT.wav, or many: render IN... --out DIR"
        )
    return files


def _render_one(
    midi_file: Path,
    out: Path,
    request: "Request",
    model: str | None,
    wanted: "Preset | None",
    plot: Path | None,
) -> None:
    from gansynth_live.cli.progress import progress
    from gansynth_live.midi import read_song
    from gansynth_live.performance.file_render import nobody
    from gansynth_live.performance.rendering import open_for, piece_of, render_piece
    from gansynth_live.pictures.piece import draw_piece
    from gansynth_live.pictures.rainbowgram import RainbowgramStream
    from gansynth_live.presets.settings import lend_instruments

    began = time.monotonic()
    song = read_song(midi_file, request.stretch)
    for remark in song.remarks:
        _note(f"{midi_file}: {remark}")
    piece = piece_of(song, request, str(midi_file), _note)
    opened = open_for(request, model)
    if wanted is not None:
        lend_instruments(wanted, opened.bundle, opened.library)
    overview = RainbowgramStream(request.rate) if plot is not None else None
    listen = overview.push if overview else nobody
    rendered = render_piece(out, piece, request, opened, _note, listen, progress)
    seconds, took = rendered.frames / request.rate, time.monotonic() - began
    typer.echo(f"{out}: {seconds:.1f} s of sound in {took:.1f} s, {seconds / took:.1f} x real time")
    if plot is not None and overview is not None:
        track = rendered.plans[0].track()
        draw_piece(plot, overview.finish(), piece.notes, track, title=midi_file.stem)


def _note(line: str) -> None:
    typer.echo(printable(f"note: {line}"), err=True)


def _require_sense(
    instruments: str | None, at: str | None, random: int, seconds_per_instrument: float | None
) -> None:
    """Raise `UsageError` for options that would be ignored beside each other."""
    if random and instruments is not None:
        raise UsageError("--random and --instruments exclude each other; choose one")
    if at is not None and instruments is None:
        raise UsageError("--at says where --instruments lie; name them too")
    if seconds_per_instrument is not None and not random:
        raise UsageError("--seconds-per-instrument is for drawn ones; say how many with --random N")


def _require_picture_place(plot: Path) -> None:
    if plot.suffix.lower() != ".png":
        raise UsageError(f"cannot draw {plot}: its name should end in .png")
    require_place(plot)

"""`gansynth-live render`: a MIDI file into a sound file, as played live or as the original does."""

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.options import (
    ConfigOption,
    Inversion,
    ModelOption,
    SeedOption,
    SetOption,
    split_names,
)
from gansynth_live.errors import UsageError
from gansynth_live.files import require_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gansynth_live.midi import Event

DEVICE_RATE = 48_000
ORIGINAL_RATE = 16_000


class Compat(StrEnum):
    """Whose way of making a piece from notes."""

    MAGENTA = "magenta"


def render(
    midi_file: Annotated[Path, typer.Argument(metavar="IN.mid", help="A Standard MIDI File.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.wav", help="Sound file: .wav or .flac.")],
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
    config: ConfigOption = None,
    set_: SetOption = None,
) -> None:
    """Play a MIDI file into a sound file.

    A file that turns the morph controls itself, or selects programs where no --instruments are
    named, is obeyed. In all others, with --at and with --random, the path is travelled over the
    piece's length.
    """
    _require_sense(instruments, at, random, seconds_per_instrument)
    if compat and sample_rate not in (None, ORIGINAL_RATE):
        raise UsageError(f"--compat magenta is {ORIGINAL_RATE} Hz; leave --sample-rate out")
    if plot is not None:
        _require_picture_place(plot)
    from gansynth_live.cli import morph_plan
    from gansynth_live.cli.compat_render import render_like_magenta
    from gansynth_live.cli.engine_render import render_with_engine
    from gansynth_live.config import load_config
    from gansynth_live.instrument import make_controls, open_instrument, path_instruments
    from gansynth_live.latent.path import MorphPath
    from gansynth_live.midi import of_channels, pair_notes, read_song
    from gansynth_live.pictures.piece import draw_piece
    from gansynth_live.pictures.rainbowgram import RainbowgramStream

    began = time.monotonic()
    settings = load_config(config, set_ or ())
    song = read_song(midi_file, stretch)
    for remark in song.remarks:
        typer.echo(f"note: {midi_file}: {remark}", err=True)
    events: Sequence[Event] = song.events
    if not compat:
        events = _without_drums(of_channels(events, settings.midi.channels))
    notes = pair_notes(events)
    if not notes:
        raise UsageError(f"{midi_file} has no notes; there is nothing to render")
    total = max(note.end for note in notes)
    rate = ORIGINAL_RATE if compat else sample_rate or DEVICE_RATE
    inversion = Inversion.FAITHFUL if compat else settings.model.inversion
    opened = open_instrument(model or settings.model.path, inversion, rate, settings.model.threads)
    if random:
        path = morph_plan.random_path(random, seed, total, seconds_per_instrument)
    elif instruments is not None:
        path = morph_plan.chosen_path(split_names(instruments), at, opened.library)
    else:
        path = MorphPath(path_instruments(settings.morph.instruments, opened.library))
    by_time = compat is not None or random > 0 or at is not None
    programs = instruments is None  # who names instruments does not mean the file's programs
    if not by_time and morph_plan.chooses_timbres(events, settings.morph, programs):
        lasts = None
    else:
        lasts = total
    plan = morph_plan.MorphPlan(
        path,
        lambda: make_controls(settings, path, opened.library, song.beats, lasts),
        events,
    )
    overview = RainbowgramStream(rate) if plot is not None else None
    if compat:
        sound = render_like_magenta(out, notes, path, opened)
        frames = len(sound)
        if overview:
            overview.push(sound)
    else:
        listen = [overview.push] if overview else []
        frames = render_with_engine(out, events, plan, opened, settings, song.end, *listen)
    seconds, took = frames / rate, time.monotonic() - began
    typer.echo(f"{out}: {seconds:.1f} s of sound in {took:.1f} s, {seconds / took:.1f} x real time")
    if plot is not None and overview is not None:
        draw_piece(plot, overview.finish(), notes, plan.track(), title=midi_file.stem)


def _without_drums(events: "Sequence[Event]") -> "Sequence[Event]":
    """The messages of all channels but that of the drums, which are said to be left out."""
    from gansynth_live.midi.messages import DRUM_CHANNEL

    drums = sum(event.channel == DRUM_CHANNEL and event.is_note_on for event in events)
    if drums:
        typer.echo(f"note: the drum channel (10) is left out, {drums} notes", err=True)
    return [event for event in events if event.channel != DRUM_CHANNEL]


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

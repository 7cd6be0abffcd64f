"""`gansynth-live render`: a MIDI file into a sound file, as played live or as the original does."""

import time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.options import (
    ConfigOption,
    Inversion,
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
from gansynth_live.errors import UsageError, printable
from gansynth_live.files import require_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gansynth_live.midi import Event

DEVICE_RATE = 48_000
ORIGINAL_RATE = 16_000


class Drums(StrEnum):
    """What becomes of the drum channel, which no instrument here can play."""

    OFF = "off"
    PITCHED = "pitched"


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
    if plot is not None:
        _require_picture_place(plot)
    from gansynth_live.cli.progress import progress
    from gansynth_live.config import control_map, without_effects
    from gansynth_live.instrument import make_controls, open_instrument, path_instruments
    from gansynth_live.latent.path import MorphPath
    from gansynth_live.midi import of_channels, pair_notes, read_song
    from gansynth_live.performance import ensemble, morph_plan
    from gansynth_live.performance.file_render import engine_rate, nobody, render_with_engine
    from gansynth_live.performance.original import render_like_magenta
    from gansynth_live.pictures.piece import draw_piece
    from gansynth_live.pictures.rainbowgram import RainbowgramStream
    from gansynth_live.presets.settings import lend_instruments

    began = time.monotonic()
    wanted = wanted_preset(preset)
    overrides = [*(set_ or ()), *tuning_settings(tuning, keyboard_map)]
    settings = load_settings(config, overrides, part, wanted)
    if dry:
        settings = without_effects(settings)
    song = read_song(midi_file, stretch)
    for remark in song.remarks:
        typer.echo(printable(f"note: {midi_file}: {remark}"), err=True)
    events: Sequence[Event] = song.events
    if not compat:
        events = of_channels(events, settings.midi.channels)
        if drums == Drums.OFF:
            events = _without_drums(events)
    notes = pair_notes(events)
    if not notes:
        raise UsageError(f"{midi_file} has no notes; there is nothing to render")
    total = max(note.end for note in notes)
    rate = ORIGINAL_RATE if compat else sample_rate or DEVICE_RATE
    inversion = Inversion.FAITHFUL if compat else settings.model.inversion
    played_at = rate if compat else engine_rate(rate)
    opened = open_instrument(
        model or settings.model.path,
        inversion,
        played_at,
        settings.model.threads,
        settings.air.amount,
        settings.life.amount,
    )
    if wanted is not None:
        lend_instruments(wanted, opened.bundle, opened.library)
    one_path = compat is not None or random > 0 or instruments is not None
    if not one_path and settings.part:
        plans = ensemble.settings_parts(events, settings, opened.library, song.beats)
    elif not one_path and ensemble.is_for_several(events):
        plans = ensemble.channel_parts(events, settings, opened.library, song.beats)
        typer.echo(f"note: {len(plans)} channels play the instruments of their programs", err=True)
    else:
        if random:
            path = morph_plan.random_path(random, seed, total, seconds_per_instrument)
        elif instruments is not None:
            path = morph_plan.chosen_path(split_names(instruments), at, opened.library)
        else:
            path = MorphPath(path_instruments(settings.morph.instruments, opened.library))
        by_time = compat is not None or random > 0 or at is not None
        chooses = morph_plan.chooses_timbres(
            events, control_map(settings), programs=instruments is None
        )
        lasts = None if chooses and not by_time else total
        begin = partial(make_controls, settings, path, opened.library, song.beats, lasts)
        plans = [morph_plan.MorphPlan(path, begin, events)]
    overview = RainbowgramStream(rate) if plot is not None else None
    listen = overview.push if overview else nobody
    if compat:
        frames = render_like_magenta(out, notes, path, opened, listen, progress)
    else:
        frames = render_with_engine(
            out, events, plans, opened, settings, rate, song.end, listen, progress
        )
    seconds, took = frames / rate, time.monotonic() - began
    typer.echo(f"{out}: {seconds:.1f} s of sound in {took:.1f} s, {seconds / took:.1f} x real time")
    if plot is not None and overview is not None:
        draw_piece(plot, overview.finish(), notes, plans[0].track(), title=midi_file.stem)


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

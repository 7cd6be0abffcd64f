"""A file into sound as a request wants it: by one path, by parts, or as the original does."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from gansynth_live.config import control_map
from gansynth_live.errors import UsageError
from gansynth_live.instrument import Instrument, make_controls, open_instrument, path_instruments
from gansynth_live.latent.library import Library
from gansynth_live.latent.path import MorphPath
from gansynth_live.midi import Event, Note, Song, of_channels, pair_notes
from gansynth_live.midi.messages import DRUM_CHANNEL
from gansynth_live.parts import plan_parts
from gansynth_live.performance import ensemble, morph_plan
from gansynth_live.performance.file_render import Listen, engine_rate, nobody, render_with_engine
from gansynth_live.performance.morph_plan import MorphPlan
from gansynth_live.performance.original import render_like_magenta
from gansynth_live.performance.progress import Progress, unseen
from gansynth_live.performance.request import Request

Say: TypeAlias = Callable[[str], object]


class Piece(NamedTuple):
    """What of a file is played.

    Attributes:
        song: the whole file.
        events: those of the channels that are heard, in order.
        notes: that they make; at least one.
    """

    song: Song
    events: Sequence[Event]
    notes: Sequence[Note]


class Rendered(NamedTuple):
    """What came of it: its length in frames, and the parts' plans."""

    frames: int
    plans: Sequence[MorphPlan]


def piece_of(song: Song, request: Request, name: str, say: Say) -> Piece:
    """What of a song is played; what is left out is said.

    Args:
        name: of the file, for people.

    Raises:
        UsageError: that is nothing.
    """
    events: Sequence[Event] = song.events
    if not request.compat:
        events = of_channels(events, request.settings.midi.channels)
        if not request.pitched_drums:
            events = _without_drums(events, say)
    notes = pair_notes(events)
    if not notes:
        raise UsageError(f"{name} has no notes; there is nothing to render")
    return Piece(song, events, notes)


def open_for(request: Request, model: str | None = None) -> Instrument:
    """The instrument that plays a request, with what it lends.

    Args:
        model: name or folder, in place of the settings'.

    Raises:
        ModelError: the model is missing or damaged.
        UsageError: it is none of those that the lent instruments belong to.
    """
    settings = request.settings
    opened = open_instrument(
        model or settings.model.path,
        "faithful" if request.compat else settings.model.inversion,
        request.rate if request.compat else engine_rate(request.rate),
        settings.model.threads,
        settings.air.amount,
        settings.life.amount,
    )
    opened.library.lend(request.latents)
    return opened


def named_instruments(request: Request, library: Library) -> set[str]:
    """The instruments that a request names, for whatever file.

    Raises:
        ConfigError, UsageError: no file could be rendered so.
    """
    settings = request.settings
    path = (
        morph_plan.random_path(request.random, request.seed, 0.0, None)
        if request.random
        else _named_path(request, library)
    )
    make_controls(settings, path, library)
    names = {*path.instruments}
    for part in plan_parts(settings, library):
        make_controls(part.config, part.path, library)
        names |= {*part.path.instruments, *part.config.motion.orbit, part.config.morph.program}
    return names - {""}


def render_piece(
    out: Path,
    piece: Piece,
    request: Request,
    instrument: Instrument,
    say: Say,
    listen: Listen = nobody,
    progress: Progress = unseen,
) -> Rendered:
    """Write a piece as a sound file.

    Args:
        instrument: of `open_for`.
        listen: is given the mono sum [n] of each block.
        progress: shows how far it has come.

    Raises:
        UsageError: an instrument is unknown, or the file cannot be written.
    """
    if request.compat:
        path = _path(piece, request, instrument)
        frames = render_like_magenta(out, piece.notes, path, instrument, listen, progress)
        return Rendered(frames, [_by_one_path(piece, request, instrument, path)])
    plans = _plans(piece, request, instrument, say)
    settings, rate, end = request.settings, request.rate, piece.song.end
    frames = render_with_engine(
        out, piece.events, plans, instrument, settings, rate, end, listen, progress
    )
    return Rendered(frames, plans)


def _plans(piece: Piece, request: Request, instrument: Instrument, say: Say) -> Sequence[MorphPlan]:
    """Of each part."""
    settings, library, beats = request.settings, instrument.library, piece.song.beats
    if request.random == 0 and request.instruments is None:
        if settings.part:
            return ensemble.settings_parts(piece.events, settings, library, beats)
        if ensemble.is_for_several(piece.events):
            plans = ensemble.channel_parts(piece.events, settings, library, beats)
            say(f"{len(plans)} channels play the instruments of their programs")
            return plans
    return [_by_one_path(piece, request, instrument, _path(piece, request, instrument))]


def _by_one_path(
    piece: Piece, request: Request, instrument: Instrument, path: MorphPath
) -> MorphPlan:
    """The plan of one part for all: obedient to the file, or over the piece's length."""
    settings, song = request.settings, piece.song
    by_time = request.compat or request.random > 0 or request.at is not None
    chooses = morph_plan.chooses_timbres(
        piece.events, control_map(settings), programs=request.instruments is None
    )
    lasts = None if chooses and not by_time else _total(piece)
    begin = partial(make_controls, settings, path, instrument.library, song.beats, lasts)
    return MorphPlan(path, begin, piece.events)


def _path(piece: Piece, request: Request, instrument: Instrument) -> MorphPath:
    if request.random:
        seconds = request.seconds_per_instrument
        return morph_plan.random_path(request.random, request.seed, _total(piece), seconds)
    return _named_path(request, instrument.library)


def _named_path(request: Request, library: Library) -> MorphPath:
    if request.instruments is not None:
        return morph_plan.chosen_path(request.instruments, request.at, library)
    return MorphPath(path_instruments(request.settings.morph.instruments, library))


def _total(piece: Piece) -> float:
    """Seconds up to the end of the last note."""
    return max(note.end for note in piece.notes)


def _without_drums(events: Sequence[Event], say: Say) -> Sequence[Event]:
    """The messages of all channels but that of the drums, which are said to be left out."""
    drums = sum(event.channel == DRUM_CHANNEL and event.is_note_on for event in events)
    if drums:
        say(f"the drum channel (10) is left out, {drums} notes")
    return [event for event in events if event.channel != DRUM_CHANNEL]

"""A job done in this process. The model stays open for the next one of the same kind."""

import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from gansynth_live import __version__
from gansynth_live.batch.job import Job, Outcome
from gansynth_live.batch.record import digest_of
from gansynth_live.errors import GansynthError, MidiFileError, ModelError, UsageError
from gansynth_live.instrument import Instrument
from gansynth_live.log import shown_to
from gansynth_live.midi import Song
from gansynth_live.midi.smf import parse_bytes
from gansynth_live.midi.timeline import song_of
from gansynth_live.performance.rendering import open_for, piece_of, render_piece
from gansynth_live.performance.request import Request, unpack
from gansynth_live.render.slots.failures import reason

_opening = Lock()


def render_job(job: Job, out: Path) -> Outcome:
    """Write the sound file of a job. Whatever goes wrong is an outcome, not an exception."""
    remarks: list[str] = []
    try:
        with shown_to(remarks.append):
            seconds = _render(job, out, remarks.append)
        return Outcome(seconds, digest_of(out), tuple(remarks))
    except MemoryError:
        return Outcome(failure="out of memory; render fewer at once (--jobs), or close programs")
    except GansynthError as error:
        return Outcome(remarks=tuple(remarks), failure=str(error))
    except Exception as error:  # a fault in one file must not be one of all
        return Outcome(failure=reason(error), trace=traceback.format_exc())


def _render(job: Job, out: Path, say: Callable[[str], None]) -> float:
    """Seconds of sound."""
    if job.version != __version__:
        raise UsageError(
            f"gansynth-live {__version__} is here and {job.version} there; install the same"
        )
    request = unpack(job.request)
    song = _song(job.midi, request)
    for remark in song.remarks:
        say(remark)
    piece = piece_of(song, request, "the file", say)
    with _opening:
        instrument = _opened(job.request, job.model, job.digest)
    return render_piece(out, piece, request, instrument, say).frames / request.rate


def _song(midi: bytes, request: Request) -> Song:
    try:
        return song_of(parse_bytes(midi), request.stretch)
    except MidiFileError as error:
        raise MidiFileError(f"no usable MIDI file: {error}") from error


@lru_cache(1)
def _opened(request: bytes, model: str, digest: str) -> Instrument:
    opened = open_for(unpack(request), model or None)
    if opened.bundle.digest != digest:
        raise ModelError(
            f"the model {model or opened.bundle.spec.name!r} is another one here; copy it anew"
        )
    return opened

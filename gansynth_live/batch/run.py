"""A run: every file that is not there yet becomes a job, and what comes of each is told."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import NamedTuple, Protocol

from gansynth_live.batch.job import Job, Outcome
from gansynth_live.batch.order import Order
from gansynth_live.batch.record import Record
from gansynth_live.batch.sources import Source
from gansynth_live.errors import MidiFileError, UsageError
from gansynth_live.files import read_bounded
from gansynth_live.midi.smf import MAX_FILE_BYTES

LOOK_SECONDS = 0.1  # between looks whether the run is to be broken off


class Crew(Protocol):
    """Whoever renders."""

    most: int  # jobs that may be under way, so that nobody waits for one

    def submit(self, job: Job, out: Path) -> Future[Outcome]:
        """Have a job done; the sound file appears whole or not at all."""
        ...


class Result(NamedTuple):
    """What came of a file; no outcome: it is there already."""

    source: Source
    outcome: Outcome | None


class Waiting(NamedTuple):
    """A file whose job is under way."""

    source: Source
    key: str


def render_all(
    sources: Sequence[Source],
    folder: Path,
    order: Order,
    crew: Crew,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Render all files into a folder that is there; results come as they are known.

    Args:
        is_over: asked again and again; when it says so, what is under way is left alone.

    Raises:
        UsageError: the record of the folder cannot be read.
    """
    record = Record(folder)
    under_way: dict[Future[Outcome], Waiting] = {}
    for source in sources:
        try:
            midi = _read(source)
            key = order.key(midi)
            if record.has(source.name, key):
                yield Result(source, None)
                continue
            out = folder / source.name
            _make_folder(out.parent)
            under_way[crew.submit(order.job(midi), out)] = Waiting(source, key)
        except (MidiFileError, UsageError) as error:
            yield Result(source, Outcome(failure=str(error)))
        while len(under_way) >= crew.most and not is_over():
            yield from _finished(under_way, record)
        if is_over():
            return
    while under_way and not is_over():
        yield from _finished(under_way, record)


def _finished(under_way: dict[Future[Outcome], Waiting], record: Record) -> Iterator[Result]:
    """What has been done of it, if anything soon is; it is no longer under way."""
    done, _ = wait(under_way, LOOK_SECONDS, FIRST_COMPLETED)
    for future in done:
        waiting = under_way.pop(future)
        outcome = future.result()
        if not outcome.failure:
            outcome = _recorded(record, waiting, outcome)
        yield Result(waiting.source, outcome)


def _recorded(record: Record, waiting: Waiting, outcome: Outcome) -> Outcome:
    try:
        record.add(waiting.source.name, waiting.key, outcome.sound)
    except OSError as error:
        return Outcome(failure=f"it is rendered, but cannot be recorded: {error.strerror}")
    return outcome


def _read(source: Source) -> bytes:
    if source.problem:
        raise UsageError(source.problem)
    try:
        return read_bounded(source.path, MAX_FILE_BYTES)
    except OSError as error:
        raise MidiFileError(f"cannot be read: {error.strerror or error}") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {folder}: {error.strerror or error}") from error

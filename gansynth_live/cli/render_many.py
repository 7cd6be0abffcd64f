"""`gansynth-live render IN... --out DIR`: many files, over processes or a Dask cluster."""

import logging
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gansynth_live.cli import SIGNALLED, SIGNALS
from gansynth_live.cli.program import USER_ERROR
from gansynth_live.errors import UsageError, printable

if TYPE_CHECKING:
    from gansynth_live.batch.order import Order
    from gansynth_live.batch.run import Crew, Result
    from gansynth_live.performance.request import Request
    from gansynth_live.presets.preset import Preset

JobsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(min=1, max=256, metavar="N", help="With --out: processes; default: by the cores."),
]
DaskOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="With --out: workers of the Dask scheduler there."),
]

log = logging.getLogger(__name__)


def render_many(
    files: Sequence[Path],
    out: Path,
    request: "Request",
    model: str | None,
    preset: "Preset | None",
    jobs: int | None,
    dask: str | None,
) -> None:
    """Render all MIDI files among `files`, and in the folders among them, into the folder `out`.

    Raises:
        UsageError: there are none, or no file at all could be rendered so.
    """
    if jobs is not None and dask is not None:
        raise UsageError("--jobs is for this machine, --dask for a cluster; choose one")
    from gansynth_live.batch.order import make_order
    from gansynth_live.batch.run import render_all
    from gansynth_live.batch.sources import find_sources
    from gansynth_live.cli.progress import progress

    sources = find_sources(files)
    if not sources:
        raise UsageError(f"no MIDI files (.mid, .midi) in {', '.join(map(str, files))}")
    order = make_order(request, model, preset)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {out}: {error.strerror or error}") from error
    report = Report(out)
    with (
        _crew(dask, jobs, len(sources), order) as (crew, threaded),
        _caught() as caught,
        progress("rendering", len(sources)) as advance,
    ):
        for result in render_all(sources, out, threaded, crew, lambda: bool(caught)):
            report.tell(result)
            advance(1)
    report.end(len(sources))
    if caught:
        raise typer.Exit(SIGNALLED + caught[0])
    if report.failed:
        raise typer.Exit(USER_ERROR)


class Report:
    """What the user hears of a run: a line for each file at once, and at the end what failed.

    Attributes:
        failed: files that are not rendered, with the reason.
    """

    def __init__(self, folder: Path) -> None:
        self.failed: list[str] = []
        self._folder = folder
        self._began = time.monotonic()
        self._rendered = self._there = 0
        self._seconds = 0.0

    def tell(self, result: "Result") -> None:
        """Say what came of a file."""
        source, outcome = result
        sound = self._folder / source.name
        if outcome is None:
            self._there += 1
            typer.echo(f"{sound}: there already, from the same file in the same way")
            return
        for remark in outcome.remarks:
            typer.echo(printable(f"note: {source.path}: {remark}"), err=True)
        if outcome.trace:
            log.info("%s: %s", source.path, outcome.trace)
        if outcome.failure:
            self.failed.append(f"{source.path}: {outcome.failure}")
            return
        self._rendered += 1
        self._seconds += outcome.seconds
        typer.echo(f"{sound}: {outcome.seconds:.1f} s of sound")

    def end(self, files: int) -> None:
        """Say what came of all."""
        took = time.monotonic() - self._began
        rate = f", {self._rendered / took * 3600:.0f} files an hour" if self._rendered else ""
        typer.echo(
            f"{self._rendered} rendered, {self._there} there already; "
            f"{self._seconds:.1f} s of sound in {took:.1f} s{rate}"
        )
        if left := files - self._rendered - self._there - len(self.failed):
            typer.echo(f"{left} are left; the same command goes on from here", err=True)
        if self.failed:
            log.error("%d of %d files are not rendered:", len(self.failed), files)
            for line in self.failed:
                typer.echo(f"  {printable(line)}", err=True)


@contextmanager
def _crew(
    dask: str | None, jobs: int | None, files: int, order: "Order"
) -> "Iterator[tuple[Crew, Order]]":
    """Who renders, and the order with the threads that each file then has."""
    if dask is not None:
        from gansynth_live.batch.cluster import Cluster

        with Cluster(dask) as cluster:
            yield cluster, order.with_threads(1)
        return
    from gansynth_live.batch.processes import Processes, cores, usual_count
    from gansynth_live.kernel.compile import is_kept
    from gansynth_live.kernel.first_start import compile_or_load

    count = min(jobs or usual_count(), files)
    if not is_kept():  # once, and not in every process
        compile_or_load()
    with Processes(count) as processes:
        yield processes, order.with_threads(max(1, cores() // count))


@contextmanager
def _caught() -> Iterator[list[int]]:
    """The numbers of the signals that came: here they end nothing by themselves."""
    caught: list[int] = []
    before = {}
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, lambda got, _frame: caught.append(got))
    try:
        yield caught
    finally:
        for number, action in before.items():
            signal.signal(number, action)

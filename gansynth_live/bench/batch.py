"""Many files: how many an hour become sound, by one process and by two.

The files are short pieces of one melody, each in another place, by the shipped model at 48 kHz with
effects. Processes start anew in each turn, as in a run of the user's. One process already uses
several cores: what more of them gain is what it leaves idle.
"""

import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from gansynth_live.batch.order import Order, make_order
from gansynth_live.batch.processes import Processes, cores
from gansynth_live.batch.run import render_all
from gansynth_live.batch.sources import Source, find_sources
from gansynth_live.bench.figures import Figure, Finding, seconds_of, taking_turns
from gansynth_live.config import load_config
from gansynth_live.errors import GansynthError
from gansynth_live.performance.request import Request

FILES, NOTES = 8, 24
ROUNDS = 3
LOWEST, STEPS = 48, (0, 7, 4, 12, 7, 16, 12, 4)
HEADER = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480)
END = b"\x00\xff\x2f\x00"


def measure(quick: bool) -> Iterator[Finding]:
    """Files an hour."""
    order = make_order(Request(load_config()), None, None)
    with TemporaryDirectory() as folder:
        sources = _pieces(Path(folder), 2 if quick else FILES)
        turns = [partial(_seconds, sources, order, count) for count in (1, 2)]
        one, two = taking_turns(1 if quick else ROUNDS, *turns)
    for name, took in (("1 process", one), ("2 processes", two)):
        yield Figure("batch", f"files of 6 s an hour, {name}", len(sources) / took * 3600, "files")
    yield Figure("batch", f"2 processes faster, {cores()} cores", one / two, "x")


def _seconds(sources: list[Source], order: Order, count: int) -> float:
    """To render all, by so many processes that share the cores."""
    threaded = order.with_threads(max(1, cores() // count))

    def render() -> None:
        for result in render_all(sources, Path(out), threaded, processes):
            if result.outcome is None or result.outcome.failure:
                raise GansynthError(f"{result.source.path} is not rendered: {result.outcome}")

    with TemporaryDirectory() as out, Processes(count) as processes:
        return seconds_of(render)


def _pieces(folder: Path, count: int) -> list[Source]:
    for number in range(count):
        keys = [LOWEST + number + STEPS[step % len(STEPS)] for step in range(NOTES)]
        notes = b"".join(bytes((0, 0x90, key, 100, 0x81, 0x70, 0x80, key, 0)) for key in keys)
        track = b"MTrk" + struct.pack(">I", len(notes + END)) + notes + END
        (folder / f"{number}.mid").write_bytes(HEADER + track)
    return find_sources([folder])

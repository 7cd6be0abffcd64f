"""`gansynth-live bench`: the figures of this machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Group(StrEnum):
    """What can be measured alone."""

    KERNEL = "kernel"
    RENDER = "render"
    BATCH = "batch"
    LIVE = "live"
    START = "start"
    LIVING = "living"
    SOUND = "sound"
    CACHE = "cache"
    KNOB = "knob"
    SOAK = "soak"
    IDLE = "idle"
    PANEL = "panel"


def bench(
    group: Annotated[Group | None, typer.Argument(help="Only this group of figures.")] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the figures here.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Try it out: short runs, rough figures.")
    ] = False,
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="How long the soak plays; by itself 2 minutes.")
    ] = None,
) -> None:
    """Measure this machine: voices, renders, latency, start-up, living notes, knob, note cache,
    memory, many files, and what idling and the panel cost.

    Peers (FluidSynth, Magenta's original GANSynth, a JACK server) are measured in the same run
    where they are installed.
    """
    from gansynth_live.bench.run import run

    run([group] if group else list(Group), quick, json, minutes)

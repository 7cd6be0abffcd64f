"""What a measurement says: a figure with its goal, or the peer that it would need."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import gansynth_live


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        name: what was measured, with its conditions; unique within a group.
        at_least, at_most: the goal, if there is one.
    """

    group: str
    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None


@dataclass(frozen=True)
class Missing:
    """A peer or device that is not on this machine, and how to get it."""

    group: str
    name: str
    cure: str


Finding: TypeAlias = Figure | Missing
Measurement: TypeAlias = Callable[[bool], Iterator[Finding]]  # argument: quick, for a mere try-out


def taking_turns(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """Median of each measure over some rounds, in which all take their turn.

    So a machine that is busy for a while spoils no ratio.
    """
    values = [[measure() for measure in measures] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*values, strict=True)]


def seconds_of(work: Callable[[], object]) -> float:
    """Wall-clock time of `work`."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def processor_seconds_of(work: Callable[[], object]) -> float:
    """Processor time that this process spends on `work`: little affected by a busy machine."""
    started = time.process_time()
    work()
    return time.process_time() - started


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """Findings as plain data, with the machine they belong to."""
    figures = [finding for finding in findings if isinstance(finding, Figure)]
    return {
        "version": gansynth_live.__version__,
        "taken": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": this_machine(),
        "figures": [vars(figure) | {"reached": figure.reached} for figure in figures],
        "missing": [vars(finding) for finding in findings if isinstance(finding, Missing)],
    }


def this_machine() -> dict[str, Any]:
    """What the figures depend on, as far as the system tells."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:  # noqa: PTH123
            names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()

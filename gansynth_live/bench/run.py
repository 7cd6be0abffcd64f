"""Run measurements, show their findings as they come, and write them down."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gansynth_live.bench.figures import Figure, Finding, Measurement, as_json
from gansynth_live.files import replacing


def run(
    groups: Sequence[str], quick: bool, json_path: Path | None, minutes: float | None = None
) -> None:
    """Measure each of `groups`: modules of this room that hold a function `measure`.

    Args:
        minutes: how long the soak plays.

    Raises:
        UsageError: `json_path` cannot be written.
    """
    console = Console()
    findings: list[Finding] = []
    # Opened first: a bad path is to be heard of before minutes of measuring.
    with replacing(json_path) if json_path else nullcontext() as beside:
        for group in groups:
            module = import_module(f"gansynth_live.bench.{group}")
            measure: Measurement = module.measure
            if group == "soak" and minutes is not None:
                measure = partial(module.measure, minutes=minutes)
            with console.status(f"measuring {group} ..."):
                found = list(measure(quick))
            console.print(table_of(group, found))
            findings += found
        if beside:
            beside.write_text(json.dumps(as_json(findings), indent=2) + "\n")


def table_of(title: str, findings: Sequence[Finding]) -> Table:
    """Findings as a table for people."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading, justify in (("figure", "left"), ("value", "right"), ("goal", "left")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for finding in findings:
        if isinstance(finding, Figure):
            table.add_row(finding.name, f"{_number(finding.value)} {finding.unit}", _goal(finding))
        else:
            table.add_row(finding.name, "missing", finding.cure)
    return table


def _number(value: float) -> str:
    """Three digits or more, none of them noise."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _goal(figure: Figure) -> str:
    if figure.at_least is not None:
        goal = f">= {figure.at_least:g}"
    elif figure.at_most is not None:
        goal = f"<= {figure.at_most:g}"
    else:
        return ""
    return f"{goal} {'reached' if figure.reached else 'NOT reached'}"

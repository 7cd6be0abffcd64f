"""How it stands while `play` plays: one line at the foot of a terminal, or JSON for programs."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from gansynth_live.cli.terminal import is_in_foreground
from gansynth_live.units import gain_to_db

if TYPE_CHECKING:
    from gansynth_live.synth import SynthSnapshot

FLOOR_DB = -60.0
BAR = 10  # places of the level meter
JSON_SECONDS = 1.0
LINE_SECONDS = 0.25  # four times a second: nothing flickers, and a core has nothing to do


Show: TypeAlias = "Callable[[SynthSnapshot], None]"  # shows how things stand, again and again


def status_line(snapshot: "SynthSnapshot") -> str:
    """How things stand, in one line of plain text."""
    engine, renders = snapshot.engine, snapshot.renders
    level = max(gain_to_db(engine.peak), FLOOR_DB) if engine.peak > 0.0 else FLOOR_DB
    full = round(BAR * (1.0 - level / FLOOR_DB))
    meter = "#" * full + "." * (BAR - full)
    pieces = [
        f"[{meter}] {level:3.0f} dB",
        f"{engine.voices} voices",
        f"{renders.fresh}/{renders.keys} keys fresh",
    ]
    faults = {"late": engine.xruns, "missing": engine.missing, "lost": engine.dropped}
    pieces += [f"{count} {name}" for name, count in faults.items() if count]
    return "  ".join([*pieces, " | ".join(map(str, snapshot.blends))])


def status_json(snapshot: "SynthSnapshot") -> str:
    """The same for programs: one line of JSON."""
    engine, renders = snapshot.engine, snapshot.renders
    return json.dumps(
        {
            "frame": engine.frame,
            "voices": engine.voices,
            "notes": engine.notes,
            "peak": engine.peak,
            "late_blocks": engine.xruns,
            "missing": engine.missing,
            "dropped": engine.dropped,
            "keys": renders.keys,
            "keys_ready": renders.ready,
            "keys_fresh": renders.fresh,
            "faults": snapshot.faults,
            "blends": [
                {
                    "instruments": dict(blend.weights),
                    "focus": blend.focus,
                    "moves": dict(blend.moves),
                }
                for blend in snapshot.blends
            ],
        }
    )


@contextmanager
def live_status(as_json: bool) -> Iterator[tuple[Show, float]]:
    """What shows the status, and how often, in seconds.

    JSON goes to standard output. The line goes to a terminal's standard error, below all that is
    said there, while the program is in the foreground; where there is no terminal, or a dumb one,
    nothing is shown.
    """
    if as_json:
        yield _print_json, JSON_SECONDS
        return
    if not sys.stderr.isatty() or os.environ.get("TERM", "") in ("", "dumb"):
        yield _show_nothing, JSON_SECONDS
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    with Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False) as live:

        def show(snapshot: "SynthSnapshot") -> None:
            if not is_in_foreground():
                return
            text = Text(status_line(snapshot), no_wrap=True, overflow="ellipsis")
            live.update(text, refresh=True)

        yield show, LINE_SECONDS


def _print_json(snapshot: "SynthSnapshot") -> None:
    sys.stdout.write(status_json(snapshot) + "\n")
    sys.stdout.flush()


def _show_nothing(_snapshot: "SynthSnapshot") -> None:
    """Nobody looks."""

"""Live figures under a private JACK server without a sound card: latency, jitter, late blocks.

The instrument runs as a user would start it; another process sends notes at known frames, and
listens. A second round runs it in an interpreter whose lock is fought over, and a third puts a
client that does nothing in its place, because a machine may be late all by itself. The callback's
own share of a block's time is taken without a server, with every voice sounding.
"""

import json
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gansynth_live.bench import private_jack as jack
from gansynth_live.bench.figures import Figure, Finding, Missing, seconds_of
from gansynth_live.bench.kernel import SAMPLE_RATE, held_voices
from gansynth_live.bench.program import require_ready, running
from gansynth_live.engine.process import process_block
from gansynth_live.errors import GansynthError

BLOCK = 128
NOTES = 40
VOICES = 128
BLOCKS = 1000  # less than a render lasts
PLAY = ("gansynth_live", "play", "--driver", "jack")
LOADED_PLAY = ("gansynth_live.bench.loaded_play", "--driver", "jack")
NOTHING = ("gansynth_live.bench.null_client",)


def measure(quick: bool) -> Iterator[Finding]:
    """The callback's load, delay from a note-on to its sound, jitter, and blocks that came late."""
    yield from _load_figures(blocks=100 if quick else BLOCKS)
    if not jack.is_installed():
        yield Missing("live", "a JACK server", jack.CURE)
        return
    if find_spec("jack") is None:
        yield Missing("live", "a second JACK client", "python -m pip install JACK-Client")
        return
    notes = 5 if quick else NOTES
    with (
        TemporaryDirectory(prefix="gansynth-bench-") as folder,
        jack.private_jack(Path(folder), BLOCK) as environment,
    ):
        yield from _note_figures("idle interpreter", _round(PLAY, notes, environment))
        if not quick:
            yield from _note_figures("busy interpreter", _round(LOADED_PLAY, notes, environment))
            yield _late_figure("a client that does nothing", _round(NOTHING, notes, environment))


def _load_figures(blocks: int) -> Iterator[Finding]:
    machine = held_voices(VOICES, bent=False)
    process_block(machine, BLOCK)
    seconds = [seconds_of(partial(process_block, machine, BLOCK)) for _ in range(blocks)]
    shares = 100 * SAMPLE_RATE / BLOCK * np.array(seconds)
    for name, percentile in (("half of them within", 50), ("99 of 100 within", 99)):
        share = float(np.percentile(shares, percentile))
        yield Figure("live", f"blocks with {VOICES} voices: {name}", share, "% of their time")


def _round(program: tuple[str, ...], notes: int, environment: Mapping[str, str]) -> dict[str, Any]:
    with running([sys.executable, "-m", *program], environment) as player:
        require_ready(player, " ".join(program))
        if program is LOADED_PLAY:
            player.send_signal(signal.SIGUSR2)
        return _probe(notes, environment)


def _probe(notes: int, environment: Mapping[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "gansynth_live.bench.jack_probe", str(notes)]
    run = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        last_line = run.stderr.strip().rpartition("\n")[2]
        raise GansynthError(f"the JACK probe failed: {last_line}")
    heard: dict[str, Any] = json.loads(run.stdout)
    return heard


def _note_figures(state: str, heard: dict[str, Any]) -> Iterator[Finding]:
    delays = [delay for delay in heard["delays"] if delay is not None]
    lost = len(heard["delays"]) - len(delays)
    yield Figure("live", f"{state}: notes lost", lost, f"of {len(heard['delays'])}", at_most=0)
    if delays:
        middle = 1e3 * statistics.median(delays) / heard["sample_rate"]
        yield Figure("live", f"{state}: note-on to sound", middle, "ms after its frame")
        jitter = max(delays) - min(delays)
        yield Figure("live", f"{state}: jitter", jitter, "frames", at_most=0)
    yield _late_figure(state, heard)


def _late_figure(state: str, heard: dict[str, Any]) -> Figure:
    return Figure("live", f"{state}: late blocks", heard["late_blocks"], f"of {heard['blocks']:,}")

"""Start-up: help, a first start that compiles, a warm start to the first key and to all; memory."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gansynth_live.bench.figures import Figure, Finding, seconds_of
from gansynth_live.errors import GansynthError

HELP_GOAL = 0.3  # seconds
WARM_GOAL = 3.0  # seconds to the first playable note
ROUNDS = 3


def measure(quick: bool) -> Iterator[Finding]:
    """Seconds of each start, and the memory of an instrument whose keys are all rendered."""
    rounds = 1 if quick else ROUNDS
    helps = [seconds_of(_show_help) for _ in range(rounds)]
    yield Figure("start", "--help", statistics.median(helps), "s", at_most=HELP_GOAL)
    with TemporaryDirectory(prefix="gansynth-bench-") as folder:
        fresh = os.environ | {"GANSYNTH_LIVE_CACHE_DIR": folder}
        if not quick:
            cold = _start(fresh)
            yield Figure("start", "first start ever, to the first key", cold["first_key"], "s")
            yield Figure("start", "first start ever, to all keys", cold["all_keys"], "s")
        warm = [_start(os.environ if quick else fresh) for _ in range(rounds)]
    first, last = (statistics.median(run[key] for run in warm) for key in ("first_key", "all_keys"))
    yield Figure("start", "warm start, to the first key", first, "s", at_most=WARM_GOAL)
    yield Figure("start", "warm start, to all keys", last, "s")
    if memory := warm[-1]["resident_mib"]:
        yield Figure("start", "memory with all keys rendered", memory, "MiB")
        warm_memory = warm[-1]["warm_mib"]
        yield Figure("start", "memory with all that is kept warm rendered", warm_memory, "MiB")


def _show_help() -> None:
    command = [str(Path(sys.executable).with_name("gansynth-live"))]
    if not Path(command[0]).exists():
        command = [sys.executable, "-m", "gansynth_live"]
    subprocess.run([*command, "--help"], capture_output=True, check=True)  # noqa: S603


def _start(environment: Mapping[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "gansynth_live.bench.start_probe", str(time.time())]
    run = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        last_line = run.stderr.strip().rpartition("\n")[2]
        raise GansynthError(f"the instrument does not start: {last_line}")
    times: dict[str, Any] = json.loads(run.stdout)
    return times

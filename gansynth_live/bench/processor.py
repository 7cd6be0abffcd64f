"""Processor time of programs, as the system counts it (Linux)."""

import subprocess
import time
from pathlib import Path

CURE = "measure on Linux"


def is_counted() -> bool:
    """Whether this system tells processor times of other programs."""
    return Path("/proc/self/schedstat").exists()


def shares(seconds: float, *programs: subprocess.Popen[str]) -> list[float]:
    """Processor time of each program over some seconds, in % of a core."""
    before, began = [_processor_seconds(program.pid) for program in programs], time.monotonic()
    time.sleep(seconds)
    spent = [_processor_seconds(program.pid) for program in programs]
    took = time.monotonic() - began
    return [100 * (now - then) / took for now, then in zip(spent, before, strict=True)]


def _processor_seconds(process: int) -> float:
    """Processor time of all threads of a process so far, to the nanosecond."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

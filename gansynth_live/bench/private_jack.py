"""A private JACK server without a sound card: nothing else on the machine is disturbed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gansynth_live.errors import DeviceError

CURE = "apt install jackd2"
SAMPLE_RATE = 48_000
PATIENCE_SECONDS = 15


def is_installed() -> bool:
    """Whether a private server can be started here."""
    return all(shutil.which(program) for program in ("jackd", "jack_wait"))


@contextmanager
def private_jack(folder: Path, block: int) -> Iterator[dict[str, str]]:
    """Run a server for the duration of the block; yield the environment that leads to it.

    Synchronous, so that a late client delays a block but loses none.

    Raises:
        DeviceError: it does not start.
    """
    name = f"gansynth-bench-{os.getpid()}"
    environment = os.environ | {
        "JACK_DEFAULT_SERVER": name,
        "JACK_NO_START_SERVER": "1",
        "JACK_NO_AUDIO_RESERVATION": "1",
    }
    scheduling = "--realtime" if realtime_is_allowed() else "--no-realtime"
    command = ["jackd", "-S", scheduling, "--name", name, "--no-mlock", "-d", "dummy"]
    command += ["-r", str(SAMPLE_RATE), "-p", str(block), "-C", "2", "-P", "2"]
    with (folder / "jackd.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            _wait_for(name)
            yield environment
        finally:
            server.terminate()
            server.wait()


def realtime_is_allowed() -> bool:
    """Whether this process may have real-time threads (Linux)."""
    try:
        before = os.sched_getscheduler(0), os.sched_getparam(0)
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))
    except (AttributeError, PermissionError):
        return False
    os.sched_setscheduler(0, *before)
    return True


def _wait_for(name: str) -> None:
    waiting = ["jack_wait", "-s", name, "-w", "-t", str(PATIENCE_SECONDS)]
    if subprocess.run(waiting, capture_output=True, check=False).returncode != 0:  # noqa: S603
        raise DeviceError("the private JACK server does not start; try: jackd -d dummy")

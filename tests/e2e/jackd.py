"""A private JACK server without a sound card: its own name, so that nothing else is disturbed."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from gansynth_live.bench.private_jack import realtime_is_allowed

SAMPLE_RATE = 48_000
START_SECONDS = 15
STOP_SECONDS = 10
CLIENT_PATIENCE_MS = 5000  # a machine that is busy must not cost a client its place in the graph


def missing_programs() -> list[str]:
    """JACK programs that this machine lacks; Debian's package jackd2 has them all."""
    return [name for name in ("jackd", "jack_wait", "jack_lsp") if shutil.which(name) is None]


@dataclass
class JackServer:
    """`jackd -S -d dummy`: synchronous, so that a late client delays a block but loses none.

    Without real-time scheduling only long blocks are kept up with, so `block` grows to 1024 then.
    """

    name: str
    log: Path
    block: int = 128
    sample_rate: int = SAMPLE_RATE
    speakers: int = 2
    waits: bool = True  # for late clients

    def __post_init__(self) -> None:
        self.realtime = realtime_is_allowed()
        if not self.realtime:
            self.block = max(self.block, 1024)
        self._process: subprocess.Popen[bytes] | None = None
        self._vanished = False

    @property
    def environment(self) -> dict[str, str]:
        """Variables that lead a program's JACK library to this server, and to no other."""
        return {
            "JACK_DEFAULT_SERVER": self.name,
            "JACK_NO_START_SERVER": "1",
            "JACK_NO_AUDIO_RESERVATION": "1",
        }

    def start(self) -> None:
        """Start the server and wait until it accepts clients."""
        scheduling = "--realtime" if self.realtime else "--no-realtime"
        command = ["jackd", "-t", str(CLIENT_PATIENCE_MS), scheduling, "--no-mlock"]
        command += ["-S"] if self.waits else []
        command += ["--name", self.name, "-d", "dummy"]
        command += ["-r", str(self.sample_rate), "-p", str(self.block), "-C", "2"]
        command += ["-P", str(self.speakers)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._vanished = False
        waiting = ["jack_wait", "-s", self.name, "-w", "-t", str(START_SECONDS)]
        if subprocess.run(waiting, capture_output=True, check=False).returncode != 0:
            self.stop()
            raise RuntimeError(f"jackd did not start:\n{self.log.read_text(errors='replace')}")

    def stop(self) -> None:
        """Stop the server and wait until it is gone; nothing happens when it is gone already."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """Let the server vanish without a goodbye, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None
        self._vanished = True

    def ports(self) -> list[str]:
        """Full names of all ports that exist now."""
        return list(self.connections())

    def connections(self) -> dict[str, list[str]]:
        """All ports that exist now, with the ports that each is connected to."""
        listing = subprocess.run(
            ["jack_lsp", "-s", self.name, "-c"], capture_output=True, text=True, check=False
        )
        ports: dict[str, list[str]] = {}
        for line in listing.stdout.splitlines():
            if line.startswith(" "):
                ports[list(ports)[-1]].append(line.strip())
            else:
                ports[line] = []
        return ports

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._vanished:
            # JACK knows eight servers; only one of the same name clears the entry of a dead one.
            self.start()
        self.stop()

"""Several processes of this machine that render. One that is killed costs its file a second try."""

import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Self, cast

from msgspec import msgpack

from gansynth_live import unfinished
from gansynth_live.batch.frames import read_frame, write_frame
from gansynth_live.batch.job import Job, Outcome

TRIES = 2
STOP_SECONDS = 10.0  # after which a process that does not end is killed
PROCESS_BYTES = 1 << 30  # that one may come to take, with some room
SOURCES = Path(__file__).parents[2]


class EndedError(Exception):
    """A process has ended before its job was done; says how."""


class Worker:
    """A process that renders one file at a time (see `worker`)."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (str(SOURCES), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gansynth_live.batch.worker"],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # a terminal's Ctrl-C is for the run alone
        )

    def render(self, job: Job, out: Path) -> Outcome:
        """Have a job done.

        Raises:
            EndedError: the process is no more.
        """
        try:
            order = msgpack.encode((job, os.fsencode(out)))
            write_frame(cast(IO[bytes], self._process.stdin), order)
            answer = read_frame(cast(IO[bytes], self._process.stdout))
        except (OSError, ValueError):  # ValueError: its input has been closed meanwhile
            answer = None
        if answer is None:
            raise EndedError(_how(self._process.wait()))
        return msgpack.decode(answer, type=Outcome)

    def begin_to_stop(self) -> None:
        """Let it end at once, in order."""
        with suppress(OSError):  # what was held back for a process that is no more
            cast(IO[bytes], self._process.stdin).close()

    def stop(self) -> None:
        """The same, and wait for its end."""
        self.begin_to_stop()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        cast(IO[bytes], self._process.stdout).close()


class Processes:
    """So many worker processes; as a context, at the end of which they have ended.

    Attributes:
        most: jobs that may be under way, so that no process waits.
    """

    def __init__(self, count: int) -> None:
        self.most = count + 1
        self._threads = ThreadPoolExecutor(count, "render-process")
        self._lock = Lock()
        self._all: set[Worker] = set()
        self._idle: list[Worker] = []
        self._is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._is_over = True
            workers = list(self._all)
        for worker in workers:
            worker.begin_to_stop()
        for worker in workers:
            worker.stop()
        self._threads.shutdown(cancel_futures=True)

    def submit(self, job: Job, out: Path) -> Future[Outcome]:
        """Have a job done by the next process that is idle."""
        return self._threads.submit(self._render, job, out)

    def _render(self, job: Job, out: Path) -> Outcome:
        how = ""
        for _ in range(TRIES):
            try:
                worker = self._take()
            except OSError as error:
                return Outcome(failure=f"no process can be started: {error.strerror}")
            try:
                outcome = worker.render(job, out)
            except EndedError as end:
                how = str(end)
                self._forget(worker)
                unfinished.sweep(out.parent)
            else:
                with self._lock:
                    self._idle.append(worker)
                return outcome
        return Outcome(
            failure=f"the process that rendered it has ended {TRIES} times ({how}); where memory "
            "is short, render fewer at once (--jobs)"
        )

    def _take(self) -> Worker:
        with self._lock:
            if self._is_over:
                raise OSError(0, "the run is over")
            if self._idle:
                return self._idle.pop()
            worker = Worker()
            self._all.add(worker)
            return worker

    def _forget(self, worker: Worker) -> None:
        worker.stop()
        with self._lock:
            self._all.discard(worker)


def usual_count() -> int:
    """As many processes as there are cores for this one, and as fit into half of the memory."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows does not say
        return cores()
    return max(1, min(cores(), memory // 2 // PROCESS_BYTES))


def cores() -> int:
    """That this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _how(code: int) -> str:
    """How a process has ended, by its exit code."""
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"

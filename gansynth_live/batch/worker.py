"""A process that renders, one file after the other, for as long as its input is open.

    python -m gansynth_live.batch.worker

reads jobs from its standard input and writes outcomes to its standard output. When the input ends
it ends at once, whatever it is doing, and leaves nothing half-written: so it does not outlive the
run that started it.
"""

import os
import signal
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from msgspec import msgpack

from gansynth_live import unfinished
from gansynth_live.batch.frames import read_frame, write_frame

STOPPED = 1


def main() -> None:
    """Do jobs, until there will be none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this process
    answers = _own_output()
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    from gansynth_live.batch.job import Job
    from gansynth_live.batch.work import render_job

    while True:
        job, out = msgpack.decode(jobs.get(), type=tuple[Job, bytes])
        outcome = render_job(job, Path(os.fsdecode(out)))
        try:
            write_frame(answers, msgpack.encode(outcome))
        except OSError:
            _leave()


def _own_output() -> BinaryIO:
    """Standard output for answers alone: what libraries print goes where errors go."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _listen(stream: BinaryIO, jobs: SimpleQueue[bytes]) -> None:
    while (frame := read_frame(stream)) is not None:
        jobs.put(frame)
    _leave()


def _leave() -> None:
    unfinished.discard_all()
    os._exit(STOPPED)


if __name__ == "__main__":
    main()

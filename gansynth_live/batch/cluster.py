"""A Dask cluster that renders. MIDI travels there as data, sound comes back: no folder is shared.

What a worker runs is this package, installed there; no code travels. A job goes as bytes. When a
worker is lost, Dask gives its jobs to others, several times over before it gives one up.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Self

from msgspec import msgpack

from gansynth_live import __version__, unfinished
from gansynth_live.batch.job import Job, Outcome
from gansynth_live.batch.work import render_job
from gansynth_live.errors import UsageError
from gansynth_live.files import replacing
from gansynth_live.render.slots.failures import reason

CONNECT_SECONDS, WORKER_SECONDS = 10, 30
AHEAD = 2  # jobs under way for each thread of the cluster: one more than it does
MOST = 256  # and at most
NO_DASK = "--dask needs Dask: python -m pip install 'gansynth-live[dask]'"

log = logging.getLogger(__name__)


def version() -> str:
    """Of the program, where this is run."""
    return __version__


def render_away(packed: bytes) -> tuple[Outcome, bytes]:
    """Do a job where no one else's folders are; what came of it, and the sound file."""
    folder = unfinished.create_folder(Path(gettempdir()))
    try:
        out = folder / "sound.wav"
        outcome = render_job(msgpack.decode(packed, type=Job), out)
        return outcome, b"" if outcome.failure else out.read_bytes()
    finally:
        unfinished.discard(folder)


class Cluster:
    """The workers behind the scheduler at an address; as a context.

    Each worker renders as many files at once as it has threads.

    Attributes:
        most: jobs that may be under way, so that no worker waits.

    Raises:
        UsageError: Dask is not installed, no scheduler answers, it has no workers, or they have
            another version of this program.
    """

    def __init__(self, address: str) -> None:
        self._client = _connected(address)
        try:
            self.most = min(_threads_of(self._client, address) * AHEAD, MOST)
        except BaseException:
            self._client.close()
            raise
        self._threads = ThreadPoolExecutor(self.most, "render-away")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()  # whoever waits for a worker is told that it will not answer
        self._threads.shutdown(cancel_futures=True)

    def submit(self, job: Job, out: Path) -> Future[Outcome]:
        """Have a job done by a worker, and write the sound that comes back."""
        return self._threads.submit(self._render, job, out)

    def _render(self, job: Job, out: Path) -> Outcome:
        try:
            # Not pure: a result that a worker has lost is to be made again, not looked up.
            remote = self._client.submit(render_away, msgpack.encode(job), pure=False)
            outcome, sound = remote.result()
            if sound:
                with replacing(out) as beside:
                    beside.write_bytes(sound)
        except UsageError as error:
            return Outcome(failure=str(error))
        except Exception as error:  # whatever a cluster breaks with
            log.info("a worker has not rendered", exc_info=error)
            return Outcome(failure=f"the cluster has lost it: {reason(error)}")
        return outcome  # type: ignore[no-any-return]


def _connected(address: str) -> Any:
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address, parse_host_port
        from distributed.comm.registry import get_backend
    except ImportError as error:
        raise UsageError(NO_DASK) from error
    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        parse_host_port(place)
    except ValueError as error:
        raise UsageError(f"--dask {address!r:.80}: {error}; write it as tcp://HOST:8786") from error
    # What breaks is said by the files that it costs; this library would add its tracebacks.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except OSError as error:
        raise UsageError(
            f"--dask {address}: no scheduler answers there; start one: dask scheduler"
        ) from error


def _threads_of(client: Any, address: str) -> int:
    """Threads of all workers, each of which has this version of the program."""
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        raise UsageError(
            f"--dask {address}: it has no workers; start some: dask worker {address}"
        ) from error
    for worker, found in client.run(version, on_error="return").items():
        if found != __version__:
            what = f"has version {found}" if isinstance(found, str) else f"cannot: {reason(found)}"
            raise UsageError(
                f"--dask: gansynth-live {__version__} is not what the worker {worker} runs: it "
                f"{what}; install the same there"
            )
    return sum(client.nthreads().values())

"""A real cluster of two worker processes on this machine, one of which is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gansynth_live.batch.cluster import Cluster
from gansynth_live.batch.order import Order
from gansynth_live.batch.work import render_job
from gansynth_live.errors import UsageError
from tests.batch.songs import notes_of, small_order
from tests.eventually import eventually

distributed = pytest.importorskip("distributed", reason="needs Dask: pip install distributed")

LONG = 100  # notes, a second of work or so

# What its own threads and loops leave behind is no concern of this project.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def cluster(own_folders: None) -> Iterator[Any]:
    """Two worker processes of one thread each, and their scheduler."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return small_order(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def busy(cluster: Any) -> set[str]:
    """Addresses of the workers that have a job."""
    workers = cluster.scheduler.workers.values()
    return {worker.address for worker in workers if worker.processing}


def test_sound_comes_back_though_a_worker_is_killed(
    cluster: Any, order: Order, out: Path, tmp_path: Path
) -> None:
    jobs = {f"{key}.wav": order.job(notes_of(key, LONG)) for key in (60, 61, 62)}
    with Cluster(cluster.scheduler_address) as there:
        assert there.most == 4
        outcomes = {name: there.submit(job, out / name) for name, job in jobs.items()}
        eventually(lambda: len(busy(cluster)) == 2)
        killed = next(iter(cluster.workers.values()))
        os.kill(killed.pid, signal.SIGKILL)
        results = {name: future.result() for name, future in outcomes.items()}
    for name, job in jobs.items():
        here = render_job(job, tmp_path / name)
        assert results[name] == here
        assert here.failure == ""
        assert (out / name).read_bytes() == (tmp_path / name).read_bytes()
    assert sorted(path.name for path in out.iterdir()) == sorted(jobs)


def test_what_is_wrong_is_an_outcome_there_too(cluster: Any, order: Order, out: Path) -> None:
    with Cluster(cluster.scheduler_address) as there:
        outcome = there.submit(order.job(b"no MIDI"), out / "a.wav").result()
        nowhere = there.submit(order.job(notes_of(60)), out / "absent" / "a.wav").result()
    assert outcome.failure.startswith("no usable MIDI file")
    assert "cannot write" in nowhere.failure
    assert not any(out.iterdir())


def test_a_cluster_that_is_lost_is_an_outcome(cluster: Any, order: Order, out: Path) -> None:
    with Cluster(cluster.scheduler_address) as there:
        outcome = there.submit(order.job(notes_of(60, 2000)), out / "a.wav")
        eventually(lambda: len(busy(cluster)) == 1)
        cluster.close()
        assert outcome.result().failure.startswith("the cluster has lost it")
    assert not any(out.iterdir())


@pytest.mark.parametrize("address", ["x y", "abc://here:1", "tcp://here", ""])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UsageError, match="write it as tcp://HOST:8786"):
        Cluster(address)


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gansynth_live.batch.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError, match="no scheduler answers there"):
        Cluster("tcp://127.0.0.1:9")


def test_nobody_works(own_folders: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gansynth_live.batch.cluster.WORKER_SECONDS", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty,
        pytest.raises(UsageError, match="it has no workers"),
    ):
        Cluster(empty.scheduler_address)

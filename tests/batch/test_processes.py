"""Worker processes, which are killed here as a system without memory does it."""

import os
import signal
from pathlib import Path

import pytest

from gansynth_live.batch.job import Job
from gansynth_live.batch.order import Order
from gansynth_live.batch.processes import Processes, cores, usual_count
from gansynth_live.batch.record import digest_of
from gansynth_live.batch.work import render_job
from gansynth_live.unfinished import PREFIX
from tests.batch.songs import notes_of, small_order
from tests.eventually import eventually

LONG = 400  # notes, a second of work or more


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return small_order(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def killed_while_it_renders(folder: Path, spared: int = 0) -> int:
    """Kill the process that writes a file in a folder, as soon as there is one; which it was."""
    eventually(lambda: bool(_writing(folder) - {spared}))
    [process] = _writing(folder) - {spared}
    os.kill(process, signal.SIGKILL)
    return process


def _writing(folder: Path) -> set[int]:
    """Processes, by the names of what they write."""
    return {int(path.name.split("-")[2]) for path in folder.glob(f"{PREFIX}-*")}


def test_another_process_writes_the_same(order: Order, out: Path) -> None:
    job = order.job(notes_of(60, 5))
    here = render_job(job, out / "here.wav")
    with Processes(2) as processes:
        there = processes.submit(job, out / "there.wav").result()
    assert there == here
    assert there.seconds > 1.0
    assert there.sound == digest_of(out / "there.wav") == digest_of(out / "here.wav")


def test_a_process_that_is_killed_costs_a_second_try(order: Order, out: Path) -> None:
    job = order.job(notes_of(60, LONG))
    with Processes(1) as processes:
        outcome = processes.submit(job, out / "a.wav")
        killed_while_it_renders(out)
        assert outcome.result().failure == ""
    assert digest_of(out / "a.wav") == outcome.result().sound
    assert render_job(job, out / "b.wav").sound == outcome.result().sound
    assert sorted(path.name for path in out.iterdir()) == ["a.wav", "b.wav"]


def test_a_file_that_kills_twice_is_given_up(order: Order, out: Path) -> None:
    with Processes(1) as processes:
        outcome = processes.submit(order.job(notes_of(60, LONG)), out / "a.wav")
        first = killed_while_it_renders(out)
        killed_while_it_renders(out, spared=first)
        assert "has ended 2 times (SIGKILL)" in outcome.result().failure
        after = processes.submit(order.job(notes_of(62)), out / "b.wav").result()
    assert after.failure == ""
    assert [path.name for path in out.iterdir()] == ["b.wav"]


def test_the_end_leaves_nothing_half_written(order: Order, out: Path) -> None:
    with Processes(1) as processes:
        outcome = processes.submit(order.job(notes_of(60, LONG)), out / "a.wav")
        eventually(lambda: bool(_writing(out)))
    assert outcome.done()
    assert not any(out.iterdir())


def test_what_is_wrong_is_an_outcome(order: Order, out: Path, tmp_path: Path) -> None:
    bad = order.job(b"no MIDI")
    elsewhere = Job(notes_of(60), order.request.pack(), str(tmp_path / "nowhere"), order.digest)
    other = order._replace(digest="other").job(notes_of(60))
    older = Job(notes_of(60), order.request.pack(), order.model, order.digest, version="0.0.1")
    with Processes(1) as processes:
        failures = [
            processes.submit(job, out / "a.wav").result().failure
            for job in (bad, elsewhere, other, older)
        ]
    assert failures[0] == "no usable MIDI file: it has no MIDI file header (MThd)"
    assert "nowhere" in failures[1]
    assert "is another one here" in failures[2]
    assert "0.0.1" in failures[3]
    assert not any(out.iterdir())


def test_what_a_render_remarks_comes_along(order: Order, out: Path) -> None:
    """The drums are left out; of what the original leaves out tells the log."""
    drums = notes_of(60).replace(b"\x90\x3c", b"\x99\x3c")
    outcome = render_job(order.job(drums), out / "a.wav")
    assert outcome.remarks == ("the drum channel (10) is left out, 1 notes",)
    assert outcome.failure == "the file has no notes; there is nothing to render"


def test_the_usual_count_fits_this_machine() -> None:
    assert 1 <= usual_count() <= cores() <= (os.cpu_count() or 1)

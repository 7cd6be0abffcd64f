"""Streams that are missing or full, signals, and the log: the program as a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the streams")


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run the program's command line by a shell; `line` redirects its streams."""
    command = f"{sys.executable} -m gansynth_live {line}"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("missing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_missing_stream_is_no_stream(missing: str) -> None:
    ended = shell(f"instruments {missing}")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_that_is_lost_is_told_by_the_exit_code() -> None:
    ended = shell("instruments > /dev/full")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "Traceback" not in shell("instruments --random nonsense 2> /dev/full").stderr


WAITING = """
import sys, time
from pathlib import Path
from gansynth_live import cli
from gansynth_live.cli import program
from gansynth_live.files import replacing

def run():
    with replacing(Path(sys.argv[1])) as beside:
        beside.write_text("half")
        print("writing", flush=True)
        time.sleep(60)

program.run = run
cli.main()
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_program_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    number = signal.Signals[name]
    command = [sys.executable, "-c", WAITING, str(tmp_path / "a.wav")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(number)
        assert process.stderr.read() == ""
    assert process.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_a_fault_is_one_line_and_the_log_knows_the_rest(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_LOG_DIR", str(tmp_path / "log"))
    monkeypatch.setattr("gansynth_live.instrument.open_library", lambda _: 1 // 0)
    outcome = run("instruments")
    file = tmp_path / "log" / "gansynth-live.log"
    assert outcome.code == 1
    (line,) = outcome.err.splitlines()
    assert str(file) in line
    log = file.read_text()
    assert "Traceback" in log
    assert "ZeroDivisionError" in log
    assert "['instruments']" in log.splitlines()[0]


def test_no_memory_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("gansynth_live.instrument.open_library", fail)
    outcome = run("instruments")
    assert outcome.code == 2
    assert outcome.err.startswith("gansynth-live: error: out of memory")
    assert len(outcome.err.splitlines()) == 1


def test_a_log_that_cannot_be_written_is_none(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GANSYNTH_LIVE_LOG_DIR", str(tmp_path / "file"))
    outcome = run("render", "absent.mid", "out.wav")
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert "missing log" in " ".join(run("doctor").out.split())


def test_doctor_names_the_log(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSYNTH_LIVE_LOG_DIR", str(tmp_path / "log"))
    assert str(tmp_path / "log" / "gansynth-live.log") in run("doctor").out
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - looking writes nothing

"""A program in the background of a real shell on a real pseudo-terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytest.importorskip("fcntl", reason="no terminals of this kind here")

LISTENER = """
import sys, threading, time
from pathlib import Path
from gansynth_live.cli.terminal import entered_lines, survive_the_background
survive_the_background()
def listen():
    for _ in entered_lines():
        Path(sys.argv[1], "entered").touch()
threading.Thread(target=listen, daemon=True).start()
Path(sys.argv[1], "started").touch()
while not Path(sys.argv[1], "end").exists():
    time.sleep(0.01)
Path(sys.argv[1], "ended").touch()
"""


def on_a_terminal(command: list[str]) -> tuple[subprocess.Popen[bytes], int]:
    """Start a command as the session leader of a new terminal; our end of the terminal."""
    import fcntl
    import termios

    keyboard, terminal = os.openpty()

    def take_the_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=REPOSITORY,
        start_new_session=True,
        preexec_fn=take_the_terminal,
    )
    os.close(terminal)
    return process, keyboard


def wait_for(file: Path) -> None:
    """Until it exists; the time-out of the test ends a vain wait."""
    while not file.exists():
        os.sched_yield()


@pytest.mark.timeout(60)
def test_it_goes_on_in_the_background(tmp_path: Path) -> None:
    script = f'set -m; "{sys.executable}" -c "$1" "$2" & wait $!'
    shell, keyboard = on_a_terminal(["bash", "-c", script, "bash", LISTENER, str(tmp_path)])
    wait_for(tmp_path / "started")
    os.write(keyboard, b"for the shell\n")
    (tmp_path / "end").touch()
    assert shell.wait(30) == 0  # a stopped job would make the shell's `wait` return 128 + SIGTTIN
    assert (tmp_path / "ended").exists()
    assert not (tmp_path / "entered").exists()
    os.close(keyboard)


@pytest.mark.timeout(60)
def test_it_listens_in_the_foreground(tmp_path: Path) -> None:
    program, keyboard = on_a_terminal([sys.executable, "-c", LISTENER, str(tmp_path)])
    wait_for(tmp_path / "started")
    os.write(keyboard, b"\n")
    wait_for(tmp_path / "entered")
    (tmp_path / "end").touch()
    assert program.wait(30) == 0
    os.close(keyboard)

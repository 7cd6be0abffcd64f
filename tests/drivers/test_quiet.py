"""C libraries are hushed, and heard again afterwards."""

import os
import threading

import pytest

from gansynth_live.drivers.quiet import quiet


def test_only_what_is_said_meanwhile_is_lost(capfd: pytest.CaptureFixture[str]) -> None:
    os.write(2, b"before ")
    with quiet():
        os.write(2, b"ALSA lib confmisc.c:855: cannot find card '0'")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after"


def test_an_error_inside_does_not_leave_it_hushed(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), quiet():
        raise RuntimeError
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_two_threads_that_overlap_do_not_leave_it_hushed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    began, ended = threading.Event(), threading.Event()

    def first() -> None:
        with quiet():
            began.set()
            ended.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    began.wait(10)
    with quiet():  # begins inside the other one's time and ends after it
        ended.set()
        thread.join(10)
        os.write(2, b"chatter")
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"

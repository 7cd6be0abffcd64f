"""C libraries are hushed, and heard again afterwards."""

import os

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

"""The control thread goes on whatever its steps meet, and never ends without a reason."""

import threading
from collections.abc import Callable

import pytest

from gansynth_live.control import Control
from gansynth_live.errors import DeviceError
from gansynth_live.faults import Faults

PATIENCE = 10.0


def nothing() -> None:
    return None


def rest(_seconds: float) -> None:
    return None


def control(
    listen: Callable[[], bool] = lambda: False,
    wait: Callable[[float], None] = rest,
    tend: Callable[[], None] = nothing,
    faults: Faults | None = None,
) -> Control:
    return Control(lambda: False, listen, wait, tend, faults or Faults("the controls", print))


def test_a_step_that_fails_is_counted_and_made_again() -> None:
    again = threading.Event()
    faults = Faults("the controls", lambda _line: None)

    def listen() -> bool:
        if faults.count == 3:
            again.set()
            return False
        raise ZeroDivisionError

    thread = control(listen, faults=faults)
    thread.start()
    assert again.wait(PATIENCE)
    assert thread.stop(PATIENCE)
    assert thread.failure is None


def test_a_lost_device_ends_it_with_the_reason() -> None:
    def tend() -> None:
        raise DeviceError("the device is lost")

    thread = control(tend=tend)
    thread.start()
    assert thread.ended.wait(PATIENCE)
    assert str(thread.failure) == "the device is lost"


@pytest.mark.parametrize("error", [OSError("no clock"), SystemExit(3)])
def test_a_fault_outside_its_steps_ends_it_with_the_reason(error: BaseException) -> None:
    def wait(_seconds: float) -> None:
        raise error

    thread = control(wait=wait)
    thread.start()
    assert thread.ended.wait(PATIENCE)
    assert thread.failure is error

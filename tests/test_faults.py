"""What fails in a loop is told once a cause, logged, counted, and does not end the loop."""

import logging

import pytest

from gansynth_live.errors import DeviceError
from gansynth_live.faults import Faults


def test_a_fault_is_survived_and_told_once_a_cause(caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []
    faults = Faults("the knobs", lines.append)
    for divisor in (0, 1, 0, 0):
        with faults:
            print(1 // divisor)
    with faults:
        raise ValueError("several\nlines")
    assert faults.count == 4
    assert len(lines) == 2
    assert lines[0].startswith("a fault in the knobs, which go on: ZeroDivisionError: ")
    assert "test_faults.py:" in lines[0]
    assert "ValueError: several lines (" in lines[1]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


def test_our_own_errors_speak_for_themselves() -> None:
    lines: list[str] = []
    with Faults("the MIDI inputs", lines.append):
        raise DeviceError("no MIDI system answers; start one")
    assert lines == ["a fault in the MIDI inputs, which go on: no MIDI system answers; start one"]


def test_nobody_to_tell_is_no_fault_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    def closed(line: str) -> None:
        raise OSError(line)

    faults = Faults("the knobs", closed)
    with faults, caplog.at_level(logging.CRITICAL):
        raise ValueError
    assert faults.count == 1


def test_the_end_of_the_program_is_no_fault() -> None:
    with pytest.raises(KeyboardInterrupt), Faults("the knobs", print):
        raise KeyboardInterrupt

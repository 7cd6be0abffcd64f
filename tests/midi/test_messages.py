"""Events say what they mean."""

import pytest

from gansynth_live.midi.messages import KINDS, NOTE_ON, PITCH_BEND, Event


def test_every_status_but_exclusive_and_the_undefined_has_a_kind() -> None:
    assert set(range(0x80, 0x100)) - set(KINDS) == {0xF0, 0xF4, 0xF5, 0xF7, 0xF9, 0xFD}


@pytest.mark.parametrize(
    ("event", "on", "off"),
    [
        (Event(0.0, 0x93, 60, 1), True, False),
        (Event(0.0, 0x93, 60, 0), False, True),
        (Event(0.0, 0x83, 60, 64), False, True),
        (Event(0.0, 0xB3, 60, 64), False, False),
    ],
)
def test_note_on_with_velocity_0_is_a_note_off(event: Event, on: bool, off: bool) -> None:
    assert (event.is_note_on, event.is_note_off) == (on, off)


def test_kind_and_channel() -> None:
    assert (Event(0.0, 0x95).kind, Event(0.0, 0x95).channel) == (NOTE_ON, 5)
    assert Event(0.0, 0xE0).kind == PITCH_BEND
    assert Event(0.0, 0xFE).kind == 0xFE


def test_message_has_as_many_bytes_as_its_kind() -> None:
    assert Event(1.0, 0x90, 60, 100).message() == b"\x90\x3c\x64"
    assert Event(1.0, 0xC0, 7).message() == b"\xc0\x07"
    assert Event(1.0, 0xF8).message() == b"\xf8"

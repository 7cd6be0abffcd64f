"""Events become notes."""

import pytest

from gansynth_live.midi.messages import Event
from gansynth_live.midi.notes import Note, pair_notes


def on(time: float, key: int, velocity: int = 100, channel: int = 0) -> Event:
    return Event(time, 0x90 | channel, key, velocity)


def off(time: float, key: int, channel: int = 0) -> Event:
    return Event(time, 0x80 | channel, key, 64)


def test_a_note_has_start_end_key_and_velocity() -> None:
    assert pair_notes([on(0.5, 60, 99), off(1.5, 60)]) == [Note(0.5, 1.5, 60, 99, 0)]


def test_velocity_0_ends_a_note() -> None:
    assert pair_notes([on(0.0, 60), on(1.0, 60, 0)]) == [Note(0.0, 1.0, 60, 100, 0)]


def test_channels_do_not_end_each_others_notes() -> None:
    events = [on(0.0, 60), on(0.0, 60, channel=3), off(1.0, 60, channel=3), off(2.0, 60)]
    assert pair_notes(events) == [Note(0.0, 1.0, 60, 100, 3), Note(0.0, 2.0, 60, 100, 0)]


def test_a_note_off_ends_all_earlier_notes_of_its_key() -> None:
    events = [on(0.0, 60), on(1.0, 60), off(2.0, 60)]
    assert pair_notes(events) == [Note(0.0, 2.0, 60, 100, 0), Note(1.0, 2.0, 60, 100, 0)]


def test_a_key_struck_again_at_its_note_off_sounds_on() -> None:
    events = [on(0.0, 60), on(1.0, 60, 50), off(1.0, 60), off(2.0, 60)]
    assert pair_notes(events) == [Note(0.0, 1.0, 60, 100, 0), Note(1.0, 2.0, 60, 50, 0)]


@pytest.mark.parametrize("length", [0.0, 0.001, 0.00999])
def test_no_note_is_shorter_than_what_the_engine_plays(length: float) -> None:
    events = [on(1.0, 60), off(1.0 + length, 60), off(2.0, 60)]
    assert pair_notes(events) == [Note(1.0, 1.01, 60, 100, 0)]


def test_an_open_note_ends_with_the_last_event() -> None:
    events = [on(0.0, 60), Event(3.0, 0xB0, 64, 127)]
    assert pair_notes(events) == [Note(0.0, 3.0, 60, 100, 0)]


def test_nothing_makes_no_notes() -> None:
    assert pair_notes([]) == []
    assert pair_notes([off(1.0, 60), Event(2.0, 0xC0, 3)]) == []

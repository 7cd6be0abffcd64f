"""The demo is the piece that it says it is, playable and morphing."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from gansynth_live.cli.demo_score import (
    BARS,
    CHORDS,
    EXPRESSION_CC,
    INSTRUMENTS,
    POSITION_CC,
    demo_events,
    key_named,
)
from gansynth_live.midi import pair_notes
from gansynth_live.midi.messages import CONTROL_CHANGE, Event


def is_turn_of(controller: int, event: Event) -> bool:
    return event.kind == CONTROL_CHANGE and event.data1 == controller


@pytest.mark.parametrize(
    ("name", "key"), [("C4", 60), ("A4", 69), ("G2", 43), ("F#3", 54), ("C#4", 61)]
)
def test_key_names(name: str, key: int) -> None:
    assert key_named(name) == key


def test_seven_bars_of_sixteen_sixteenths() -> None:
    bars = [line.split() for line in BARS.strip().splitlines()]
    assert [len(bar) for bar in bars] == [16] * 7
    # The first three bars and the sixth say everything twice, as everybody who plays it knows.
    assert all(bars[bar][:8] == bars[bar][8:] for bar in (0, 1, 2, 5))


def test_under_a_minute_of_whole_notes() -> None:
    events = demo_events()
    notes = pair_notes(events)
    assert len(notes) == 7 * 16 + 12
    assert 40.0 < events[-1].time < 50.0
    assert all(36 <= note.key <= 84 and 60 <= note.velocity <= 110 for note in notes)
    assert Counter(event.kind for event in events)[0x90] == len(notes)


def test_events_are_in_order_and_the_bass_rings_on() -> None:
    events = demo_events()
    assert all(first.time <= second.time for first, second in pairwise(events))
    first_bass = pair_notes(events)[0]
    assert first_bass.key == key_named("G2")
    assert first_bass.end > 1.5


def test_the_morph_passes_every_instrument_and_comes_back_to_the_last() -> None:
    positions = [event.data2 for event in demo_events() if is_turn_of(POSITION_CC, event)]
    assert (positions[0], positions[-1]) == (0, 127)
    top = positions.index(127)
    assert all(0 < step <= 3 for step in np.diff(positions[: top + 1]))
    assert {95, 64} < set(positions[top:])  # choir and vibraphone are among the places of CC 1
    assert all(abs(step) <= 3 for step in np.diff(positions))
    assert len(INSTRUMENTS) == 5


def test_held_tones_outlast_a_render_while_the_knob_turns() -> None:
    events = demo_events()
    bass = pair_notes(events)[-12]
    assert bass.key == key_named("G2")
    assert bass.end - bass.start > 3 * 4.0
    turns = [event for event in events if is_turn_of(POSITION_CC, event)]
    assert sum(bass.start < event.time < bass.end for event in turns) > 50


def test_chords_lead_their_voices() -> None:
    chords = [[key_named(name) for name in line.split()] for line in CHORDS.strip().splitlines()]
    for chord, following in pairwise(chords):
        assert chord[0] == following[0]
        assert all(min(abs(key - before) for before in chord) <= 2 for key in following)


def test_expression_only_falls() -> None:
    values = [event.data2 for event in demo_events() if is_turn_of(EXPRESSION_CC, event)]
    assert values[0] == 127
    assert values == sorted(values, reverse=True)


def test_no_note_is_cut_by_the_note_off_of_another() -> None:
    ends: dict[int, float] = {}
    for note in pair_notes(demo_events()):
        assert note.start > ends.get(note.key, -1.0)
        assert note.end - note.start > 0.1
        ends[note.key] = note.end

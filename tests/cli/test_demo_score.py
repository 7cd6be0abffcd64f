"""The demo is the piece that it says it is, playable and morphing."""

from collections import Counter
from itertools import pairwise

import pytest

from gansynth_live.cli.demo_score import BARS, INSTRUMENTS, demo_events, key_named
from gansynth_live.midi import pair_notes
from gansynth_live.midi.messages import CONTROL_CHANGE


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


def test_about_thirty_seconds_of_whole_notes() -> None:
    events = demo_events()
    notes = pair_notes(events)
    assert len(notes) == 7 * 16 + 4
    assert 28.0 < events[-1].time < 32.0
    assert all(36 <= note.key <= 84 and 60 <= note.velocity <= 110 for note in notes)
    assert Counter(event.kind for event in events)[0x90] == len(notes)


def test_events_are_in_order_and_the_bass_rings_on() -> None:
    events = demo_events()
    assert all(first.time <= second.time for first, second in pairwise(events))
    first_bass = pair_notes(events)[0]
    assert first_bass.key == key_named("G2")
    assert first_bass.end > 1.5


def test_the_morph_passes_every_instrument() -> None:
    positions = [event.data2 for event in demo_events() if event.kind == CONTROL_CHANGE]
    assert positions == list(range(128))
    assert len(INSTRUMENTS) >= 4


def test_no_note_is_cut_by_the_note_off_of_another() -> None:
    ends: dict[int, float] = {}
    for note in pair_notes(demo_events()):
        assert note.start > ends.get(note.key, -1.0)
        assert note.end - note.start > 0.1
        ends[note.key] = note.end

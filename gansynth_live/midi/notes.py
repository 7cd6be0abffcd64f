"""Note-ons and note-offs paired into notes, for pictures and for the original's way of mixing."""

from collections.abc import Iterable
from typing import NamedTuple

from gansynth_live.midi.messages import Event

SHORTEST = 0.01  # seconds


class Note(NamedTuple):
    """A key held from `start` to `end` seconds; velocity 1..127, channel 0..15."""

    start: float
    end: float
    key: int
    velocity: int
    channel: int


def pair_notes(events: Iterable[Event]) -> list[Note]:
    """Notes in order of start; pedals do not lengthen them.

    A note-off ends every earlier note of its key and channel, as Magenta reads files, and one that
    began at the same instant only where there is no earlier one. A note without a note-off ends
    with the last event. No note is shorter than `SHORTEST`: the engine plays it so.
    """
    open_notes: dict[tuple[int, int], list[Event]] = {}
    notes: list[Note] = []
    last = 0.0
    for event in events:
        last = event.time
        place = (event.channel, event.data1)
        if event.is_note_on:
            open_notes.setdefault(place, []).append(event)
        elif event.is_note_off:
            started = open_notes.pop(place, [])
            earlier = [on for on in started if on.time < last]
            notes += (_note(on, last) for on in earlier or started)
            # A key struck again at the very instant of its note-off goes on sounding.
            if earlier and len(earlier) < len(started):
                open_notes[place] = started[len(earlier) :]
    for started in open_notes.values():
        notes += (_note(on, last) for on in started)
    return sorted(notes)


def _note(on: Event, end: float) -> Note:
    return Note(on.time, max(end, on.time + SHORTEST), on.data1, on.data2, on.channel)

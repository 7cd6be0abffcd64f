"""A piece that is known from start to end."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gansynth_live.engine.process import process_block
from gansynth_live.errors import UsageError
from gansynth_live.midi.messages import Event
from gansynth_live.render.notes.renderer import NoteRenderer
from gansynth_live.render.schedule.freewheel import FARTHEST, PlannedNote
from gansynth_live.render.schedule.offline import Lookahead, PlannedPart, plan_notes, towards
from tests.render.conftest import HIGH, LOW, latent, small_machine

PITCHES = HIGH - LOW + 1
notes = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.integers(LOW - 3, HIGH + 3),
        st.sampled_from(["flute", "bell", "organ", "reed", "harp"]),
    ),
    max_size=40,
).map(lambda some: [PlannedNote(*note) for note in sorted(some)])


def nothing_moves(_seconds: float) -> None:
    """Every note keeps the timbre that it began in."""


def perform(
    renderer: NoteRenderer,
    plan: list[PlannedNote],
    *,
    slots: int = 160,
    workers: int = 1,
    block: int = 128,
) -> NDArray[np.float32]:
    machine = small_machine(slots)
    blocks = []
    messages = iter([*plan, None])
    note = next(messages)
    with Lookahead(machine, renderer, latent, plan, towards(nothing_moves), workers) as ahead:
        for start in range(0, 4000, block):
            ahead.reach(start + block)
            while note is not None and note.frame < start + block:
                assert machine.send(note.frame, 0x90, note.key, 100)
                note = next(messages)
            blocks.append(process_block(machine, block))
    snapshot = machine.snapshot()
    assert (snapshot.missing, snapshot.starved, snapshot.notes) == (0, 0, len(plan))
    return np.concatenate(blocks, axis=1)[:, :4000]


@given(notes)
@settings(max_examples=15, deadline=None)
def test_threads_blocks_and_memory_do_not_change_a_bit(
    renderer: NoteRenderer, plan: list[PlannedNote]
) -> None:
    reference = perform(renderer, plan)
    assert np.array_equal(perform(renderer, plan, workers=3), reference)
    assert np.array_equal(perform(renderer, plan, slots=PITCHES + 44, workers=2), reference)
    assert np.array_equal(perform(renderer, plan, block=1000), reference)


def test_each_note_sounds_in_its_own_timbre(renderer: NoteRenderer) -> None:
    """Also two notes of one key inside one block."""
    first, second = PlannedNote(0, 65, "flute"), PlannedNote(600, 65, "bell")
    together = perform(renderer, [first, second], block=1000)
    alone = perform(renderer, [first], block=1000) + perform(renderer, [second], block=1000)
    assert np.abs(together).max() > 0.01
    assert np.allclose(together, alone, atol=1e-6)


def test_a_long_piece_stays_within_its_slots(renderer: NoteRenderer) -> None:
    slots = PITCHES + 3
    machine = small_machine(slots)
    plan = [PlannedNote(place * 600, LOW + place % PITCHES, place) for place in range(100)]
    with Lookahead(machine, renderer, latent, plan, towards(nothing_moves), workers=2) as ahead:
        for note, following in pairwise([*plan, PlannedNote(60000, 0, 0)]):
            ahead.reach(note.frame + 1)
            machine.send(note.frame, 0x90, note.key, 100)
            process_block(machine, following.frame - note.frame)
    assert machine.snapshot().missing == 0


def test_a_long_piece_does_not_touch_all_memory(renderer: NoteRenderer) -> None:
    machine = small_machine(600)
    plan = [PlannedNote(place * 600, LOW + place % 2, place) for place in range(400)]
    with Lookahead(machine, renderer, latent, plan, towards(nothing_moves), workers=2) as ahead:
        for note in plan:
            ahead.reach(note.frame + 1)
            process_block(machine, 600)
    touched = sum(machine.slots.samples(slot).any() for slot in range(len(machine.slots)))
    assert touched < FARTHEST + 10


def test_what_returns_is_not_rendered_again(renderer: NoteRenderer) -> None:
    plan = [PlannedNote(place * 10, LOW + place % 2, "flute") for place in range(50)]
    machine = small_machine(30)
    ahead = Lookahead(machine, renderer, latent, plan, towards(nothing_moves))
    with ahead:
        ahead.reach(1000)
    assert ahead.renders.snapshot().rendered == 2


def test_too_little_memory_is_said(renderer: NoteRenderer) -> None:
    plan = [PlannedNote(0, LOW, timbre) for timbre in range(40)]
    machine = small_machine(PITCHES + 3)
    with (
        Lookahead(machine, renderer, latent, plan, towards(nothing_moves)) as ahead,
        pytest.raises(UsageError, match="sounds at once"),
    ):
        ahead.reach(1)


def test_a_broken_note_ends_the_performance(renderer: NoteRenderer) -> None:
    def broken(timbre: object, _pitch: int) -> NDArray[np.float32]:
        raise UsageError(f"no instrument {timbre}")

    machine = small_machine(30)
    with (
        Lookahead(
            machine, renderer, broken, [PlannedNote(0, 60, "x")], towards(nothing_moves)
        ) as ahead,
        pytest.raises(UsageError, match="no instrument x"),
    ):
        ahead.reach(1)


def test_the_plan_follows_the_knob() -> None:
    knob = 0

    def timbre_after(event: Event) -> int:
        nonlocal knob
        if event.status == 0xB0:
            knob = event.data2
        return knob

    messages = [
        (0, Event(0.0, 0x90, 60, 100)),
        (10, Event(0.1, 0xB0, 1, 64)),
        (10, Event(0.1, 0x91, 62, 1)),
        (20, Event(0.2, 0x90, 60, 0)),
        (30, Event(0.3, 0x80, 62, 9)),
    ]
    plan = plan_notes(messages, [PlannedPart(timbre_after)], small_machine(1).tunings)
    assert plan == [PlannedNote(0, 60, 0), PlannedNote(10, 62, 64)]

"""What a plan expects to return is what the engine returns to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.kernel.layout import KEYS, PARTS
from gansynth_live.kernel.settings import PartSettings
from gansynth_live.kernel.tuning import Tunings
from gansynth_live.midi.messages import Event
from gansynth_live.render.schedule.freewheel import PlannedNote
from gansynth_live.render.schedule.offline import PlannedPart, plan_notes
from gansynth_live.render.schedule.returns import Returns
from tests.kernel.small import constant, load, play, small_machine

messages = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([0x80, 0x90]), st.integers(60, 66), st.sampled_from([0, 90])),
        st.tuples(st.just(0xB0), st.sampled_from([64, 66, 68, 126]), st.sampled_from([0, 1, 127])),
    ),
    max_size=40,
)


@pytest.mark.parametrize("mode", ["poly", "mono", "legato"])
@settings(max_examples=40, deadline=None)
@given(played=messages, priority=st.sampled_from(["last", "low", "high"]))
def test_the_engine_returns_to_a_key_that_was_expected(
    mode: str, priority: str, played: list[tuple[int, int, int]]
) -> None:
    machine = small_machine(1, 12000, mode=mode, priority=priority)
    load(machine, constant(12000))
    returns = Returns(PartSettings(), lambda key: key, is_solo=mode != "poly")
    for message in played:
        notes = machine.snapshot().notes
        machine.send(-1, *message)
        play(machine, 50)
        expected = returns.after(*message)
        strikes = message[0] == 0x90 and message[2] > 0
        if machine.snapshot().notes > notes and not strikes:
            voices = machine.memory.voices
            newest = voices[voices["serial"] == machine.snapshot().notes]
            assert next(int(key) for key in newest["key"]) in expected


def test_a_plan_has_the_notes_that_come_back_in_the_timbre_of_their_frame() -> None:
    def timbre(event: Event) -> float:
        return event.time

    steps = ((0x90, 60, 90), (0x90, 64, 90), (0x80, 64, 0), (0x80, 60, 0))
    events = [(10 * n, Event(float(n), *step)) for n, step in enumerate(steps)]
    part = PartSettings(transpose=12)
    tunings = Tunings({}, [part], np.zeros(PARTS * KEYS))
    plan = plan_notes(events, [PlannedPart(timbre, part, is_solo=True)], tunings)
    assert plan == [PlannedNote(0, 72, 0.0), PlannedNote(10, 76, 1.0), PlannedNote(20, 72, 2.0)]
    assert len(plan_notes(events, [PlannedPart(timbre, part)], tunings)) == 2

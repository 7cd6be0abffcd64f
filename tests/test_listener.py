"""What the callback hears reaches the morph controls as it was sent."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.engine.process import process_block
from gansynth_live.kernel.machine import Machine
from gansynth_live.listener import message_of

RATE = 48_000

byte = st.integers(0, 127)
channels = st.integers(0, 15)
messages = st.one_of(
    st.tuples(channels.map(lambda c: 0xB0 | c), st.integers(0, 119), byte),
    st.tuples(channels.map(lambda c: 0x90 | c), byte, st.integers(1, 127)),
    st.tuples(channels.map(lambda c: 0xA0 | c), byte, byte),
    st.tuples(channels.map(lambda c: 0xC0 | c), byte, st.just(0)),
    st.tuples(channels.map(lambda c: 0xD0 | c), byte, st.just(0)),
    st.tuples(st.sampled_from([0xF8, 0xFA, 0xFB, 0xFC]), st.just(0), st.just(0)),
    st.tuples(st.just(0xF2), byte, byte),
)


@settings(deadline=None)  # the first block is compiled
@given(st.lists(st.tuples(st.integers(0, 400), messages), max_size=30))
def test_notices_say_again_what_was_sent_and_when(
    performance: list[tuple[int, tuple[int, int, int]]],
) -> None:
    machine, frame = Machine(RATE, slots=2, slot_seconds=0.1), 0
    sent = []
    for wait, message in performance:
        frame += wait
        machine.send(frame, *message)
        sent.append((frame, message))
    process_block(machine, frame + 1)
    fields = ("kind", "channel", "a", "b")
    heard = [
        (int(notice["frame"]), message_of(*(int(notice[field]) for field in fields)))
        for notice in machine.notices()
    ]
    # A key without a render is also reported as missing: that is news, not a message.
    assert [(at, message) for at, message in heard if message] == sent

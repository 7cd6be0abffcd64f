"""What was performed is told to everyone, as it was sent."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gansynth_live.events import EventStream
from gansynth_live.faults import Faults
from gansynth_live.kernel.events import Performed
from tests.kernel.small import NOTE_ON, play, small_machine

byte = st.integers(0, 127)
channels = st.integers(0, 15)
messages = st.one_of(
    st.tuples(channels.map(lambda c: 0x80 | c), byte, byte),
    st.tuples(channels.map(lambda c: 0x90 | c), byte, byte),
    st.tuples(channels.map(lambda c: 0xA0 | c), byte, byte),
    st.tuples(channels.map(lambda c: 0xB0 | c), st.integers(0, 119), byte),
    st.tuples(channels.map(lambda c: 0xC0 | c), byte, st.just(0)),
    st.tuples(channels.map(lambda c: 0xD0 | c), byte, st.just(0)),
    st.tuples(channels.map(lambda c: 0xE0 | c), byte, byte),
    st.tuples(st.sampled_from([0xF8, 0xFA, 0xFB, 0xFC]), st.just(0), st.just(0)),
    st.tuples(st.just(0xF2), byte, byte),
)


@settings(deadline=None)  # the first block is compiled
@given(st.lists(st.tuples(st.integers(0, 400), messages, st.integers(0, 9)), max_size=30))
def test_every_message_is_told_as_it_was_sent(
    performance: list[tuple[int, tuple[int, int, int], int]],
) -> None:
    machine, frame, notes = small_machine(), 0, 0
    sent = []
    for wait, message, port in performance:
        frame += wait
        machine.send(frame, *message, port)
        strikes = message[0] & 0xF0 == NOTE_ON and message[2] > 0
        notes += strikes
        sent.append(Performed(frame, *message, port, notes if strikes else 0))
    play(machine, frame + 1)
    assert machine.performed() == sent


def test_a_subscriber_that_fails_takes_neither_others_nor_later_messages_with_it() -> None:
    machine = small_machine()
    lines: list[str] = []
    heard: list[int] = []

    def fail(event: Performed) -> None:
        if event.data1 == 1:
            raise ValueError("what a bad number")

    faults = Faults("the controls", lines.append)
    stream = EventStream(machine, faults)
    stream.subscribe(fail)
    stream.subscribe(lambda event: heard.append(event.data1))
    for key in range(3):
        machine.send(key, NOTE_ON, key, 100)
    play(machine, 10)
    stream.fetch()
    assert heard == [0, 1, 2]
    assert faults.count == 1
    assert "what a bad number" in lines[0]

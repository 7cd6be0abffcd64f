"""The protocol as sentences: byte streams and the messages that they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.midi.messages import KINDS
from gansynth_live.midi.tokenizer import MAX_SYSEX_BYTES, Tokenizer

STREAMS = [
    # (what it shows, bytes in, messages out)
    ("nothing", "", ""),
    ("note on", "90 3C 64", "90 3C 64"),
    ("note off", "80 3C 40", "80 3C 40"),
    ("velocity 0 stays what it is", "90 3C 00", "90 3C 00"),
    ("key pressure", "A3 3C 20", "A3 3C 20"),
    ("control change", "BF 40 7F", "BF 40 7F"),
    ("program change has one data byte", "C0 05", "C0 05"),
    ("channel pressure has one data byte", "D1 33", "D1 33"),
    ("pitch bend", "E2 00 40", "E2 00 40"),
    ("quarter frame", "F1 11", "F1 11"),
    ("song position", "F2 01 02", "F2 01 02"),
    ("song select", "F3 07", "F3 07"),
    ("tune request", "F6", "F6"),
    ("clock", "F8", "F8"),
    ("start, continue, stop", "FA FB FC", "FA | FB | FC"),
    ("active sensing and reset", "FE FF", "FE | FF"),
    ("running status of two data bytes", "90 3C 64 40 7F", "90 3C 64 | 90 40 7F"),
    ("running status of one data byte", "C0 01 02 03", "C0 01 | C0 02 | C0 03"),
    ("running status kept over real-time", "90 3C 64 F8 3C 00", "90 3C 64 | F8 | 90 3C 00"),
    ("real-time after the status byte", "90 F8 3C 64", "F8 | 90 3C 64"),
    ("real-time between data bytes", "90 3C F8 64", "F8 | 90 3C 64"),
    ("two real-time bytes inside", "B0 FE 07 F8 64", "FE | F8 | B0 07 64"),
    ("real-time inside running status", "90 3C 64 40 FE 7F", "90 3C 64 | FE | 90 40 7F"),
    ("real-time inside exclusive", "F0 01 F8 02 F7", "F8 | F0 01 02 F7"),
    ("reset inside a message", "90 3C FF 64", "FF | 90 3C 64"),
    ("undefined F9 is ignored", "90 F9 3C 64", "90 3C 64"),
    ("undefined FD is ignored", "90 3C FD 64", "90 3C 64"),
    ("undefined F9 inside exclusive", "F0 01 F9 02 F7", "F0 01 02 F7"),
    ("undefined F4 ends running status", "90 3C 64 F4 40 7F", "90 3C 64"),
    ("undefined F5 ends running status", "90 3C 64 F5 40 7F", "90 3C 64"),
    ("data without a status", "3C 64 40", ""),
    ("data before the first status", "64 00 90 3C 64", "90 3C 64"),
    ("an unfinished message is dropped", "90 3C 80 3C 40", "80 3C 40"),
    ("an unfinished status is dropped", "90 B0 07 64", "B0 07 64"),
    ("a message still open", "90 3C", ""),
    ("exclusive", "F0 7E 7F 09 01 F7", "F0 7E 7F 09 01 F7"),
    ("empty exclusive", "F0 F7", "F0 F7"),
    ("exclusive ends running status", "90 3C 64 F0 01 F7 40 7F", "90 3C 64 | F0 01 F7"),
    ("exclusive interrupted by a note", "F0 01 02 90 3C 64", "90 3C 64"),
    ("exclusive interrupted, then a stray F7", "F0 01 90 3C 64 F7", "90 3C 64"),
    ("exclusive interrupted by exclusive", "F0 01 F0 02 F7", "F0 02 F7"),
    ("exclusive interrupted by tune request", "F0 01 F6", "F6"),
    ("exclusive that never ends", "F0 01 02 03", ""),
    ("stray end of exclusive", "F7", ""),
    ("stray end of exclusive ends running status", "90 3C 64 F7 40 7F", "90 3C 64"),
    ("stray end of exclusive in a message", "90 3C F7 64", ""),
    ("song position ends running status", "90 3C 64 F2 01 02 40 7F", "90 3C 64 | F2 01 02"),
    ("tune request ends running status", "90 3C 64 F6 40 7F", "90 3C 64 | F6"),
    ("quarter frame has no running status", "F1 11 22", "F1 11"),
    ("quarter frame interrupted", "F1 90 3C 64", "90 3C 64"),
    ("real-time inside song position", "F2 01 F8 02", "F8 | F2 01 02"),
    ("change of channel", "90 3C 64 91 3C 64 40 64", "90 3C 64 | 91 3C 64 | 91 40 64"),
    ("change of kind", "90 3C 64 B0 40 7F 40 00", "90 3C 64 | B0 40 7F | B0 40 00"),
    ("garbage, then music", "FD F4 7F F9 F5 00 90 3C 64", "90 3C 64"),
]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text)


def _messages(text: str) -> list[bytes]:
    return [_bytes(part) for part in text.split("|") if part.strip()]


@pytest.mark.parametrize(
    ("stream", "expected"), [row[1:] for row in STREAMS], ids=[row[0] for row in STREAMS]
)
def test_stream(stream: str, expected: str) -> None:
    assert Tokenizer().feed(_bytes(stream)) == _messages(expected)


@pytest.mark.parametrize(
    ("stream", "expected"), [row[1:] for row in STREAMS], ids=[row[0] for row in STREAMS]
)
def test_stream_byte_at_a_time(stream: str, expected: str) -> None:
    tokenizer = Tokenizer()
    received = [m for byte in _bytes(stream) for m in tokenizer.feed(bytes((byte,)))]
    assert received == _messages(expected)


def test_the_table_is_long_enough_to_be_called_one() -> None:
    assert len(STREAMS) >= 40
    assert len({stream for _, stream, _ in STREAMS}) == len(STREAMS)


@pytest.mark.parametrize("body", [MAX_SYSEX_BYTES - 2, MAX_SYSEX_BYTES - 1, MAX_SYSEX_BYTES + 9])
def test_exclusive_is_bounded(body: int) -> None:
    message = b"\xf0" + bytes(body) + b"\xf7"
    expected = [message] if len(message) <= MAX_SYSEX_BYTES else []
    assert Tokenizer().feed(message + b"\x90\x3c\x64") == [*expected, b"\x90\x3c\x64"]


# Streams in which status bytes are as frequent as data bytes, unlike uniformly random ones.
streams = st.lists(st.one_of(st.integers(0, 127), st.integers(128, 255))).map(bytes)


@given(stream=streams, cuts=st.lists(st.integers(1, 9), min_size=1))
def test_cuts_do_not_matter(stream: bytes, cuts: list[int]) -> None:
    tokenizer = Tokenizer()
    received: list[bytes] = []
    rest = stream
    while rest:
        for cut in cuts:
            received += tokenizer.feed(rest[:cut])
            rest = rest[cut:]
    assert received == Tokenizer().feed(stream)


@given(stream=streams)
def test_only_whole_messages_come_out(stream: bytes) -> None:
    for message in Tokenizer().feed(stream):
        if message[0] == 0xF0:
            assert message[-1] == 0xF7
            assert max(message[1:-1], default=0) < 0x80
        else:
            assert len(message) == 1 + KINDS[message[0]].data_bytes
            assert max(message[1:], default=0) < 0x80


@given(messages=st.lists(st.sampled_from(sorted(KINDS))), clocks=st.data())
def test_real_time_disturbs_nothing(messages: list[int], clocks: st.DataObject) -> None:
    whole = [bytes((status, *([5, 6][: KINDS[status].data_bytes]))) for status in messages]
    stream = b"".join(whole)
    for _ in range(3):
        at = clocks.draw(st.integers(0, len(stream)))
        stream = stream[:at] + b"\xf8" + stream[at:]
    received = Tokenizer().feed(stream)
    assert received.count(b"\xf8") == 3 + whole.count(b"\xf8")
    assert [m for m in received if m != b"\xf8"] == [m for m in whole if m != b"\xf8"]

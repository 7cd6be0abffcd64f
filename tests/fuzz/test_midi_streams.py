"""Whatever bytes a port sends, notes that follow are not lost."""

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.midi.tokenizer import MAX_SYSEX_BYTES, Tokenizer


@given(noise=st.binary(max_size=400))
def test_a_note_after_noise_is_heard(noise: bytes) -> None:
    tokenizer = Tokenizer()
    tokenizer.feed(noise)
    assert tokenizer.feed(b"\x90\x3c\x64") == [b"\x90\x3c\x64"]


@given(noise=st.binary(max_size=400))
def test_what_came_before_a_status_byte_does_not_matter(noise: bytes) -> None:
    stream = b"\xb0\x40\x7f\x40\x00\xf8\xf0\x01\xf7"
    fresh = Tokenizer()
    used = Tokenizer()
    used.feed(noise)
    assert used.feed(stream) == fresh.feed(stream)


def test_memory_is_bounded() -> None:
    tokenizer = Tokenizer()
    tokenizer.feed(b"\xf0" + bytes(4 * MAX_SYSEX_BYTES))
    held = sum(len(value) for value in vars(tokenizer).values() if isinstance(value, bytearray))
    assert held <= MAX_SYSEX_BYTES

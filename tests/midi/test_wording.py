"""Messages in words."""

import pytest

from gansynth_live.midi.wording import in_words, key_name


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ((0x90, 60, 100), "ch 1  note on  C4 100"),
        ((0x9F, 60, 0), "ch 16  note off  C4 0"),
        ((0x80, 61, 64), "ch 1  note off  C#4 64"),
        ((0xB0, 74, 12), "ch 1  control change  74 12"),
        ((0xC1, 5, 0), "ch 2  program change  5"),
        ((0xE0, 0, 0x40), "ch 1  pitch bend  +0"),
        ((0xE0, 0, 0), "ch 1  pitch bend  -8192"),
        ((0xF8, 0, 0), ""),
        ((-1, 0, 0), ""),
    ],
)
def test_a_message_is_a_line(message: tuple[int, int, int], words: str) -> None:
    assert in_words(*message) == words


def test_keys_have_their_usual_names() -> None:
    assert [key_name(key) for key in (0, 21, 69, 127)] == ["C-1", "A0", "A4", "G9"]

"""What an error says is one line, whatever the names in it are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import LONGEST, GansynthError, UsageError, printable


@given(name=st.text(alphabet=st.characters(codec=None)))
def test_one_line_whatever_is_named(name: str) -> None:
    assert str(UsageError(f"no instrument '{name}'")).isprintable()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Flügel 🎹", "Flügel 🎹"),
        ("a\nb\x1b[31m", "a\\nb\\x1b[31m"),
        ("\udce9", "\\udce9"),
        ("", ""),
    ],
)
def test_what_can_be_printed_stays(text: str, shown: str) -> None:
    assert printable(text) == str(GansynthError(text)) == shown


def test_of_a_long_line_both_ends_are_said() -> None:
    line = str(GansynthError(f"model.json: unknown field '{'x' * 5000}'; the file is damaged"))
    assert len(line) == LONGEST
    assert line.startswith("model.json: unknown field 'xxx")
    assert line.endswith("xxx'; the file is damaged")

"""Scala's keyboard maps: what they say, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import TuningError
from gansynth_live.tuning.keyboard import parse_map
from gansynth_live.tuning.lines import text_of, without_comments
from tests.tuning.scales import keyboard_map

WHITE = (0, None, 1, None, 2, 3, None, 4, None, 5, None, 6)


def test_a_pattern_is_repeated_and_each_time_a_formal_octave_higher() -> None:
    mapped = parse_map(keyboard_map(WHITE, octave=7))
    assert [mapped.degree_of(key) for key in (60, 61, 62, 71, 72, 59, 48)] == [
        *(0, None, 1, 6, 7, -1, -7)
    ]
    short = parse_map(keyboard_map((0, 2), octave=5))
    assert [short.degree_of(key) for key in range(57, 65)] == [-8, -5, -3, 0, 2, 5, 7, 10]


def test_keys_outside_the_range_are_silent() -> None:
    mapped = parse_map(keyboard_map(first=48, last=72))
    assert [mapped.degree_of(key) for key in (47, 48, 72, 73)] == [None, -12, 12, None]
    assert mapped.degree_at(47) == -13


def test_without_a_pattern_each_key_plays_the_next_degree() -> None:
    mapped = parse_map(keyboard_map(middle=62, octave=99))
    assert [mapped.degree_of(key) for key in (0, 62, 127)] == [-62, 0, 65]


def test_entries_at_the_end_may_be_missing() -> None:
    text = keyboard_map((0, 1)).replace("\n2\n", "\n4\n", 1)
    mapped = parse_map(text)
    assert [mapped.degree_of(key) for key in range(60, 65)] == [0, 1, None, None, 12]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no keyboard map: 0 of the 7 lines"),
        ("12\n0\n127\n60\n69\n440.0\n", "no keyboard map: 6 of the 7 lines"),
        (keyboard_map().replace("69", "128"), "line 6: the reference key '128' is no whole number"),
        (keyboard_map(hertz=0.0), "line 7: the reference frequency '0.0' is no number"),
        (keyboard_map().replace("440.0", "A4"), "line 7: the reference frequency 'A4'"),
        (keyboard_map((0, 1)) + "2\n", "line 11: a key more than there are: line 2 says 2"),
        (keyboard_map((0, 5000)), "line 10: the degree '5000'"),
        (keyboard_map((None, None)), "no key of the map plays anything"),
        ("2000\n0\n127\n60\n69\n440.0\n12\n", "line 1: the size '2000'"),
    ],
)
def test_what_is_no_map(text: str, message: str) -> None:
    with pytest.raises(TuningError) as caught:
        parse_map(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=300) | st.text("! 0123456789./-\nx", max_size=200).map(str.encode))
def test_any_file_is_a_map_or_none(content: bytes) -> None:
    text = text_of(content)
    try:
        mapped = parse_map(text)
    except TuningError:
        return
    assert parse_map(without_comments(text)) == mapped

"""Scala's scales: what they say, and what is no scale."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.errors import TuningError
from gansynth_live.tuning.lines import text_of, without_comments
from gansynth_live.tuning.scale import EQUAL, Scale, parse_scale
from tests.tuning.scales import BOHLEN_PIERCE, MEANTONE, equal

FIFTH = 1200.0 * log2(3 / 2)


def test_cents_and_ratios() -> None:
    scale = parse_scale(MEANTONE)
    assert scale.description == "1/4-comma meantone scale. Pietro Aaron's temperament (1523)"
    assert len(scale.cents) == 12
    assert scale.cents[0] == 76.049
    assert scale.cents[3] == pytest.approx(1200.0 * log2(5 / 4), abs=1e-9)
    assert scale.cents[-1] == 1200.0


def test_what_follows_a_pitch_is_a_remark() -> None:
    text = "\n 3 notes\n 3/2   the fifth!\n! in between\n-5.\tlower\n2 octave\n\n\n"
    scale = parse_scale(text)
    assert scale.description == ""
    assert list(scale.cents) == pytest.approx([FIFTH, -5.0, 1200.0], abs=1e-9)


@pytest.mark.parametrize(
    "content",
    [
        "Übung\r\n1\r\n2/1\r\n".encode("utf-8-sig"),
        "Übung\r1\r2/1\r".encode("latin-1"),
        "! Kommentar\nÜbung\n1\n2/1".encode(),
    ],
)
def test_files_of_all_ages_are_read(content: bytes) -> None:
    assert parse_scale(text_of(content)) == Scale("Übung", (1200.0,))


def test_a_scale_goes_on_in_both_directions() -> None:
    scale = parse_scale("two notes in a twelfth\n2\n700.0\n1900.0\n")
    assert [scale.cents_at(d) for d in range(-3, 4)] == [
        *(-3100.0, -1900.0, -1200.0),
        *(0.0, 700.0, 1900.0, 2600.0),
    ]
    assert [EQUAL.cents_at(degree) for degree in (-1, 0, 7, 12)] == [-100.0, 0.0, 700.0, 1200.0]
    assert parse_scale(BOHLEN_PIERCE).cents_at(26) == pytest.approx(2 * 1901.955)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no scale: a line that describes it"),
        ("only a name\n", "no scale: a line that describes it"),
        ("a\ntwelve\n2/1\n", "line 2: the number of notes 'twelve' is no whole number"),
        ("a\n0\n", "line 2: the number of notes '0' is no whole number from 1 to 1024"),
        ("a\n1025\n2/1\n", "line 2: the number of notes '1025'"),
        ("a\n3\n3/2\n2/1\n", "2 of 3 pitches are there"),
        ("a\n1\n3/2\n2/1\n", "line 4: a pitch more than there are: line 2 says 1"),
        ("!\na\n2\n\n2/1\n", "line 4: '' is no pitch; write a ratio such as 3/2"),
        ("a\n1\n3/0\n", "line 3: '3/0' is no pitch"),
        ("a\n1\n0\n", "line 3: '0' is no pitch"),
        ("a\n1\n-3/2\n", "line 3: '-3/2' is no pitch"),
        ("a\n1\n3/2/1\n", "line 3: '3/2/1' is no pitch"),
        ("a\n1\nnan.\n", "line 3: the pitch 'nan.' is no number"),
        ("a\n1\n1e3.\n", "line 3: the pitch '1e3.' is no number"),
        ("a\n1\n.\n", "line 3: the pitch '.' is no number"),
        ("a\n1\n999999.0\n", "line 3: the pitch '999999.0' is no number from -100000 to 100000"),
        ("a\n1\n" + 40 * "9" + "\n", "is no pitch"),
        ("a" * 70_000, "longer than 64 KiB"),
    ],
)
def test_what_is_no_scale(text: str, message: str) -> None:
    with pytest.raises(TuningError) as caught:
        parse_scale(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=40))
def test_cents_are_read_as_they_are_written(thousandths: list[int]) -> None:
    written = [f"{abs(each) // 1000}.{abs(each) % 1000:03}" for each in thousandths]
    signed = ["-" * (each < 0) + text for each, text in zip(thousandths, written, strict=True)]
    text = "\n".join(["a scale", str(len(signed)), *signed])
    assert parse_scale(text).cents == tuple(each / 1000 for each in thousandths)


@given(st.integers(1, 1024), st.floats(0.001, 5000.0))
def test_equal_steps_are_equal(steps: int, period: float) -> None:
    scale = parse_scale(equal(steps, period))
    for degree in (-3 * steps - 1, -1, 0, 1, steps, 5 * steps + steps // 2):
        assert scale.cents_at(degree) == pytest.approx(degree * period / steps, abs=1e-5)


@given(st.binary(max_size=300) | st.text("! 0123456789./-\nx", max_size=200).map(str.encode))
def test_any_file_is_a_scale_or_none(content: bytes) -> None:
    text = text_of(content)
    try:
        scale = parse_scale(text)
    except TuningError:
        return
    assert 1 <= len(scale.cents) <= 1024
    assert all(abs(each) <= 100_000.0 for each in scale.cents)
    assert parse_scale(without_comments(text)) == scale

"""Which controller was moved: hands, pads and 14-bit knobs as they send."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.parameters.moved import COLLECT_SECONDS, Moved, MovedControllers, is_learnable

Message = tuple[int, int, int]  # channel 1..16, controller, value


def heard(messages: Iterable[Message], spacing: float = 0.01) -> MovedControllers:
    """All of them, evenly, from second 100 on."""
    moved = MovedControllers()
    for number, (channel, cc, value) in enumerate(messages):
        moved.hear(100.0 + number * spacing, 0xB0 | (channel - 1), cc, value)
    return moved


def turned(channel: int, cc: int, first: int, last: int) -> list[Message]:
    return [(channel, cc, value) for value in range(first, last + 1)]


def test_a_knob_is_found_once_the_others_had_time() -> None:
    moved = heard(turned(3, 21, 40, 60))
    assert not moved.are_clear(100.0 + COLLECT_SECONDS / 2)
    assert moved.are_clear(100.0 + COLLECT_SECONDS)
    assert moved.candidates() == [Moved(3, 21, 20, fine=False)]


def test_of_a_pad_that_sends_several_the_farthest_comes_first() -> None:
    sent = [
        (1, cc, value) for step in range(20) for cc, value in ((20, step), (22, 3 * step), (23, 5))
    ]
    assert [(each.cc, each.travel) for each in heard(sent).candidates()] == [(22, 57), (20, 19)]


@pytest.mark.parametrize(
    "sent",
    [
        [(1, 21, 64), (1, 21, 66), (1, 21, 63)],  # it trembles
        [(1, 80, 127), (1, 80, 0)],  # a tap
        turned(1, 64, 0, 127),  # a pedal
        turned(1, 38, 0, 127),  # data entry
        [],
    ],
)
def test_what_is_no_move_is_none(sent: list[Message]) -> None:
    moved = heard(sent)
    assert moved.candidates() == []
    assert not moved.are_clear(1e9)


def test_a_button_is_found_when_it_is_pressed_twice() -> None:
    taps = [(1, 80, 127), (1, 80, 0), (1, 80, 127)]
    assert heard(taps, spacing=0.4).candidates() == [Moved(1, 80, 127, fine=False)]


def test_after_a_pause_what_came_before_does_not_count() -> None:
    moved = heard(turned(1, 21, 0, 127))
    moved.hear(200.0, 0xB0, 22, 1)
    assert moved.candidates() == []


def test_both_halves_of_a_14_bit_knob_are_one() -> None:
    sent = [
        (2, cc, value)
        for place in range(2000, 6000, 100)
        for cc, value in ((7, place >> 7), (39, place & 127))
    ]
    assert heard(sent, spacing=0.001).candidates() == [Moved(2, 7, 31, fine=True)]


def test_two_knobs_32_apart_that_are_turned_one_after_the_other_are_two() -> None:
    sent = [*turned(1, 20, 0, 40), *turned(1, 52, 0, 60)]
    assert [each.cc for each in heard(sent).candidates()] == [52, 20]


@given(
    st.lists(
        st.tuples(st.integers(0x80, 0xFF), st.integers(0, 127), st.integers(0, 127)), max_size=60
    )
)
def test_whatever_comes_only_what_may_be_learnt_is_found(
    messages: list[tuple[int, int, int]],
) -> None:
    moved = MovedControllers()
    for number, message in enumerate(messages):
        moved.hear(number * 0.01, *message)
    found = moved.candidates()
    assert all(is_learnable(each.cc) and 1 <= each.channel <= 16 for each in found)
    assert [each.travel for each in found] == sorted((each.travel for each in found), reverse=True)

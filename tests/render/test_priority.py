"""Which pitch comes first."""

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.render.priority import NEIGHBOURS, RECENT, Hands

LOW, HIGH = 24, 84
pitches = st.integers(LOW, HIGH)
strokes = st.lists(st.tuples(st.booleans(), st.integers(0, 127)), max_size=60)


def played(moves: list[tuple[bool, int]]) -> Hands:
    hands = Hands(LOW, HIGH)
    for down, key in moves:
        if down:
            hands.press(key)
        else:
            hands.release(key)
    return hands


@given(strokes, st.sets(pitches, max_size=5), st.sets(pitches, max_size=8))
def test_every_pitch_has_exactly_one_place(
    moves: list[tuple[bool, int]], pending: set[int], sounding: set[int]
) -> None:
    order = played(moves).urgency(pending, sounding)
    assert sorted(order) == list(range(LOW, HIGH + 1))


@given(strokes, st.sets(pitches, max_size=5), st.sets(pitches, max_size=8))
def test_pending_then_sounding_then_held_then_recent(
    moves: list[tuple[bool, int]], pending: set[int], sounding: set[int]
) -> None:
    hands = played(moves)
    order = hands.urgency(pending, sounding)

    def rank(pitch: int) -> int:
        return (pitch not in pending) + (pitch not in pending | sounding) * (
            1 + (not hands.is_held(pitch))
        )

    ranks = [rank(pitch) for pitch in order]
    assert ranks == sorted(ranks)


def test_recent_notes_come_newest_first_and_their_neighbours_follow() -> None:
    hands = played([(True, 50), (False, 50), (True, 70), (False, 70)])
    order = hands.urgency((), ())
    assert order[:2] == [70, 50]
    assert order[2:8] == [70 + interval for interval in NEIGHBOURS]


def test_the_rest_lies_around_the_last_note() -> None:
    order = played([(True, 30), (False, 30)]).urgency((), ())
    assert order[-1] == HIGH


def test_an_untouched_keyboard_begins_in_the_middle() -> None:
    assert Hands(LOW, HIGH).urgency((), ())[:3] == [60, 59, 61]


@given(st.lists(st.integers(0, 127), min_size=RECENT + 1))
def test_only_so_many_notes_are_recent(keys: list[int]) -> None:
    hands = played([(True, key) for key in keys] + [(False, key) for key in keys])
    last = list(dict.fromkeys(hands.pitch_of(key) for key in reversed(keys)))[:RECENT]
    assert hands.urgency((), ())[: len(last)] == last


@given(strokes)
def test_a_pitch_is_held_while_any_of_its_keys_is(moves: list[tuple[bool, int]]) -> None:
    hands = played(moves)
    down: set[int] = set()
    for pressed, key in moves:
        (down.add if pressed else down.discard)(key)
    held = {pitch for pitch in range(LOW, HIGH + 1) if hands.is_held(pitch)}
    assert held == {hands.pitch_of(key) for key in down}


def test_keys_beyond_the_model_belong_to_its_ends() -> None:
    hands = Hands(LOW, HIGH)
    assert [hands.pitch_of(key) for key in (0, 24, 60, 84, 127)] == [24, 24, 60, 84, 84]

"""Which pitch comes first."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.render.schedule.key_prediction import KeyPredictor

LOW, HIGH = 24, 84
PITCHES = HIGH - LOW + 1
EQUAL = [1.0] * PITCHES
pitches = st.integers(LOW, HIGH)
played_keys = st.lists(st.integers(0, 127), max_size=60)
ages = st.lists(st.floats(0.0, 1e5) | st.just(inf), min_size=PITCHES, max_size=PITCHES)


def played(*keys: int) -> KeyPredictor:
    predictor = KeyPredictor(LOW, HIGH)
    for key in keys:
        predictor.note_on(key)
    return predictor


@given(played_keys, st.lists(pitches, unique=True, max_size=5), ages)
def test_every_pitch_has_one_place_and_pending_ones_come_first(
    keys: list[int], pending: list[int], ages: list[float]
) -> None:
    order = played(*keys).by_urgency(pending, ages)
    assert sorted(order) == list(range(LOW, HIGH + 1))
    assert order[: len(pending)] == pending


@given(played_keys, st.sets(pitches))
def test_what_cannot_be_played_comes_before_what_can(keys: list[int], cold: set[int]) -> None:
    ages = [inf if pitch in cold else 1e5 for pitch in range(LOW, HIGH + 1)]
    assert set(played(*keys).by_urgency((), ages)[: len(cold)]) == cold


def test_the_last_note_is_the_likeliest_next_one() -> None:
    assert played(50, 70).by_urgency((), EQUAL)[0] == 70


def test_pitches_near_the_last_notes_come_first() -> None:
    order = played(60).by_urgency((), EQUAL)
    assert order.index(62) < order.index(72) < order.index(84)


def test_notes_of_the_scale_come_before_others_nearby() -> None:
    order = played(60, 62, 64, 65, 67, 69, 71, 67, 64, 60).by_urgency((), EQUAL)
    scale = [pitch for pitch in order[:9] if pitch % 12 in (0, 2, 4, 5, 7, 9, 11)]
    assert len(scale) == 9


def test_a_pitch_that_waited_long_overtakes_one_that_was_just_made() -> None:
    ages = [0.05] * PITCHES
    ages[66 - LOW] = 1.0
    assert played(60).by_urgency((), ages)[0] == 66


def test_an_untouched_keyboard_begins_in_the_middle() -> None:
    assert KeyPredictor(LOW, HIGH).by_urgency((), EQUAL)[:3] == [60, 59, 61]


def test_keys_beyond_the_model_belong_to_its_ends() -> None:
    assert played(127).by_urgency((), EQUAL)[0] == HIGH

"""Which scale a few notes tell of."""

from hypothesis import given
from hypothesis import strategies as st

from gansynth_live.render.schedule.scale import MAJOR, PITCH_CLASSES, ScaleDetector

EVERY = frozenset(range(PITCH_CLASSES))


def heard(pitches: list[int]) -> frozenset[int]:
    tonality = ScaleDetector()
    for pitch in pitches:
        tonality.note_on(pitch)
    return tonality.scale()


def test_without_notes_nothing_is_excluded() -> None:
    assert heard([]) == EVERY


@given(st.integers(0, 11), st.permutations(MAJOR), st.integers(0, 4))
def test_a_whole_scale_is_recognised_in_any_key_order_and_octave(
    key: int, steps: list[int], octave: int
) -> None:
    expected = {(key + step) % PITCH_CLASSES for step in MAJOR}
    assert heard([12 * octave + key + step for step in steps]) == expected


def test_one_triad_excludes_what_no_scale_has_with_it() -> None:
    assert heard([60, 64, 67]) == EVERY - {1, 3, 8}


def test_chromatic_music_has_no_scale() -> None:
    assert heard(list(range(48, 72))) == EVERY


def test_a_new_key_is_noticed_after_some_notes() -> None:
    c_major, e_major = [60, 62, 64, 65, 67, 69, 71], [64, 66, 68, 69, 71, 73, 75]
    assert heard(4 * c_major + 4 * e_major) == heard(e_major)
    assert heard(4 * c_major + [66]) == heard(c_major), "one other note is an ornament"


@given(st.lists(st.integers(0, 127), max_size=60))
def test_there_is_always_room_for_a_scale(pitches: list[int]) -> None:
    assert len(heard(pitches)) >= len(MAJOR)

"""What could not be made: when it is tried again, and what is told."""

import pytest

from gansynth_live.errors import ModelError
from gansynth_live.render.slots.failures import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_OWNERS,
    Failures,
    reason,
)
from gansynth_live.render.slots.render import OfKey, OfVoice


class Clock:
    now = 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def failures(clock: Clock) -> Failures:
    return Failures(clock)


KEY = OfKey("flute", 60)


def test_a_key_and_a_voice_of_one_number_are_two_owners(failures: Failures) -> None:
    failures.add(KEY, ValueError())
    assert failures.is_paused(KEY)
    assert not failures.is_paused(OfVoice("flute", 60))


def test_each_try_waits_twice_as_long_up_to_a_limit(failures: Failures, clock: Clock) -> None:
    pauses = []
    for _ in range(40):
        failures.add(KEY, ValueError())
        pauses.append(failures.seconds_to_next_try)
        clock.now += pauses[-1]
        assert not failures.is_paused(KEY)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_success_is_a_fresh_start(failures: Failures) -> None:
    for _ in range(3):
        failures.add(KEY, ValueError())
    failures.forget(KEY)
    assert failures.error_of(KEY) is None
    failures.add(KEY, ValueError())
    assert failures.seconds_to_next_try == FIRST_PAUSE


def test_owners_are_forgotten_when_there_are_too_many(failures: Failures) -> None:
    for serial in range(3 * MOST_OWNERS):
        failures.add(OfVoice("flute", serial), ValueError())
    assert len(failures) == MOST_OWNERS


def test_what_a_render_was_made_of_is_not_kept(failures: Failures) -> None:
    def render() -> None:
        try:
            [].pop()
        except IndexError as error:
            raise RuntimeError("it is empty") from error

    with pytest.raises(RuntimeError) as raised:
        render()
    failures.add(KEY, raised.value)
    kept = failures.error_of(KEY)
    assert kept is not None
    assert (kept.__traceback__, kept.__context__, kept.__cause__) == (None, None, None)


def test_a_cause_is_news_once_whatever_its_numbers(failures: Failures) -> None:
    assert failures.is_news(ModelError("NaN at pitch 60"))
    assert not failures.is_news(ModelError("NaN at pitch 61"))
    assert failures.is_news(ModelError("a tensor is missing"))
    assert failures.is_news(ValueError("NaN at pitch 60"))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ModelError("NaN at pitch 60"), "NaN at pitch 60"),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (MemoryError("first\nsecond"), "MemoryError: first"),
        (EOFError(), "EOFError"),
    ],
)
def test_a_reason_is_one_line(error: Exception, line: str) -> None:
    assert reason(error) == line
